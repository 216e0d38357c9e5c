import { isJsonObject, type JsonObject } from '../../lib/json.ts';

/** https://platform.openai.com/docs/guides/structured-outputs#supported-schemas */
const KEYWORDS = new Set([
  '$schema',
  '$defs',
  '$ref',
  'definitions',
  'title',
  'description',
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'anyOf',
  'pattern',
  'format',
  'multipleOf',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minItems',
  'maxItems',
]);
const FORMATS = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid']);
const DEEPEST = 10;

/**
 * Whether OpenAI takes the schema as strict: every object lists all its fields as required and allows no others, and no
 * keyword is beyond its subset. One it would refuse can still be sent without the promise.
 */
export function isStrictSchema(schema: JsonObject): boolean {
  return schema.type === 'object' && isStrict(schema, DEEPEST);
}

function isStrict(schema: unknown, levels: number): boolean {
  if (!isJsonObject(schema) || levels < 0) return false;
  if (!Object.keys(schema).every((keyword) => KEYWORDS.has(keyword))) return false;
  if (typeof schema.format === 'string' && !FORMATS.has(schema.format)) return false;
  if (!isTyped(schema) || !isClosed(schema)) return false;
  return (
    all(schema.properties, levels - 1) &&
    all(schema.$defs, levels - 1) &&
    all(schema.definitions, levels - 1) &&
    (schema.items === undefined || isStrict(schema.items, levels - 1)) &&
    (schema.anyOf === undefined ||
      (Array.isArray(schema.anyOf) && schema.anyOf.every((one) => isStrict(one, levels - 1))))
  );
}

function isTyped({ type, anyOf, $ref: reference, enum: values, const: value }: JsonObject): boolean {
  if (reference !== undefined) return typeof reference === 'string' && reference.startsWith('#');
  return type !== undefined || anyOf !== undefined || values !== undefined || value !== undefined;
}

function isClosed({ type, properties, required, additionalProperties }: JsonObject): boolean {
  const isObject = type === 'object' || properties !== undefined || (Array.isArray(type) && type.includes('object'));
  if (!isObject) return true;
  const names = isJsonObject(properties) ? Object.keys(properties) : [];
  return additionalProperties === false && names.every((name) => Array.isArray(required) && required.includes(name));
}

function all(schemas: unknown, levels: number): boolean {
  if (schemas === undefined) return true;
  return isJsonObject(schemas) && Object.values(schemas).every((one) => isStrict(one, levels));
}
