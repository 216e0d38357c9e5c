import { formatNanoUsd } from '../../lib/nano-usd.ts';
import type { Meter } from './meter.ts';
import { type PeriodName, type Purse, spentOf } from './purse.ts';

/** Something an operator may want to hear of. `id` says what happened to whom and when: the same thing has the same one. */
export interface LimitEvent {
  id: string;
  type: 'budget.threshold' | 'model.unpriced';
  at: number;
  data: Record<string, unknown>;
}

const THRESHOLDS = [
  { percent: 80, realBit: 1, simulatedBit: 4 },
  { percent: 100, realBit: 2, simulatedBit: 8 },
] as const;

/** A request that is refused before this much is spent says more of the request than of the budget. */
const NEAR_THE_END = 0.8;

interface Occasion {
  at: number;
  /** Of the key whose request brought it about. */
  keyName: string;
  isSimulated: boolean;
  /** The period whose hard budget has turned a request away, which is the end of it, though less than all of it is spent. */
  isUsedUp?: PeriodName;
}

/** The events of budgets that have just been passed, each once for a budget and a period. */
export function budgetEvents(meter: Meter, occasion: Occasion): LimitEvent[] {
  return [
    ...eventsOf(meter, { ...occasion, period: 'day', purse: meter.day }),
    ...eventsOf(meter, { ...occasion, period: 'month', purse: meter.month }),
  ];
}

function eventsOf(meter: Meter, { period, purse, at, keyName, isSimulated, isUsedUp }: Occasion & Which): LimitEvent[] {
  const budget = meter.rules.budgets[period];
  if (budget === Infinity) return [];
  const spent = spentOf(purse, isSimulated);
  const events: LimitEvent[] = [];
  for (const { percent, realBit, simulatedBit } of THRESHOLDS) {
    const bit = isSimulated ? simulatedBit : realBit;
    if ((purse.told & bit) !== 0) continue;
    const isPassed = spent >= (budget * percent) / 100 && spent > 0;
    const isAtEnd = percent === 100 && isUsedUp === period && spent >= budget * NEAR_THE_END;
    if (!isPassed && !isAtEnd) continue;
    purse.told |= bit;
    events.push({
      id: idOf(meter, { period, purse, percent, budget, isSimulated }),
      type: 'budget.threshold',
      at,
      data: {
        holder: meter.holder.kind,
        holderId: meter.holder.id,
        keyName,
        period,
        periodStart: new Date(purse.start).toISOString(),
        percent,
        budgetUsd: formatNanoUsd(budget),
        spentUsd: formatNanoUsd(spent),
        mode: meter.rules.isHard ? 'hard' : 'warn',
        isSimulated,
      },
    });
  }
  return events;
}

interface Which {
  period: PeriodName;
  purse: Purse;
}

interface Named extends Which {
  percent: number;
  budget: number;
  isSimulated: boolean;
}

function idOf({ holder }: Meter, { period, purse, percent, budget, isSimulated }: Named): string {
  const start = new Date(purse.start).toISOString().slice(0, 10);
  return `budget ${holder.kind} ${holder.id} ${period} ${start} ${budget} ${percent}${isSimulated ? ' simulated' : ''}`;
}
