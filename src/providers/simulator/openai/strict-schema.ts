import { isJsonObject, type JsonObject } from '../../../lib/json.ts';
import type { Reply } from '../call.ts';
import { objectOf, objectsOf, textsOf } from '../read.ts';
import { invalidRequest } from './error.ts';

const MAX_DEPTH = 32;

/**
 * What OpenAI would refuse in a schema for strict mode: every object must be closed and must require all it names.
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function checkStrictSchema(subject: string, schema: JsonObject, param: string): Reply | null {
  const problem = findProblem(schema, []);
  if (!problem) return null;
  const code = param.endsWith('parameters') ? 'invalid_function_parameters' : null;
  return invalidRequest(`Invalid schema for ${subject}: ${problem}`, param, code);
}

function findProblem(schema: JsonObject, context: string[]): string | undefined {
  if (context.length > MAX_DEPTH) return undefined;
  const place = `In context=(${context.map((step) => `'${step}'`).join(', ')})`;
  const properties = Object.entries(objectOf(schema.properties));
  if (schema.type === 'object' || properties.length > 0) {
    if (schema.additionalProperties !== false) {
      return `${place}, 'additionalProperties' is required to be supplied and to be false.`;
    }
    const required = new Set(textsOf(schema.required));
    const missing = properties.find(([name]) => !required.has(name));
    if (missing) {
      return `${place}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing[0]}'.`;
    }
  }
  const parts: [string[], unknown][] = [
    ...properties.map(([name, part]): [string[], unknown] => [['properties', name], part]),
    [['items'], schema.items],
    ...objectsOf(schema.anyOf).map((part, index): [string[], unknown] => [['anyOf', `${index}`], part]),
  ];
  for (const [steps, part] of parts) {
    const problem = isJsonObject(part) ? findProblem(part, [...context, ...steps]) : undefined;
    if (problem) return problem;
  }
  return undefined;
}
