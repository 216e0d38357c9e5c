import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { field, objects } from './fields.ts';

const INDEX = /\[\d+\]/g;
const NESTED = /^(text|reasoning)\.(.+)$/;
const TOOL_FIELD = /^tools\[(\d+)\](?:\.tools\[(\d+)\])?\.([^[]+)$/;

/**
 * Gathers the wire fields our vocabulary has no word for. A top-level field keeps its name, one inside `text` or
 * `reasoning` has its path for a name. A field inside a list is kept under its path without the numbers
 * (`tools[].defer_loading`), with the places where it stood, so that two requests which differ in such a field are
 * never taken for the same.
 */
export function createExtras() {
  const fields = new Map<string, unknown>();

  function keep(path: string, value: unknown): void {
    if (value === null || value === undefined) return;
    const name = path.replace(INDEX, '[]');
    if (name === path) {
      fields.set(name, value);
      return;
    }
    const places = fields.get(name);
    if (Array.isArray(places)) places.push({ at: path, value });
    else fields.set(name, [{ at: path, value }]);
  }

  function keepRest(path: string, wire: JsonObject, known: readonly string[]): void {
    for (const [key, value] of Object.entries(wire)) if (!known.includes(key)) keep(`${path}.${key}`, value);
  }

  return { keep, keepRest, toObject: (): JsonObject => Object.fromEntries(fields) };
}
export type Extras = ReturnType<typeof createExtras>;

/** Puts the extras of a request of this dialect back where they stood in `body`; those of content parts stay away. */
export function restoreExtras(body: JsonObject, extras: JsonObject): void {
  for (const [name, value] of Object.entries(extras)) {
    const [, outer, inner] = NESTED.exec(name) ?? [];
    if (name.startsWith('tools[].')) restoreToolFields(body.tools, value);
    else if (outer !== undefined && inner !== undefined) body[outer] = { ...objectOf(body[outer]), [inner]: value };
    else if (!name.includes('[]') && name !== '__proto__') body[name] = value;
  }
}

function restoreToolFields(tools: unknown, places: unknown): void {
  if (!Array.isArray(tools) || !Array.isArray(places)) return;
  for (const place of places) {
    if (!isJsonObject(place) || typeof place.at !== 'string') continue;
    const [, index, inner, key] = TOOL_FIELD.exec(place.at) ?? [];
    const outer: unknown = tools[Number(index)];
    const tool = inner === undefined ? outer : objects(field(outer, 'tools'))[Number(inner)];
    if (isJsonObject(tool) && key !== undefined) tool[key] = place.value;
  }
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
