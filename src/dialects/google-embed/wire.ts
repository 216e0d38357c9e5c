import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';

export const DIALECT = 'google-embed';

/** Names of an object's own fields in camelCase: Google reads `output_dimensionality` as well. */
export function camelKeys(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const renamed: JsonObject = {};
  for (const [key, field] of Object.entries(value)) {
    const name = key.replace(/(?!^)_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
    // A plain assignment to a field called `__proto__` would change the object instead of keeping the field.
    if (name === key || !(name in value)) Object.defineProperty(renamed, name, { ...WRITABLE, value: field });
  }
  return renamed;
}

const WRITABLE = { writable: true, enumerable: true, configurable: true };

const structure = <T extends z.ZodRawShape>(shape: T) =>
  z.preprocess(camelKeys, z.looseObject(shape, 'must be an object'));

/** Google takes a single object where a list is meant. */
const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (isJsonObject(value) ? [value] : value), z.array(item, 'must be a list'));

/** Proto JSON takes text for every number. */
const wholeNumber = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
  z.int('must be a whole number'),
);

const wirePart = structure({ text: z.string('must be a string').nullish() });

export const wireEmbedRequest = structure({
  content: structure({ parts: listOf(wirePart) }),
  outputDimensionality: wholeNumber.nullish(),
  /** Where the options stand in newer requests. */
  embedContentConfig: structure({ outputDimensionality: wholeNumber.nullish() }).nullish(),
});

export const wireBatchRequest = structure({ requests: listOf(wireEmbedRequest) });

export type WireEmbedRequest = z.infer<typeof wireEmbedRequest>;
