import { parseRouteFeatures } from '../chat/route-features.ts';
import type { Db } from '../db/client.ts';
import { findLesson, saveFeedback } from '../db/queries/feedback.ts';
import { insertSignals } from '../db/queries/learning.ts';
import type { FeedbackRow } from '../db/schema.ts';
import type { Clock } from '../lib/clock.ts';
import { type Learning, type Signal, type Source, Taught } from '../pipeline/learning/index.ts';
import type { Router } from '../pipeline/router/index.ts';

const WRITE_MS = 1_000;
/** More than these in a second are learned from and not written down. */
const MAX_WAITING = 5_000;

/** What a model did with a request, in somebody's judgement. */
export interface JudgedOutcome {
  source: Source;
  /** Whose request it was: the person's id, or that of a key that belongs to nobody. */
  ownerId: string;
  provider: string;
  model: string;
  /** The ledger's `features` of the request; nothing is learned of a request without them. */
  stored: string | null;
  passed: boolean;
}

interface VerdictOptions {
  db: Db;
  now: Clock;
  learning: Pick<Learning, 'learn' | 'forget'>;
  standing: Router['standing'];
  logError: (message: string, cause: unknown) => void;
}

export type Verdicts = ReturnType<typeof createVerdicts>;

/** Writes verdicts on answers down and lets the router learn from them. */
export function createVerdicts({ db, now, learning, standing, logError }: VerdictOptions) {
  let turn: Promise<unknown> = Promise.resolve();
  let waiting: FeedbackRow[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;

  /**
   * Learns from an outcome, at once and in microseconds; null where nothing was learned. Whoever wants to take it back later
   * keeps what this gives, which is JSON.
   */
  function learn({ provider, model, stored, ...outcome }: JudgedOutcome): Taught | null {
    const features = parseRouteFeatures(stored);
    const place = features && standing(provider, model, features);
    return place ? learning.learn({ ...outcome, ...place, model, topics: features.topics }) : null;
  }

  /** Takes back what an outcome taught. Null, and what another version wrote, is nothing. */
  function forget(taught: unknown): void {
    const lesson = Taught.safeParse(taught).data;
    if (lesson) learning.forget(lesson);
  }

  /** A caller's word on an answer; what they said of it before is taken back. */
  async function judge(row: Omit<FeedbackRow, 'source' | 'learned'>, asked: Omit<JudgedOutcome, 'source' | 'passed'>) {
    // One after another, or two words on one answer would both be counted.
    const judged = turn.then(async () => {
      forget(await findLesson(db, row.requestId, 'caller'));
      const learned = learn({ ...asked, source: 'caller', passed: row.passed });
      await saveFeedback(db, { ...row, source: 'caller', learned });
    });
    turn = judged.catch(() => {});
    await judged;
  }

  /** What a client's next move says. Complaints are written down; that a conversation simply goes on is only learned from. */
  function hear({ source, about }: Signal): void {
    const passed = source === 'went-on';
    const learned = learn({ ...about, source, passed });
    if (source === 'went-on' || waiting.length >= MAX_WAITING) return;
    const { requestId, keyId } = about;
    waiting.push({ requestId, source, at: now(), keyId, passed, rating: null, note: null, learned });
    timer ??= setTimeout(() => void flush(), WRITE_MS);
  }

  /** Writes down what has been heard so far. */
  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const rows = waiting;
    waiting = [];
    await insertSignals(db, rows).catch((cause) => logError(`${rows.length} signals could not be written.`, cause));
  }

  return { learn, forget, judge, hear, flush };
}
