import { isJsonObject, type JsonObject } from '../../lib/json.ts';

// Replies are read by hand: a frame comes for every word or two, and schemas this lax take ten times as long. A field
// that is missing, null or of another type is absent, and a list skips the items it cannot use.

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Tokens and positions are whole, and none is larger than can be counted exactly. */
export function count(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? Math.round(value) : undefined;
}

export function field(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}

export function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
