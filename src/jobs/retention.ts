import type { Db } from '../db/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { pruneLedger } from './prune-ledger.ts';

const HOUR_MS = 3_600_000;
/** Not while everything starts. */
const FIRST_MS = 60_000;

interface RetentionOptions {
  db: Db;
  now: Clock;
  log: Log;
  /** For how many days, as it is set at that moment. */
  days: () => { requestDays: number; detailDays: number; bodyDays: number };
}

/** What a job has done last; null = it has not run yet. */
export interface JobReport {
  at: number;
  durationMs: number;
  /** Rows it deleted. */
  count: number;
}

export type Retention = ReturnType<typeof createRetention>;

/** Deletes every hour what has been kept as long as it was to be. */
export function createRetention({ db, now, log, days }: RetentionOptions) {
  let last: JobReport | null = null;
  let first: ReturnType<typeof setTimeout> | null = null;
  let hourly: ReturnType<typeof setInterval> | null = null;
  let underWay: Promise<void> | null = null;

  function run(): Promise<void> {
    underWay ??= prune().finally(() => {
      underWay = null;
    });
    return underWay;
  }

  async function prune(): Promise<void> {
    const at = now();
    try {
      const { requests, details, bodies } = await pruneLedger({ db, now, ...days(), pause: () => Bun.sleep(20) });
      last = { at, durationMs: now() - at, count: requests + details + bodies };
    } catch (cause) {
      log.error('Old requests could not be deleted; it is tried again within the hour.', cause);
    }
  }

  return {
    run,
    lastRun: () => last,
    start(): void {
      first ??= setTimeout(() => void run(), FIRST_MS);
      hourly ??= setInterval(() => void run(), HOUR_MS);
      first.unref();
      hourly.unref();
    },
    async stop(): Promise<void> {
      if (first !== null) clearTimeout(first);
      if (hourly !== null) clearInterval(hourly);
      await underWay;
    },
  };
}
