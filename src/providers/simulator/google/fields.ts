import type { JsonObject } from '../../../lib/json.ts';

/** A field in the camel case of Google's documentation or the snake case its servers take as well. */
export function fieldOf(object: JsonObject, name: string): unknown {
  return object[name] ?? object[snakeCase(name)];
}

/** The first field that Google would not know. */
export function findUnknownField(object: JsonObject, known: ReadonlySet<string>): string | undefined {
  return Object.keys(object).find((field) => !known.has(field) && !known.has(camelCase(field)));
}

export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
