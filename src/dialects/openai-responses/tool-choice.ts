import type { Tool, ToolChoice } from '../../chat/request.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { check, invalid } from '../openai-common/check.ts';
import { innerName, namespaceFields, wholeName } from './namespace.ts';
import { WireAllowedChoice, WireNamed } from './wire.ts';

/** `undefined` for a choice of a tool only the provider knows. */
export function parseToolChoice(choice: string | JsonObject): ToolChoice | undefined {
  const type = typeof choice === 'string' ? choice : choice.type;
  switch (type) {
    case 'auto':
    case 'none':
    case 'required':
      return { type };
    case 'function':
    case 'custom':
      // Clients that come from Chat Completions nest the name, as it is there.
      return { type: 'tool', name: nestedName(choice, type) ?? namedIn(choice) };
    case 'allowed_tools': {
      const { mode, tools } = check(WireAllowedChoice, choice, 'tool_choice');
      return {
        type: 'allowed',
        mode,
        names: tools.flatMap((tool) => (typeof tool.name === 'string' ? wholeName(tool.name, tool.namespace) : [])),
      };
    }
    default:
      if (typeof choice !== 'string' && typeof type === 'string') return undefined;
      throw invalid('tool_choice', 'must be `auto`, `none`, `required` or an object with a `type`');
  }
}

/** Whether `parseToolChoice` says all there is in the choice: a tool the provider runs has no name there. */
export function isWholeChoice(choice: unknown): boolean {
  if (!isJsonObject(choice)) return true;
  if (choice.type !== 'allowed_tools') return choice.type === 'function' || choice.type === 'custom';
  const tools = Array.isArray(choice.tools) ? choice.tools : [];
  return tools.every((tool) => isJsonObject(tool) && (tool.type === 'function' || tool.type === 'custom'));
}

/** The choice on the wire; `undefined` where it names no tool of the request. */
export function renderToolChoice(choice: ToolChoice, tools: readonly Tool[]): unknown {
  const reference = (name: string): JsonObject | undefined => {
    const tool = tools.find((candidate) => candidate.type !== 'other' && candidate.name === name);
    if (!tool) return undefined;
    const fields = namespaceFields(name, tools);
    return { type: tool.type, name: innerName(name, fields.namespace), ...fields };
  };
  switch (choice.type) {
    case 'auto':
    case 'none':
    case 'required':
      return choice.type;
    case 'tool':
      return reference(choice.name);
    case 'allowed': {
      const allowed = choice.names.flatMap((name) => reference(name) ?? []);
      return allowed.length > 0 ? { type: 'allowed_tools', mode: choice.mode, tools: allowed } : undefined;
    }
  }
}

function namedIn(choice: string | JsonObject): string {
  const { name, namespace } = check(WireNamed, choice, 'tool_choice');
  return wholeName(name, namespace);
}

function nestedName(choice: string | JsonObject, type: 'function' | 'custom'): string | undefined {
  const nested = typeof choice === 'string' ? undefined : choice[type];
  return isJsonObject(nested) && typeof nested.name === 'string' ? nested.name : undefined;
}
