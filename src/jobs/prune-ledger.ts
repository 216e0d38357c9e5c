import type { Db } from '../db/client.ts';
import { pruneBodies, pruneDetails, pruneHours, pruneRequests } from '../db/queries/prune.ts';
import type { Job } from './scheduler.ts';

const DAY_MS = 86_400_000;
/** What one statement deletes: a few milliseconds of work, so that nobody waits for it. */
const BATCH = 500;
const PAUSE_MS = 20;
/** Charts by the hour go back a month. */
const HOURS_DAYS = 45;

interface PruneOptions {
  db: Db;
  now: () => number;
  /** For how many days requests are kept; 0 = for ever. */
  requestDays: number;
  /** For how many days decisions, timings and headers are kept; 0 = as long as the requests. */
  detailDays: number;
  /** For how many days prompts and answers are kept, of keys that keep them; 0 = as long as the requests. */
  bodyDays: number;
  /** Lets others have a turn between two batches. */
  pause: () => Promise<void>;
}

/** Deletes what has been kept as long as it was to be, a little at a time. Tells how many rows went. */
export async function pruneLedger({ db, now, requestDays, detailDays, bodyDays, pause }: PruneOptions) {
  const before = (days: number): number => now() - days * DAY_MS;
  let [requests, details, bodies] = [0, 0, 0];
  if (requestDays > 0) requests = await inBatches((limit) => pruneRequests(db, before(requestDays), limit), pause);
  if (detailDays > 0) details = await inBatches((limit) => pruneDetails(db, before(detailDays), limit), pause);
  if (bodyDays > 0) bodies = await inBatches((limit) => pruneBodies(db, before(bodyDays), limit), pause);
  await pruneHours(db, before(HOURS_DAYS));
  return { requests, details, bodies };
}

/** Prunes every hour, so that there is never much to do. */
export function pruneRegularly(options: Omit<PruneOptions, 'pause'>): Job {
  return {
    name: 'prune-ledger',
    schedule: { type: 'every', ms: 3_600_000 },
    async run() {
      await pruneLedger({ ...options, pause: () => Bun.sleep(PAUSE_MS) });
      return 'done';
    },
  };
}

async function inBatches(prune: (limit: number) => Promise<number>, pause: () => Promise<void>): Promise<number> {
  let sum = 0;
  for (;;) {
    const gone = await prune(BATCH);
    sum += gone;
    if (gone < BATCH) return sum;
    await pause();
  }
}
