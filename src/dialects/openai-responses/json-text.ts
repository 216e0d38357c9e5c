import { isJsonObject, tryParseJson } from '../../lib/json.ts';

const DEEPEST = 500;

/**
 * The value as JSON text, the same whatever the order of its fields; `undefined` where it is nested so deep that it
 * can be parsed but not written again.
 */
export function shallowJson(value: unknown): string | undefined {
  return isShallow(value) ? JSON.stringify(value, (_key, inner: unknown) => inOrder(inner)) : undefined;
}

/** Whether no value in it stands deeper than that many levels, which no honest JSON does. */
export function isShallow(value: unknown, levels = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  return Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

/**
 * The value of a text we wrote, which may have been in strange hands since; `undefined` where it is not as we write
 * it.
 */
export function parseShallow(text: string): unknown {
  const value = tryParseJson(text);
  return isShallow(value) ? value : undefined;
}

/** The arguments of a call as JSON text. OpenAI sends text; some servers like it send the object itself. */
export function argumentsText(wire: unknown): string {
  if (typeof wire === 'string') return wire;
  return typeof wire === 'object' && wire !== null && isShallow(wire) ? JSON.stringify(wire) : '';
}

function inOrder(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
