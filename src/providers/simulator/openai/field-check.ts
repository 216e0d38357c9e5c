import type { JsonObject } from '../../../lib/json.ts';
import type { Reply } from '../call.ts';
import { numberOf } from '../read.ts';
import { invalidRequest } from './error.ts';

export type Range = [field: string, least: number, most: number];

export function unreadableBody(): Reply {
  return invalidRequest(
    'We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.',
    null,
  );
}

/** OpenAI refuses what it does not know. */
export function checkFields(body: JsonObject, fields: ReadonlySet<string>): Reply | null {
  const unknown = Object.keys(body).find((field) => !fields.has(field));
  return unknown === undefined
    ? null
    : invalidRequest(`Unknown parameter: '${unknown}'.`, unknown, 'unknown_parameter');
}

export function checkRanges(body: JsonObject, ranges: readonly Range[]): Reply | null {
  for (const [field, least, most] of ranges) {
    const value = numberOf(body[field]);
    if (value === null) continue;
    const kind = Number.isInteger(value) ? 'integer' : 'decimal';
    if (value < least) {
      const message = `Invalid '${field}': ${kind} below minimum value. Expected a value >= ${least}, but got ${value} instead.`;
      return invalidRequest(message, field, `${kind}_below_min_value`);
    }
    if (value > most) {
      const message = `Invalid '${field}': ${kind} above maximum value. Expected a value <= ${most}, but got ${value} instead.`;
      return invalidRequest(message, field, `${kind}_above_max_value`);
    }
  }
  return null;
}
