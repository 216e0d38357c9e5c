import { bootstrap, type Interval, type PairOutcome, pairFigures } from './metrics.ts';

const ROUNDS = 100;
const LABEL_WIDTH = 46;

/** Figures by name, as they were printed, for the floors to be held against. */
export const figures = new Map<string, number>();

/** Prints a figure with its interval, and keeps it under a name when it is given one. */
export function tell(label: string, { value, low, high }: Interval, name?: string): void {
  console.log(`  ${label.padEnd(LABEL_WIDTH)}  ${value.toFixed(3)}  [${low.toFixed(3)}, ${high.toFixed(3)}]`);
  if (name !== undefined) figures.set(name, value);
}

export function tellPercent(label: string, { value, low, high }: Interval, name?: string): void {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  console.log(`  ${label.padEnd(LABEL_WIDTH)}  ${percent(value)}  [${percent(low)}, ${percent(high)}]`);
  if (name !== undefined) figures.set(name, value);
}

/** The mean of some figures with the widest of their intervals. */
export function together(some: readonly Interval[]): Interval {
  return {
    value: some.reduce((sum, one) => sum + one.value, 0) / some.length,
    low: Math.min(...some.map((one) => one.low)),
    high: Math.max(...some.map((one) => one.high)),
  };
}

export function apgrOf(outcomes: readonly PairOutcome[]): Interval {
  return bootstrap(outcomes, (sample) => pairFigures(sample).apgr, ROUNDS);
}
