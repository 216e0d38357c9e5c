import type { Db } from '../db/client.ts';
import { insertEvents, listDueDeliveries, updateDelivery } from '../db/queries/events.ts';
import type { Delivery, EventRow } from '../db/schema.ts';
import type { Clock } from '../lib/clock.ts';
import { type GuardedPost, guardedPost, Unreachable } from '../lib/guarded-post.ts';
import type { Log } from '../lib/log.ts';
import type { Secret } from '../lib/secret.ts';
import { signMessage } from './sign-message.ts';

const STORE_MS = 50;
const LOOK_MS = 10_000;
const TIMEOUT_MS = 10_000;
const BATCH = 20;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** How long to wait after each try that failed; after the last, a day and more later, a message is given up. */
const WAITS_MS = [10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR] as const;

export interface Webhook {
  url: URL;
  secret: Secret;
  allowsPrivate: boolean;
}

interface AlertsOptions {
  db: Db;
  now: Clock;
  log: Log;
  /** Null = events are kept, and nobody is told. */
  webhook: Webhook | null;
  post?: (post: GuardedPost) => Promise<number>;
}

export type Alerts = ReturnType<typeof createAlerts>;

/** Keeps what an operator may want to hear of, and tells it to their webhook, until it has arrived. Nobody waits for it. */
export function createAlerts({ db, now, log, webhook, post = guardedPost }: AlertsOptions) {
  let waiting: EventRow[] = [];
  let storing: ReturnType<typeof setTimeout> | null = null;
  let looking: ReturnType<typeof setInterval> | null = null;
  let underWay: Promise<void> | null = null;

  /** Notes an event. One with an id that is known already is not told again. */
  function raise(event: EventRow): void {
    waiting.push(event);
    storing ??= setTimeout(look, STORE_MS);
  }

  /** Stores what was raised, and sends what is due. */
  async function flush(): Promise<void> {
    store();
    await deliver();
  }

  function look(): void {
    flush().catch((cause) => log.error('Events could not be stored or sent; they are tried again.', cause));
  }

  function store(): void {
    if (storing !== null) clearTimeout(storing);
    storing = null;
    if (waiting.length > 0) insertEvents(db, waiting, { delivers: webhook !== null, at: now() });
    waiting = [];
  }

  /** Sends what is due, one after the other. Two callers share one round, so that nothing is sent twice. */
  function deliver(): Promise<void> {
    underWay ??= deliverDue().finally(() => {
      underWay = null;
    });
    return underWay;
  }

  async function deliverDue(): Promise<void> {
    if (!webhook) return;
    for (const { delivery, event } of await listDueDeliveries(db, now(), BATCH)) {
      await updateDelivery(db, await attempt(webhook, { delivery, event }));
    }
  }

  async function attempt(to: Webhook, { delivery, event }: { delivery: Delivery; event: EventRow }): Promise<Delivery> {
    const { type, at, data } = event;
    const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'llm-gateway',
      ...signMessage({ id: delivery.id, at: now(), body }, to.secret),
    };
    const outcome = await post({ ...to, headers, body, timeoutMs: TIMEOUT_MS }).then(judge, explain);
    const tries = delivery.tries + 1;
    if (outcome === null) return { ...delivery, tries, nextTryAt: null, deliveredAt: now(), lastError: null };
    const waitMs = WAITS_MS[tries - 1];
    if (waitMs === undefined) log.warn(`The webhook was given up after ${tries} tries: ${outcome}`);
    return { ...delivery, tries, nextTryAt: waitMs === undefined ? null : now() + waitMs, lastError: outcome };
  }

  return {
    isConfigured: webhook !== null,
    raise,
    flush,
    /** Looks from now on for what is due, also what was left from before this start. */
    start(): void {
      looking ??= setInterval(look, LOOK_MS);
      looking.unref();
      look();
    },
    /** Stores what is left; it is sent after the next start. */
    async stop(): Promise<void> {
      if (looking !== null) clearInterval(looking);
      looking = null;
      store();
      await underWay;
    },
  };
}

function judge(status: number): string | null {
  return status >= 200 && status < 300 ? null : `It answered ${status}.`;
}

/** The network's own words may quote the address, which can hold a secret. */
function explain(thrown: unknown): string {
  if (thrown instanceof Unreachable) return thrown.message;
  const code = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : 'failed';
  return `It could not be reached (${code}).`;
}
