import type { Expectation } from '../../chat/expectation.ts';
import type { GatewayError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { put, refill, take, waitFor } from './bucket.ts';
import { budgetEvents, type LimitEvent } from './budget-events.ts';
import type { Forecast } from './forecast.ts';
import { type Meter, rollPurses } from './meter.ts';
import { heldOf, type Money, type PeriodName, type Purse, spentOf } from './purse.ts';
import { overBudget, tooDear, tooManyTokens, unpriced } from './refusals.ts';

/** What a request came to, once it is over. */
export interface Settled {
  /** Null = unpriced. */
  costNanoUsd: number | null;
  /** Prompt and reply; none for an answer from the cache. */
  tokens: number;
  isSimulated: boolean;
  /** `provider/model`; null where nobody answered. */
  model: string | null;
  isWhole: boolean;
}

/** What a request to one candidate would take. */
export interface Ask extends Expectation {
  isSimulated: boolean;
}

/** A request under way, and what it holds of its limits. Each function here is one synchronous step: nobody comes between. */
export interface Visit {
  keyName: string;
  /** The key's, and its owner's where it has one. */
  meters: readonly Meter[];
  enteredAt: number;
  hold: Hold | null;
  isOver: boolean;
  /** What all visits share. */
  house: House;
}

export interface House {
  forecast: Forecast;
  now: Clock;
  onEvent: (event: LimitEvent) => void;
}

interface Hold {
  ask: Ask;
  bound: number;
  /** The periods it was held in. */
  dayStart: number;
  monthStart: number;
}

/**
 * Holds what the next candidate is expected to take, in place of what was held for the one before. Says why it cannot; then
 * nothing is held any more.
 */
export function reserve(visit: Visit, ask: Ask): GatewayError | null {
  if (visit.isOver) return null;
  const { meters, house } = visit;
  giveBack(visit);
  const refusal = refuse(visit, ask);
  if (refusal) return refusal;
  const cost = ask.costNanoUsd ?? 0;
  const bound = house.forecast.bound(ask.model, cost, ask.mostNanoUsd ?? cost);
  for (const { tokens, day, month } of meters) {
    if (tokens) take(tokens, Math.min(ask.tokens, tokens.size));
    moneyOf(day, ask.isSimulated).held += bound;
    moneyOf(month, ask.isSimulated).held += bound;
  }
  const [first] = meters;
  visit.hold = { ask, bound, dayStart: first?.day.start ?? 0, monthStart: first?.month.start ?? 0 };
  return null;
}

/** What `reserve` would say, without holding anything. */
export function refuse(visit: Visit, ask: Ask): GatewayError | null {
  const at = visit.house.now();
  for (const meter of visit.meters) {
    const refusal = refuseBy(meter, ask, { visit, at });
    if (refusal) return refusal;
  }
  return null;
}

/**
 * Ends the request: gives back what it held and books what it came to; null = nothing. Only the first call counts, so that a
 * place is given up exactly once.
 */
export function leave(visit: Visit, settled: Settled | null): void {
  if (visit.isOver) return;
  const expected = visit.hold?.ask;
  giveBack(visit);
  visit.isOver = true;
  for (const meter of visit.meters) {
    meter.running--;
    if (settled) book(meter, { visit, settled, expected });
  }
  if (settled?.isWhole && expected?.model === settled.model) learn(visit.house.forecast, expected, settled.costNanoUsd);
}

function refuseBy(meter: Meter, ask: Ask, { visit, at }: { visit: Visit; at: number }): GatewayError | null {
  const { allowance, isHard, tokensPerMinute } = meter.rules;
  const who = { holder: meter.holder, keyName: visit.keyName };
  if (ask.costNanoUsd === null && !allowance.takesUnpriced) return unpriced(who, ask.model);
  const expected = ask.costNanoUsd ?? 0;
  const most = allowance.maxCostNanoUsd;
  if (most !== null && expected > most) return tooDear(who, most, expected);
  if (meter.tokens) {
    refill(meter.tokens, at);
    const waitMs = waitFor(meter.tokens, ask.tokens);
    if (waitMs > 0) return tooManyTokens(who, tokensPerMinute, waitMs);
  }
  rollPurses(meter, at);
  // What costs nothing needs no budget.
  if (!isHard || expected === 0) return null;
  return refuseByBudget(meter, 'day', { ask, visit }) ?? refuseByBudget(meter, 'month', { ask, visit });
}

function refuseByBudget(
  meter: Meter,
  period: PeriodName,
  { ask: { costNanoUsd, isSimulated }, visit }: { ask: Ask; visit: Visit },
): GatewayError | null {
  const budget = meter.rules.budgets[period];
  const purse = meter[period];
  const expected = costNanoUsd ?? 0;
  const spent = spentOf(purse, isSimulated);
  const held = heldOf(purse, isSimulated);
  if (spent + held + expected <= budget) return null;
  if (spent + expected > budget) tell(meter, visit, { isSimulated, isUsedUp: period });
  const who = { holder: meter.holder, keyName: visit.keyName };
  return overBudget(who, { period, budget, spent, held, expected, resetsAt: purse.end });
}

function giveBack(visit: Visit): void {
  if (!visit.hold) return;
  const { ask, bound, dayStart, monthStart } = visit.hold;
  visit.hold = null;
  for (const { tokens, day, month } of visit.meters) {
    if (tokens) {
      refill(tokens, visit.house.now());
      put(tokens, Math.min(ask.tokens, tokens.size));
    }
    // A period that has begun since then knows nothing of it.
    if (day.start === dayStart) moneyOf(day, ask.isSimulated).held -= bound;
    if (month.start === monthStart) moneyOf(month, ask.isSimulated).held -= bound;
  }
}

interface Outcome {
  visit: Visit;
  settled: Settled;
  expected: Ask | undefined;
}

function book(meter: Meter, { visit, settled, expected }: Outcome): void {
  const { tokens, costNanoUsd, isSimulated } = settled;
  if (meter.tokens && tokens > 0) take(meter.tokens, tokens);
  // A reply without a price, of a model with one, is booked with what was expected: it was not free.
  const cost = costNanoUsd ?? expected?.costNanoUsd ?? 0;
  if (cost === 0) return;
  // It is booked where the ledger books it: in the period it began in.
  if (visit.enteredAt >= meter.day.start) moneyOf(meter.day, isSimulated).spent += cost;
  if (visit.enteredAt >= meter.month.start) moneyOf(meter.month, isSimulated).spent += cost;
  tell(meter, visit, { isSimulated });
}

function learn(forecast: Forecast, { model, costNanoUsd }: Ask, actual: number | null): void {
  if (costNanoUsd !== null && actual !== null) forecast.learn(model, costNanoUsd, actual);
}

function tell(meter: Meter, { keyName, house }: Visit, about: { isSimulated: boolean; isUsedUp?: PeriodName }): void {
  if (!meter.rules.hasBudget) return;
  for (const event of budgetEvents(meter, { ...about, keyName, at: house.now() })) house.onEvent(event);
}

function moneyOf(purse: Purse, isSimulated: boolean): Money {
  return isSimulated ? purse.simulated : purse.real;
}
