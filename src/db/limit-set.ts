import { z } from 'zod';

const MAX_COUNT = 1_000_000_000;
/** Nine million dollars; past it a sum of nano-dollars is not exact any more. */
const MAX_NANO_USD = Number.MAX_SAFE_INTEGER;

const count = (what: string) =>
  z
    .int(`A limit is a whole number of ${what}.`)
    .min(0, 'A limit is at least 0, which means none.')
    .max(MAX_COUNT, `A limit is at most ${MAX_COUNT}.`);

const money = z
  .int('An amount is a whole number of nano-dollars: 1000000000 is one dollar.')
  .min(0, 'An amount is at least 0, which means that nothing may be spent.')
  .max(MAX_NANO_USD, `An amount is at most ${MAX_NANO_USD}.`);

const STRATEGIES = ['cost', 'quality', 'speed', 'balanced'] as const;

/**
 * What a key, or all keys of a person together, may use. A field left out is no limit, except where it says otherwise. An
 * unknown field is refused: a limit with a typing mistake would be none.
 */
export const limitSet = z.strictObject({
  /** Left out: the gateway's default for keys, no limit for people. 0 = no limit. */
  requestsPerMinute: count('requests').optional(),
  /** Prompt and reply together, those of answers from the cache left out. 0 = no limit. */
  tokensPerMinute: count('tokens').optional(),
  /** 0 = no limit. */
  concurrentRequests: count('requests').optional(),
  /** For each UTC day. 0 = nothing may be spent. */
  dailyBudgetNanoUsd: money.optional(),
  /** For each UTC month. 0 = nothing may be spent. */
  monthlyBudgetNanoUsd: money.optional(),
  /** What a spent budget does: refuse (`hard`, where nothing is said), or only raise events (`warn`). */
  budgetMode: z.enum(['hard', 'warn'], 'A budget is hard or warn.').optional(),
  /** Exact names: a model's id, one of its aliases, or either with its provider in front (`openai/gpt-6-luna`). */
  allowedModels: z
    .array(z.string().trim().min(1, 'A model has a name.').max(200, 'A model name has at most 200 characters.'))
    .min(1, 'A list of allowed models names at least one; leave it out to allow all.')
    .max(1000, 'At most 1000 models can be listed.')
    .optional(),
  /** How `auto` may choose. */
  allowedStrategies: z
    .array(z.enum(STRATEGIES, `A strategy is one of ${STRATEGIES.join(', ')}.`))
    .min(1, 'A list of allowed strategies names at least one; leave it out to allow all.')
    .optional(),
  /** What one request may be expected to cost. 0 = only what is free. */
  maxRequestNanoUsd: money.optional(),
  /** Left out: a hard budget and a maximum for one request refuse models without a price, because nothing can be held against them. */
  allowsUnpriced: z.boolean('Whether unpriced models are allowed is true or false.').optional(),
});

export type LimitSet = z.output<typeof limitSet>;

/** `limits` after a change: a value replaces, null takes the limit away, what is left out stays. Not checked yet. */
export function changeLimits(limits: LimitSet, change: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = Object.entries({ ...limits, ...change });
  return Object.fromEntries(fields.filter(([, value]) => value !== null && value !== undefined));
}
