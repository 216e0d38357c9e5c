import type { Clock } from '../../lib/clock.ts';

const DAY_MS = 86_400_000;

export interface Spending {
  realNanoUsd: number;
  simulatedNanoUsd: number;
}

/** What a comparison holds of the day's budget until it is over. */
export interface Hold {
  /** Books what a call has come to; `startedAt` says in which day. */
  spend(nanoUsd: number, startedAt: number): void;
  /** Gives back what is still held. */
  release(): void;
}

export type ShadowPurse = ReturnType<typeof createShadowPurse>;

/**
 * The gateway's own budget for comparisons, by the UTC day. A comparison holds the most it can cost before its first call, in
 * one synchronous step, so that many at once never pass it together. Simulated money has a budget of the same size of its own.
 */
export function createShadowPurse({ now, budget }: { now: Clock; budget: () => number }) {
  let day = dayOf(now());
  let spent: Spending = { realNanoUsd: 0, simulatedNanoUsd: 0 };
  /** Kept over midnight: what is still to come may be booked in the new day. */
  const held: Spending = { realNanoUsd: 0, simulatedNanoUsd: 0 };

  function roll(): void {
    const today = dayOf(now());
    if (today <= day) return;
    day = today;
    spent = { realNanoUsd: 0, simulatedNanoUsd: 0 };
  }

  /** Null where the budget has no room for it. */
  function hold(mostNanoUsd: number, isSimulated: boolean): Hold | null {
    roll();
    const money = isSimulated ? 'simulatedNanoUsd' : 'realNanoUsd';
    if (spent[money] + held[money] + mostNanoUsd > budget()) return null;
    held[money] += mostNanoUsd;
    let rest = mostNanoUsd;
    return {
      spend(nanoUsd, startedAt) {
        roll();
        const part = Math.min(rest, nanoUsd);
        rest -= part;
        held[money] -= part;
        if (dayOf(startedAt) === day) spent[money] += nanoUsd;
      },
      release() {
        held[money] -= rest;
        rest = 0;
      },
    };
  }

  return {
    hold,
    /** What was spent today before this start. */
    restore(before: Spending): void {
      spent.realNanoUsd += before.realNanoUsd;
      spent.simulatedNanoUsd += before.simulatedNanoUsd;
    },
    spentToday(): Spending {
      roll();
      return { ...spent };
    },
  };
}

function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}
