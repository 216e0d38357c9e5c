import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';

/**
 * Names of an object's own fields in camelCase. Google reads `inline_data` as well as `inlineData`, but only in its own
 * structures: the inside of a schema, of `args` and of `response` is the user's and is never renamed.
 */
export function camelKeys(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const renamed: JsonObject = {};
  for (const [key, field] of Object.entries(value)) {
    const name = key.replace(/(?!^)_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
    if (name === key || !(name in value)) Object.defineProperty(renamed, name, { ...WRITABLE, value: field });
  }
  return renamed;
}

// A plain assignment to a field called `__proto__` would change the object instead of keeping the field.
const WRITABLE = { writable: true, enumerable: true, configurable: true };

/** An object of Google's own, by either spelling of its fields; those that are not named here are kept. */
export const structure = <T extends z.ZodRawShape>(shape: T) =>
  z.preprocess(camelKeys, z.looseObject(shape, 'must be an object'));

/** Google takes a single object where a list is meant. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (isJsonObject(value) ? [value] : value), z.array(item, 'must be a list'));
