import type { Account } from '../accounts/index.ts';
import type { Clock } from '../lib/clock.ts';

/** From a change to its drawing, where nothing was drawn lately: fast enough for the eye, and takes in what comes with it. */
const SOON_MS = 300;
/** Between two drawings, where something changes all the time: slow enough for a gateway that has other work. */
const PAUSE_MS = 1000;
const HEARTBEAT_MS = 15_000;
/** A tab that has not taken a message for so long is not there any more. */
const PATIENCE_MS = 45_000;
const MAX_TABS = 500;

const encoder = new TextEncoder();
const HEARTBEAT = encoder.encode(': \n\n');
/** A named event, which the page hears: `views/public/session.js`. */
const SIGNED_OUT = encoder.encode('event: signed-out\ndata: -\n\n');

/** Who sees the same: a role that sees everything, or one person who sees their own. */
export type LiveAudience = Pick<Account, 'id' | 'role'>;

interface Subscription {
  sessionId: string;
  /** Tabs of the same group are sent the same bytes. */
  group: string;
  /** Draws what the group is sent. That of any tab of the group is asked. */
  render: () => Promise<string>;
  /** Asked with every heartbeat; a session that is over ends its tabs. */
  isStillAllowed: () => Promise<boolean>;
}

interface Tab extends Subscription {
  send(bytes: Uint8Array): void;
  end(last?: Uint8Array): void;
  /** Since when something has been waiting to be read. */
  waitingSince(): number | null;
}

interface LiveOptions {
  now: Clock;
  logError: (message: string, cause: unknown) => void;
}

export type Live = ReturnType<typeof createLive>;

/**
 * Keeps open pages up to date: one ticker for all of them. When something has changed, each group's part is drawn once and
 * the same bytes are handed to every tab of the group.
 */
export function createLive({ now, logError }: LiveOptions) {
  const tabs = new Set<Tab>();
  let ticking: ReturnType<typeof setTimeout> | null = null;
  let heart: ReturnType<typeof setInterval> | null = null;
  let isDrawing = false;
  let hasChanged = false;
  let isStopped = false;
  /** By a clock that nobody sets. */
  let drawnAt = -PAUSE_MS;

  /** Something has changed. As cheap as can be: it is called for every batch of the ledger. */
  function publish(): void {
    hasChanged = true;
    if (tabs.size === 0 || isStopped || ticking) return;
    ticking = setTimeout(tick, Math.max(SOON_MS, drawnAt + PAUSE_MS - performance.now()));
  }

  function tick(): void {
    ticking = null;
    if (!hasChanged || isDrawing) return;
    void draw();
  }

  async function draw(): Promise<void> {
    hasChanged = false;
    isDrawing = true;
    drawnAt = performance.now();
    const groups = Map.groupBy(tabs, ({ group }) => group);
    for (const members of groups.values()) {
      const bytes = await drawFor(members[0]);
      if (bytes) for (const tab of members) tab.send(bytes);
    }
    isDrawing = false;
    if (hasChanged) publish();
  }

  async function drawFor(tab: Tab | undefined): Promise<Uint8Array | null> {
    return tab ? await tab.render().then(message, failed) : null;
  }

  function failed(cause: unknown): null {
    logError('A live part of the dashboard could not be drawn.', cause);
    return null;
  }

  async function beat(): Promise<void> {
    for (const tab of tabs) {
      const since = tab.waitingSince();
      const isGone = since !== null && now() - since > PATIENCE_MS;
      if (isGone) drop(tab);
      else if (!(await tab.isStillAllowed().catch(() => false))) drop(tab, SIGNED_OUT);
      else if (since === null) tab.send(HEARTBEAT);
    }
  }

  function drop(tab: Tab, last?: Uint8Array): void {
    tabs.delete(tab);
    tab.end(last);
    if (tabs.size > 0) return;
    if (heart) clearInterval(heart);
    if (ticking) clearTimeout(ticking);
    heart = null;
    ticking = null;
  }

  /** The stream of one tab, which begins with how things are now. Null when there are too many, or we are stopping. */
  function subscribe(subscription: Subscription): ReadableStream<Uint8Array> | null {
    if (isStopped || tabs.size >= MAX_TABS) return null;
    const mailbox = createMailbox(now);
    const tab: Tab = { ...subscription, ...mailbox };
    tabs.add(tab);
    heart ??= setInterval(() => void beat(), HEARTBEAT_MS);
    void drawFor(tab).then((bytes) => tab.send(bytes ?? HEARTBEAT));
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const bytes = await mailbox.take();
          if (bytes) controller.enqueue(bytes);
          else controller.close();
        },
        cancel: () => drop(tab),
      },
      { highWaterMark: 0 },
    );
  }

  /** Ends the tabs of a session, which has signed out. */
  function endSession(sessionId: string): void {
    for (const tab of tabs) if (tab.sessionId === sessionId) drop(tab, SIGNED_OUT);
  }

  /** Ends every tab, and lets no new one in. */
  function stop(): void {
    isStopped = true;
    for (const tab of tabs) drop(tab);
  }

  return { publish, subscribe, endSession, stop, beat, openCount: () => tabs.size };
}

/** Holds the newest message for a tab until it is read: whoever reads slowly gets fewer, and costs no memory. */
function createMailbox(now: Clock) {
  let waiting: { bytes: Uint8Array; since: number } | null = null;
  let reader: ((bytes: Uint8Array | null) => void) | null = null;
  let isOver = false;

  function send(bytes: Uint8Array): void {
    if (isOver) return;
    if (reader) {
      reader(bytes);
      reader = null;
    } else if (waiting === null || bytes !== HEARTBEAT) {
      waiting = { bytes, since: waiting?.since ?? now() };
    }
  }

  /** The next message; null at the end. */
  async function take(): Promise<Uint8Array | null> {
    if (waiting) {
      const { bytes } = waiting;
      waiting = null;
      return bytes;
    }
    if (isOver) return null;
    const { promise, resolve } = Promise.withResolvers<Uint8Array | null>();
    reader = resolve;
    return await promise;
  }

  /** With a last word, or without. */
  function end(last?: Uint8Array): void {
    waiting = null;
    if (last) send(last);
    isOver = true;
    reader?.(null);
    reader = null;
  }

  return { send, take, end, waitingSince: () => waiting?.since ?? null };
}

/** One server-sent event of any text. */
function message(html: string): Uint8Array {
  const lines = html.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return encoder.encode(`${lines.join('')}\n`);
}
