import type { z } from 'zod';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';

/** The value as the schema reads it. Throws `invalid_request` that names the field, below `path`, in the caller's spelling. */
export function readField<T>(schema: z.ZodType<T>, value: unknown, path: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = (issue?.path ?? []).reduce<string>(joinPath, path);
  const problem = (issue?.message ?? 'it has an unexpected shape').replace(/^Invalid input: /, '');
  throw invalidField(field, problem);
}

/** The error for one field; an empty `field` means the whole body. */
export function invalidField(field: string, problem: string): GatewayError {
  if (field === '') return new GatewayError('invalid_request', `The request body is not valid: ${problem}.`);
  const sentence = problem.endsWith('received undefined')
    ? `The field \`${field}\` is required.`
    : `The field \`${field}\` is not valid: ${problem}.`;
  return new GatewayError('invalid_request', sentence, { param: field });
}

function joinPath(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}

/**
 * Gathers the wire fields our vocabulary has no word for. A top-level field keeps its name and value; a field inside a list
 * is kept under its path without the numbers (`messages[].content[].caller`), with the places where it stood, so that two
 * requests which differ in such a field are never taken for the same.
 */
export function createExtras() {
  const fields = new Map<string, unknown>();

  function keep(path: string, value: unknown): void {
    if (value === null || value === undefined) return;
    const name = path.replace(/\[\d+\]/g, '[]');
    if (name === path) {
      fields.set(name, value);
      return;
    }
    const places = fields.get(name);
    if (Array.isArray(places)) places.push({ at: path, value });
    else fields.set(name, [{ at: path, value }]);
  }

  function keepRest(path: string, value: unknown, known: readonly string[]): void {
    if (!isJsonObject(value)) return;
    for (const [key, field] of Object.entries(value)) if (!known.includes(key)) keep(joinPath(path, key), field);
  }

  return { keep, keepRest, toObject: (): JsonObject => Object.fromEntries(fields) };
}
export type Extras = ReturnType<typeof createExtras>;
