import type { Gauge, LimitState } from '../../chat/limit-state.ts';
import { type Bucket, gaugeOf, refill } from './bucket.ts';
import { type Meter, rollPurses } from './meter.ts';
import { type PeriodName, spentOf } from './purse.ts';

/** The limits of one holder, and how far they are used. Null = no such limit. */
export interface LimitReport {
  requestsPerMinute: Gauge | null;
  tokensPerMinute: Gauge | null;
  concurrentRequests: { limit: number; running: number } | null;
  budgets: BudgetReport[];
  budgetMode: 'hard' | 'warn';
  maxRequestNanoUsd: number | null;
  allowedModels: readonly string[] | null;
  allowedStrategies: readonly string[] | null;
  allowsUnpriced: boolean;
}

export interface BudgetReport {
  period: PeriodName;
  budgetNanoUsd: number;
  spentNanoUsd: number;
  /** Spent while the simulator answered; it counts for simulated requests only. */
  simulatedNanoUsd: number;
  /** Held by requests under way. */
  reservedNanoUsd: number;
  remainingNanoUsd: number;
  resetsAt: number;
}

/** `isSimulating` = requests are simulated now, so that what was spent on such is gone, too. */
export function reportOf(meter: Meter, { at, isSimulating }: { at: number; isSimulating: boolean }): LimitReport {
  rollPurses(meter, at);
  const { rules, running } = meter;
  const limit = rules.concurrentRequests;
  return {
    requestsPerMinute: gaugeAt(meter.requests, at),
    tokensPerMinute: gaugeAt(meter.tokens, at),
    concurrentRequests: limit === 0 ? null : { limit, running },
    budgets: [...budgetOf(meter, 'day', isSimulating), ...budgetOf(meter, 'month', isSimulating)],
    budgetMode: rules.isHard ? 'hard' : 'warn',
    maxRequestNanoUsd: rules.allowance.maxCostNanoUsd,
    allowedModels: rules.source.allowedModels ?? null,
    allowedStrategies: rules.source.allowedStrategies ?? null,
    allowsUnpriced: rules.allowance.takesUnpriced,
  };
}

/** Of several holders the one that is nearest to its end. */
export function stateOf(meters: readonly Meter[], at: number): LimitState {
  const state: LimitState = { requests: null, tokens: null, at };
  for (const { requests, tokens } of meters) {
    state.requests = tighter(state.requests, gaugeAt(requests, at));
    state.tokens = tighter(state.tokens, gaugeAt(tokens, at));
  }
  return state;
}

function gaugeAt(bucket: Bucket | null, at: number): Gauge | null {
  if (!bucket) return null;
  refill(bucket, at);
  return gaugeOf(bucket);
}

function tighter(one: Gauge | null, other: Gauge | null): Gauge | null {
  if (!one || !other) return one ?? other;
  return other.remaining < one.remaining ? other : one;
}

function budgetOf({ rules, ...meter }: Meter, period: PeriodName, isSimulating: boolean): BudgetReport[] {
  const budgetNanoUsd = rules.budgets[period];
  if (budgetNanoUsd === Infinity) return [];
  const { real, simulated, end } = meter[period];
  const reservedNanoUsd = real.held + simulated.held;
  const remainingNanoUsd = Math.max(0, budgetNanoUsd - spentOf(meter[period], isSimulating) - reservedNanoUsd);
  const spentNanoUsd = spentOf(meter[period], false);
  return [
    {
      ...{ period, budgetNanoUsd, spentNanoUsd, simulatedNanoUsd: simulated.spent },
      ...{ reservedNanoUsd, remainingNanoUsd, resetsAt: end },
    },
  ];
}
