import { isJsonObject, tryParseJson } from '../../lib/json.ts';
import { isShallow } from '../openai-common/json-text.ts';

/**
 * The value as JSON text, the same whatever the order of its fields; `undefined` where it is nested so deep that it
 * can be parsed but not written again.
 */
export function shallowJson(value: unknown): string | undefined {
  return isShallow(value) ? JSON.stringify(value, (_key, inner: unknown) => inOrder(inner)) : undefined;
}

/**
 * The value of a text we wrote, which may have been in strange hands since; `undefined` where it is not as we write
 * it.
 */
export function parseShallow(text: string): unknown {
  const value = tryParseJson(text);
  return isShallow(value) ? value : undefined;
}

function inOrder(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
