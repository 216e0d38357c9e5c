import { isJsonObject, type JsonObject } from '../../../lib/json.ts';
import { numberOf, objectOf, objectsOf, textOf, textsOf } from '../read.ts';

const MAX_DEPTH = 12;
/** A recursive schema is followed this far by choice; below, only what is required is filled in. */
const GENEROUS_DEPTH = 4;
const MAX_ITEMS = 20;
/** A few lines of schema can describe more values than there is memory. */
const MAX_VALUES = 5000;
/** Google's clients may send types as the numbers of its enumeration. */
const NUMBERED_TYPES = ['', 'string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

const FORMATS = new Map([
  ['date', '2026-01-15'],
  ['time', '09:30:00Z'],
  ['date-time', '2026-01-15T09:30:00Z'],
  ['duration', 'PT1H'],
  ['email', 'someone@example.com'],
  ['uri', 'https://example.com/'],
  ['uuid', '6f1c2a34-58d7-4b1e-9c55-0a7d3e2b8f10'],
  ['hostname', 'example.com'],
  ['ipv4', '192.0.2.1'],
  ['ipv6', '2001:db8::1'],
]);

/** Values that instances are made of, taken from what the user wrote, so that "2 and 3" gives `{ a: 2, b: 3 }`. */
export interface Hints {
  text: string;
  numbers: number[];
  words: string[];
}

/** Finds the numbers, the quoted phrases and the names in a text. */
export function findHints(text: string): Hints {
  const quoted = [...text.matchAll(/"([^"\n]{1,80})"|“([^”\n]{1,80})”/g)].map((match) => match[1] ?? match[2] ?? '');
  const names = [...text.matchAll(/(?<=[\p{L}\d,] )\p{Lu}[\p{L}\d'-]+(?: \p{Lu}[\p{L}\d'-]+)*/gu)].map(
    ([name]) => name,
  );
  return {
    text,
    numbers: [...text.matchAll(/(?<![\w.])-?\d{1,15}(?:\.\d{1,10})?(?!\w)/g)].map(Number),
    words: quoted.length > 0 ? quoted : names,
  };
}

/**
 * An instance of a JSON Schema, or of Google's dialect of it; the same for the same schema and hints. Hints are used up as
 * they are placed, so that one object for two calls gets different values.
 */
export function instanceOf(schema: JsonObject, hints: Hints): unknown {
  return fill({ root: schema, hints, name: '', count: { values: 0 } }, schema, 0);
}

interface Filling {
  root: JsonObject;
  hints: Hints;
  /** The property being filled. */
  name: string;
  /** Shared by the whole instance. */
  count: { values: number };
}

