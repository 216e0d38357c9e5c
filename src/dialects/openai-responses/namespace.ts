import type { Tool } from '../../chat/request.ts';
import type { JsonObject } from '../../lib/json.ts';
import { text } from './fields.ts';

const BETWEEN = '__';

/** The whole name of a tool in a namespace, as dialects that have none of those know it: `github__open_issue`. */
export function wholeName(name: string, namespace: unknown): string {
  const space = text(namespace);
  return space ? `${space}${BETWEEN}${name}` : name;
}

/** The same for a call, where its namespace is one of the request's: OpenAI also makes some up. */
export function knownName(name: string, namespace: unknown, tools: readonly Tool[]): string {
  const whole = wholeName(name, namespace);
  return tools.some((tool) => tool.type !== 'other' && tool.name === whole) ? whole : name;
}

/** The name within its namespace. */
export function innerName(name: string, namespace: unknown): string {
  const prefix = wholeName('', namespace);
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** The fields of a call that say which of the `tools` it is of, where another vendor's model has only the whole name. */
export function namespaceFields(name: string, tools: readonly Tool[]): JsonObject {
  const tool = tools.find((candidate) => candidate.type !== 'other' && candidate.name === name);
  return tool && tool.type !== 'other' && tool.namespace ? { namespace: tool.namespace.name } : {};
}
