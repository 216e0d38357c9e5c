import type { LimitSet } from '../../db/limit-set.ts';
import { type Bucket, resize } from './bucket.ts';
import { openPurse, type Purse, roll } from './purse.ts';
import { compileRules, type Rules } from './rules.ts';

/** Whose limits these are: of one key, or of a person and all their keys. */
export interface Holder {
  kind: 'key' | 'user';
  id: string;
}

/** What a holder has used, and may. */
export interface Meter {
  holder: Holder;
  rules: Rules;
  requests: Bucket | null;
  tokens: Bucket | null;
  /** Requests under way. */
  running: number;
  day: Purse;
  month: Purse;
}

interface MeterSeed {
  holder: Holder;
  limits: LimitSet;
  defaultRequestsPerMinute: number;
  at: number;
}

export function createMeter({ holder, limits, defaultRequestsPerMinute, at }: MeterSeed): Meter {
  const rules = compileRules(limits, defaultRequestsPerMinute);
  return {
    holder,
    rules,
    requests: resize(null, rules.requestsPerMinute, at),
    tokens: resize(null, rules.tokensPerMinute, at),
    running: 0,
    day: openPurse('day', at),
    month: openPurse('month', at),
  };
}

/** Limits that were changed hold from this moment on; what was used so far still counts. */
export function setLimits(meter: Meter, { limits, defaultRequestsPerMinute, at }: Omit<MeterSeed, 'holder'>): void {
  const before = meter.rules;
  meter.rules = compileRules(limits, defaultRequestsPerMinute);
  meter.requests = resize(meter.requests, meter.rules.requestsPerMinute, at);
  meter.tokens = resize(meter.tokens, meter.rules.tokensPerMinute, at);
  if (before.budgets.day !== meter.rules.budgets.day) meter.day.told = 0;
  if (before.budgets.month !== meter.rules.budgets.month) meter.month.told = 0;
}

export function rollPurses({ day, month }: Meter, at: number): void {
  roll(day, 'day', at);
  roll(month, 'month', at);
}
