import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { field, objects } from './fields.ts';

const NESTED = /^(text|reasoning)\.(.+)$/;
const TOOL_FIELD = /^tools\[(\d+)\](?:\.tools\[(\d+)\])?\.([^[]+)$/;

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
