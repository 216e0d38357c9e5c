import type { Expectation } from '../../chat/expectation.ts';
import type { GatewayError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { put, refill, take, waitFor } from './bucket.ts';
import { budgetEvents, type LimitEvent } from './budget-events.ts';
import type { createForecast } from './forecast.ts';
import { type Meter, rollPurses } from './meter.ts';
import { heldOf, type PeriodName, type Purse, spentOf } from './purse.ts';
import { overBudget, tooDear, tooManyTokens, unpriced } from './refusals.ts';
import type { Allowance } from './rules.ts';

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

export type Pass = ReturnType<typeof createPass>;

interface PassOptions {
  keyName: string;
  /** The key's, and its owner's where it has one. */
  meters: readonly Meter[];
  enteredAt: number;
  allowance: Allowance;
  forecast: ReturnType<typeof createForecast>;
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

/** What a request under way has taken of its limits. Everything here is one synchronous step: nobody comes between. */
export function createPass(options: PassOptions) {
  const { keyName, meters, enteredAt, allowance, forecast, now, onEvent } = options;
  let hold: Hold | null = null;
  let isOver = false;

  /**
   * Holds what the next candidate is expected to take, in place of what was held for the one before. Says why it cannot;
   * then nothing is held any more.
   */
  function reserve(ask: Ask): GatewayError | null {
    if (isOver) return null;
    giveBack();
    const refusal = refuse(ask);
    if (refusal) return refusal;
    const cost = ask.costNanoUsd ?? 0;
    const bound = forecast.bound(ask.model, cost, ask.mostNanoUsd ?? cost);
    for (const meter of meters) {
      if (meter.tokens) take(meter.tokens, Math.min(ask.tokens, meter.tokens.size));
      moneyOf(meter.day, ask).held += bound;
      moneyOf(meter.month, ask).held += bound;
    }
    const [first] = meters;
    hold = { ask, bound, dayStart: first?.day.start ?? 0, monthStart: first?.month.start ?? 0 };
    return null;
  }

  /** What `reserve` would say, without holding anything. */
  function refuse(ask: Ask): GatewayError | null {
    const at = now();
    for (const meter of meters) {
      const refusal = refuseBy(meter, ask, at);
      if (refusal) return refusal;
    }
    return null;
  }

  function refuseBy(meter: Meter, ask: Ask, at: number): GatewayError | null {
    const who = { holder: meter.holder, keyName };
    const { allowance: own, isHard, tokensPerMinute } = meter.rules;
    if (ask.costNanoUsd === null && !own.takesUnpriced) return unpriced(who, ask.model);
    const expected = ask.costNanoUsd ?? 0;
    if (own.maxCostNanoUsd !== null && expected > own.maxCostNanoUsd) {
      return tooDear(who, own.maxCostNanoUsd, expected);
    }
    if (meter.tokens) {
      refill(meter.tokens, at);
      const waitMs = waitFor(meter.tokens, ask.tokens);
      if (waitMs > 0) return tooManyTokens(who, tokensPerMinute, waitMs);
    }
    rollPurses(meter, at);
    // What costs nothing needs no budget.
    if (!isHard || expected === 0) return null;
    return refuseByBudget(meter, 'day', ask) ?? refuseByBudget(meter, 'month', ask);
  }

  function refuseByBudget(meter: Meter, period: PeriodName, { costNanoUsd, isSimulated }: Ask): GatewayError | null {
    const budget = meter.rules.budgets[period];
    const purse = meter[period];
    const expected = costNanoUsd ?? 0;
    const spent = spentOf(purse, isSimulated);
    const held = heldOf(purse, isSimulated);
    if (spent + held + expected <= budget) return null;
    if (spent + expected > budget) tell(meter, { isSimulated, isUsedUp: period });
    const who = { holder: meter.holder, keyName };
    return overBudget(who, { period, budget, spent, held, expected, resetsAt: purse.end });
  }

  function giveBack(): void {
    if (!hold) return;
    const { ask, bound, dayStart, monthStart } = hold;
    hold = null;
    for (const meter of meters) {
      if (meter.tokens) {
        refill(meter.tokens, now());
        put(meter.tokens, Math.min(ask.tokens, meter.tokens.size));
      }
      // A period that has begun since then knows nothing of it.
      if (meter.day.start === dayStart) moneyOf(meter.day, ask).held -= bound;
      if (meter.month.start === monthStart) moneyOf(meter.month, ask).held -= bound;
    }
  }

  /**
   * Ends the request: gives back what it held and books what it came to; null = nothing. Only the first call counts, so that
   * a place is given up exactly once.
   */
  function leave(settled: Settled | null): void {
    if (isOver) return;
    const expected = hold?.ask;
    giveBack();
    isOver = true;
    // A reply without a price, of a model with one, is booked with what was expected: it was not free.
    const cost = settled ? (settled.costNanoUsd ?? expected?.costNanoUsd ?? 0) : 0;
    for (const meter of meters) {
      meter.running--;
      if (!settled) continue;
      if (meter.tokens && settled.tokens > 0) take(meter.tokens, settled.tokens);
      if (cost === 0) continue;
      // It is booked where the ledger books it: in the period it began in.
      if (enteredAt >= meter.day.start) moneyOf(meter.day, settled).spent += cost;
      if (enteredAt >= meter.month.start) moneyOf(meter.month, settled).spent += cost;
      tell(meter, { isSimulated: settled.isSimulated });
    }
    if (settled?.isWhole && expected?.model === settled.model) learn(expected, settled.costNanoUsd);
  }

  function learn({ model, costNanoUsd }: Ask, actual: number | null): void {
    if (costNanoUsd !== null && actual !== null) forecast.learn(model, costNanoUsd, actual);
  }

  function tell(meter: Meter, about: { isSimulated: boolean; isUsedUp?: PeriodName }): void {
    for (const event of budgetEvents(meter, { ...about, keyName, at: now() })) onEvent(event);
  }

  return { allowance, reserve, refuse, leave };
}

function moneyOf(purse: Purse, { isSimulated }: { isSimulated: boolean }) {
  return isSimulated ? purse.simulated : purse.real;
}
