import { isJsonObject, type JsonObject } from '../lib/json.ts';

/**
 * Gathers the wire fields our vocabulary has no word for. A top-level field keeps its name and value, one inside an object
 * has its path for a name (`text.verbosity`), and one inside a list is kept under its path without the numbers
 * (`messages[].content[].caller`), with the places where it stood, so that two requests which differ in such a field are
 * never taken for the same.
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

/** The path of a field as a caller would write it: `messages[0].content`. */
export function joinPath(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}
