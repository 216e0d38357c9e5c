import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { tryWriteJson } from './arguments.ts';

/** Keywords the provider refuses in a schema it enforces. https://platform.claude.com/docs/en/build-with-claude/structured-outputs */
const REFUSED = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'maxItems',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
  'propertyNames',
  'patternProperties',
];
const FORMATS = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'];
const MAPS_OF_SCHEMAS = ['properties', '$defs', 'definitions'];
const LISTS_OF_SCHEMAS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const MAX_DEPTH = 100;

/** A schema for the provider to enforce. */
export interface StrictSchema {
  schema: JsonObject;
  /** True where an object is free to hold any fields, which an enforced schema cannot say: closing it would change it. */
  isLoose: boolean;
}

/**
 * A JSON Schema in the subset the provider can enforce: objects are closed, and constraints it refuses become part of the
 * description, where the model still reads them.
 */
export function strictSchema(schema: JsonObject): StrictSchema {
  const state = { isLoose: false };
  return { schema: adapt(schema, 0, state), isLoose: state.isLoose };
}

function adapt(schema: JsonObject, depth: number, state: { isLoose: boolean }): JsonObject {
  if (depth > MAX_DEPTH) {
    state.isLoose = true;
    return schema;
  }
  const adapted: [string, unknown][] = [];
  const told: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$schema' || key === 'additionalProperties') continue;
    if (isRefused(key, value)) told.push(`${key}: ${tryWriteJson(value) ?? 'unknown'}`);
    // The provider knows no `oneOf`; the nearest it knows lets the same values through.
    else adapted.push([key === 'oneOf' ? 'anyOf' : key, adaptKeyword(key, value, depth, state)]);
  }
  const result: JsonObject = Object.fromEntries(adapted);
  if (told.length > 0) {
    const description = typeof schema.description === 'string' ? `${schema.description}\n\n` : '';
    result.description = `${description}{${told.join(', ')}}`;
  }
  if (!isObjectSchema(schema)) return result;
  if (isFreeMap(schema)) state.isLoose = true;
  return { ...result, additionalProperties: false };
}

function adaptKeyword(key: string, value: unknown, depth: number, state: { isLoose: boolean }): unknown {
  const inner = (child: unknown) => (isJsonObject(child) ? adapt(child, depth + 1, state) : child);
  if (key === 'items') return inner(value);
  if (LISTS_OF_SCHEMAS.includes(key) && Array.isArray(value)) return value.map(inner);
  if (!MAPS_OF_SCHEMAS.includes(key) || !isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, inner(child)]));
}

function isRefused(key: string, value: unknown): boolean {
  if (key === 'minItems') return value !== 0 && value !== 1;
  if (key === 'format') return typeof value !== 'string' || !FORMATS.includes(value);
  return REFUSED.includes(key);
}

function isObjectSchema({ type, properties }: JsonObject): boolean {
  return type === 'object' || isJsonObject(properties) || (Array.isArray(type) && type.includes('object'));
}

function isFreeMap({
  properties,
  additionalProperties,
  patternProperties,
  $ref,
  anyOf,
  allOf,
  oneOf,
}: JsonObject): boolean {
  if (additionalProperties === false) return false;
  if (additionalProperties !== undefined || patternProperties !== undefined) return true;
  const hasFields = isJsonObject(properties) && Object.keys(properties).length > 0;
  return !hasFields && $ref === undefined && anyOf === undefined && allOf === undefined && oneOf === undefined;
}
