import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { camelKeys } from '../google-common/structure.ts';

const TYPES = ['', 'string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];
const COUNTS = ['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'];
const SCHEMA_LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];

/**
 * A Google `Schema` as JSON Schema, which is what every other vendor reads: types in lower case (they may be enum
 * numbers), `nullable` as a type, counts as numbers, properties in the order that `propertyOrdering` asks for.
 * https://ai.google.dev/api/caching#Schema
 */
export function parseSchema(schema: JsonObject): JsonObject {
  const wire = camelKeys(schema);
  if (!isJsonObject(wire)) return schema;
  const { nullable, propertyOrdering, example, ...parsed } = wire;

  const type = parseType(parsed.type);
  if (type === undefined) delete parsed.type;
  else parsed.type = type;
  // Google marks an enumeration by this format, which JSON Schema does not know.
  if (parsed.format === 'enum') delete parsed.format;
  if (example !== undefined && parsed.examples === undefined) parsed.examples = [example];
  for (const key of COUNTS) if (typeof parsed[key] === 'string') parsed[key] = Number(parsed[key]);
  for (const key of SCHEMA_LISTS) if (Array.isArray(parsed[key])) parsed[key] = parsed[key].map(parseInner);
  if (parsed.items !== undefined) parsed.items = parseInner(parsed.items);
  if (parsed.additionalProperties !== undefined) parsed.additionalProperties = parseInner(parsed.additionalProperties);
  if (isJsonObject(parsed.properties)) parsed.properties = parseProperties(parsed.properties, propertyOrdering);
  return nullable === true ? orNull(parsed) : parsed;
}

function parseInner(schema: unknown): unknown {
  return isJsonObject(schema) ? parseSchema(schema) : schema;
}

function parseType(type: unknown): unknown {
  if (Array.isArray(type)) return type.map(parseType).filter((name) => name !== undefined);
  if (typeof type === 'number') return TYPES[type] || undefined;
  if (typeof type !== 'string' || type === 'TYPE_UNSPECIFIED') return undefined;
  return type.toLowerCase();
}

function parseProperties(properties: JsonObject, ordering: unknown): JsonObject {
  const ordered = Array.isArray(ordering) ? ordering.filter((name) => typeof name === 'string') : [];
  const names = new Set([...ordered.filter((name) => Object.hasOwn(properties, name)), ...Object.keys(properties)]);
  return Object.fromEntries([...names].map((name) => [name, parseInner(properties[name])]));
}

function orNull(schema: JsonObject): JsonObject {
  if (Array.isArray(schema.anyOf) && schema.type === undefined) {
    return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  }
  if (typeof schema.type !== 'string') return schema;
  const nullable: JsonObject = { ...schema, type: [schema.type, 'null'] };
  if (Array.isArray(schema.enum)) nullable.enum = [...schema.enum, null];
  return nullable;
}
