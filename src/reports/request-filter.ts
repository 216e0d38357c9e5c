import { z } from 'zod';
import type { RequestFilter } from '../db/queries/requests.ts';
import { GatewayError } from '../errors.ts';

const NANO = 1_000_000_000;
const MAX_TEXT = 200;

/** A time as people and programs write it: milliseconds since 1970, a UTC day, or an ISO time. */
const time = z
  .string()
  .transform((text) => (/^\d{10,15}$/.test(text) ? Number(text) : Date.parse(asUtc(text))))
  .refine((at) => Number.isFinite(at), 'is a UTC day such as 2026-11-01, an ISO time, or milliseconds since 1970');
const text = z.string().max(MAX_TEXT, `has at most ${MAX_TEXT} characters`);
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `is one of ${values.join(', ')}`);

/** A form's field for a time says no zone; it means UTC, as every time here. */
function asUtc(text: string): string {
  return /T\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text) ? `${text}Z` : text;
}

const query = z.object({
  since: time.optional(),
  until: time.optional(),
  key: text.optional(),
  user: text.optional(),
  model: text.optional(),
  provider: text.optional(),
  outcome: oneOf(['ok', 'error', 'aborted', 'refused', 'failed']).optional(),
  status: z.coerce.number('is a number').int('is a whole number').optional(),
  complexity: oneOf(['simple', 'moderate', 'complex', 'expert']).optional(),
  cache: oneOf(['hit', 'miss', 'bypass']).optional(),
  /** In US dollars. */
  minCost: z.coerce.number('is a number of US dollars').nonnegative('is not negative').optional(),
  unpriced: oneOf(['yes']).optional(),
  id: text.optional(),
});

/** The names of a filter's fields in a query string. */
export const FILTER_FIELDS = Object.keys(query.shape);

/** A filter from a query string; empty fields do not matter, as a form sends them. Throws `invalid_request`. */
export function parseRequestFilter(params: URLSearchParams): RequestFilter {
  const given = Object.fromEntries([...params].filter(([, value]) => value.trim() !== ''));
  const parsed = query.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const param = String(issue?.path[0] ?? '');
    throw new GatewayError('invalid_request', `\`${param}\` ${issue?.message ?? 'is not understood'}.`, { param });
  }
  const { key, user, minCost, unpriced, ...rest } = parsed.data;
  return {
    ...rest,
    keyIds: key === undefined ? undefined : [key],
    userId: user,
    minCostNanoUsd: minCost === undefined ? undefined : Math.round(minCost * NANO),
    isUnpriced: unpriced === 'yes' || undefined,
  };
}
