import type { Lap } from '../db/schema.ts';

/** Tells our own share of the time from that of others: the client's upload, another request we follow, the provider. */
export function createStopwatch(startedAt: number) {
  let othersMs = 0;
  const laps: Lap[] = [];

  async function others<T>(work: Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await work;
    } finally {
      othersMs += performance.now() - from;
    }
  }

  return {
    others,
    /** The stages that are through. */
    laps,
    /** Says that a stage is through. */
    lap(stage: string): void {
      laps.push({ stage, endedUs: Math.round((performance.now() - startedAt) * 1000) });
    },
    addOthers(microseconds: number): void {
      othersMs += microseconds / 1000;
    },
    oursUs: (): number => Math.max(0, (performance.now() - startedAt - othersMs) * 1000),
  };
}

export type Stopwatch = ReturnType<typeof createStopwatch>;