function fill(filling: Filling, given: JsonObject, depth: number): unknown {
  const schema = resolve(filling.root, given);
  if (depth > MAX_DEPTH || ++filling.count.values > MAX_VALUES) return null;
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return chooseOf(schema.enum, filling.hints.text);
  const alternatives = objectsOf(schema.anyOf ?? schema.any_of ?? schema.oneOf);
  const alternative = alternatives.find((one) => typeOf(resolve(filling.root, one)) !== 'null') ?? alternatives[0];
  if (alternative) return fill(filling, { ...alternative, description: schema.description }, depth + 1);
  if (Array.isArray(schema.allOf)) return fill(filling, mergeAll(filling.root, schema), depth + 1);
  if (schema.default !== undefined && schema.default !== null) return schema.default;

  switch (typeOf(schema)) {
    case 'object':
      return fillObject(filling, schema, depth);
    case 'array':
      return fillArray(filling, schema, depth);
    case 'integer':
    case 'number':
      return fillNumber(filling, schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return fillString(filling, schema);
  }
}

function fillObject(filling: Filling, schema: JsonObject, depth: number): JsonObject {
  const properties = objectOf(schema.properties);
  const required = new Set(textsOf(schema.required));
  const wantsAll = required.size === 0 && depth < GENEROUS_DEPTH;
  const instance: JsonObject = {};
  for (const [name, property] of Object.entries(properties)) {
    if (!required.has(name) && !wantsAll) continue;
    // Defined, not assigned: a property may be called `__proto__`.
    const value = fill({ ...filling, name }, objectOf(property), depth + 1);
    Object.defineProperty(instance, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return instance;
}

function fillArray(filling: Filling, schema: JsonObject, depth: number): unknown[] {
  const tuple = objectsOf(schema.prefixItems);
  if (tuple.length > 0) return tuple.map((item) => fill(filling, item, depth + 1));
  const least = numberOf(schema.minItems) ?? Number(textOf(schema.minItems) || (depth < GENEROUS_DEPTH ? 1 : 0));
  const count = Math.min(Math.max(0, Math.floor(least) || 0), MAX_ITEMS);
  return Array.from({ length: count }, () => fill(filling, objectOf(schema.items), depth + 1));
}

function fillNumber({ hints }: Filling, schema: JsonObject): number {
  const isWhole = typeOf(schema) === 'integer';
  const step = numberOf(schema.multipleOf) ?? (isWhole ? 1 : 0);
  const above = numberOf(schema.exclusiveMinimum);
  const below = numberOf(schema.exclusiveMaximum);
  const least = numberOf(schema.minimum) ?? (above === null ? Number.NEGATIVE_INFINITY : above + (step || 0.5));
  const most = numberOf(schema.maximum) ?? (below === null ? Number.POSITIVE_INFINITY : below - (step || 0.5));
  const fits = (value: number) => value >= least && value <= most && (step === 0 || value % step === 0);

  const hinted = hints.numbers.findIndex(fits);
  if (hinted !== -1) return hints.numbers.splice(hinted, 1)[0] ?? least;
  const wanted = Math.min(Math.max(step || 1, least), most);
  const rounded = step > 0 ? Math.ceil(wanted / step) * step : wanted;
  return fits(rounded) ? rounded : wanted;
}

function fillString({ hints, name }: Filling, schema: JsonObject): string {
  const formatted = FORMATS.get(textOf(schema.format));
  if (formatted) return formatted;
  const text = hints.words.shift() ?? (name ? `example ${name.replaceAll(/[_-]/g, ' ')}` : 'example');
  const least = Math.min(numberOf(schema.minLength) ?? 0, 10_000);
  return text.padEnd(least, '.').slice(0, numberOf(schema.maxLength) ?? undefined);
}

/** Follows `#/$defs/…`; a reference that leads nowhere or in a circle is an empty schema, which anything satisfies. */
function resolve(root: JsonObject, schema: JsonObject): JsonObject {
  let current = schema;
  for (let hops = 0; hops < MAX_DEPTH && typeof current.$ref === 'string'; hops++) {
    const steps = current.$ref.replace(/^#\/?/, '').split('/').filter(Boolean);
    let target: unknown = root;
    for (const step of steps) target = objectOf(target)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
    current = objectOf(target);
  }
  return current;
}

function mergeAll(root: JsonObject, { allOf, ...schema }: JsonObject): JsonObject {
  const parts = [schema, ...objectsOf(allOf).map((part) => resolve(root, part))];
  return Object.assign({}, ...parts, {
    properties: Object.assign({}, ...parts.map(({ properties }) => objectOf(properties))),
    required: parts.flatMap(({ required }) => textsOf(required)),
  });
}

function typeOf(schema: JsonObject): string {
  const { type } = schema;
  if (typeof type === 'number') return NUMBERED_TYPES[type] ?? '';
  const names = textsOf(type).map((name) => name.toLowerCase());
  const name = names.find((one) => one !== 'null') ?? names[0];
  if (name) return name;
  if (isJsonObject(schema.properties)) return 'object';
  return schema.items === undefined && schema.prefixItems === undefined ? 'string' : 'array';
}

function chooseOf(values: unknown[], text: string): unknown {
  const lower = text.toLowerCase();
  return (
    values.find((value) => typeof value === 'string' && value !== '' && lower.includes(value.toLowerCase())) ??
    values[0]
  );
}
