const DAY_MS = 86_400_000;

/** What may be spent in one period, and what is on its way to be. Simulated money is kept apart from real. */
export interface Purse {
  /** The period, in UTC: its first millisecond, and the first after it. */
  start: number;
  end: number;
  real: Money;
  simulated: Money;
  /** Which events have been raised in this period, as bits. */
  told: number;
}

export interface Money {
  spent: number;
  /** By requests under way. */
  held: number;
}

export type PeriodName = 'day' | 'month';

/** The UTC calendar day or month around a moment. */
export function periodAround(name: PeriodName, at: number): { start: number; end: number } {
  if (name === 'day') {
    const start = at - (at % DAY_MS);
    return { start, end: start + DAY_MS };
  }
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
}

export function openPurse(name: PeriodName, at: number): Purse {
  return { ...periodAround(name, at), real: { spent: 0, held: 0 }, simulated: { spent: 0, held: 0 }, told: 0 };
}

/**
 * Begins anew when the period is over. A clock that was set back ends no period, or a budget could be spent twice. What is
 * still held belongs to the period it was held in.
 */
export function roll(purse: Purse, name: PeriodName, at: number): void {
  if (at < purse.end) return;
  Object.assign(purse, openPurse(name, at));
}

/** What has been spent. Simulated money counts while the simulator answers, so that budgets can be tried, and then no more. */
export function spentOf({ real, simulated }: Purse, isSimulated: boolean): number {
  return isSimulated ? real.spent + simulated.spent : real.spent;
}

export function heldOf({ real, simulated }: Purse, isSimulated: boolean): number {
  return isSimulated ? real.held + simulated.held : real.held;
}
