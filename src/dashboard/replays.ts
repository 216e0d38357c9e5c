import type { Db } from '../db/client.ts';
import { sumSpend } from '../db/queries/spend.ts';
import { GatewayError } from '../errors.ts';
import type { ReplayPolicy, ReplayReport } from '../pipeline/replay.ts';

const DAY_MS = 86_400_000;
/** How many requests a replay looks at, at most. */
export const MAX_REPLAYED = 250_000;
/** People whose last replay is kept. */
const MAX_KEPT = 100;

export interface ReplayWish {
  policy: ReplayPolicy;
  days: number;
  /** Of these keys; of all where it is left out. */
  keyIds?: readonly string[] | undefined;
}

/** A replay under way or over. */
export interface ReplayRun {
  wish: ReplayWish;
  /** Requests looked at so far, and about how many there are. */
  seen: number;
  total: number;
  state: 'running' | 'done' | 'failed';
  report: ReplayReport | null;
}

interface ReplaysOptions {
  db: Db;
  now: () => number;
  logError: (message: string, cause: unknown) => void;
  replay: (wish: ReplayWish & { since: number; onBatch: (seen: number) => Promise<boolean> }) => Promise<ReplayReport>;
}

export type Replays = ReturnType<typeof createReplays>;

/** Replays in the background, one at a time, in slices that let everything else through. The last of each person is kept. */
export function createReplays({ db, now, logError, replay }: ReplaysOptions) {
  const runs = new Map<string, ReplayRun>();
  let isBusy = false;
  let isStopped = false;
  let running = Promise.resolve();

  /** Throws `conflict` while one is under way. */
  async function start(personId: string, wish: ReplayWish): Promise<ReplayRun> {
    if (isBusy)
      throw new GatewayError('conflict', 'A replay is under way. Wait until it is over.', { param: 'replay' });
    isBusy = true;
    const since = now() - wish.days * DAY_MS;
    const { requests } = await sumSpend(db, { span: 'day', since, keyIds: wish.keyIds });
    const run: ReplayRun = { wish, seen: 0, total: Math.min(requests, MAX_REPLAYED), state: 'running', report: null };
    keep(personId, run);
    const onBatch = async (seen: number): Promise<boolean> => {
      run.seen = seen;
      await new Promise((resolve) => setImmediate(resolve));
      return seen < MAX_REPLAYED && !isStopped;
    };
    running = replay({ ...wish, since, onBatch }).then(
      (report) => {
        isBusy = false;
        Object.assign(run, { state: 'done', report });
      },
      (cause: unknown) => {
        isBusy = false;
        run.state = 'failed';
        logError('a replay failed', cause);
      },
    );
    return run;
  }

  function keep(personId: string, run: ReplayRun): void {
    runs.delete(personId);
    runs.set(personId, run);
    const [oldest] = runs.keys();
    if (runs.size > MAX_KEPT && oldest !== undefined) runs.delete(oldest);
  }

  return {
    start,
    /** The last one of this person. */
    last: (personId: string): ReplayRun | null => runs.get(personId) ?? null,
    /** Ends the one under way before its next slice. */
    async stop(): Promise<void> {
      isStopped = true;
      await running;
    },
  };
}
