import { lru } from 'tiny-lru';
import type { ChatEvent, StopReason } from '../../chat/event.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { Clock } from '../../lib/clock.ts';
import { parseCacheControl } from './cache-control.ts';
import { cacheKey, isCacheable } from './cache-key.ts';

/** How long a request waits for another one, just like it, that is already on its way to a provider. */
const FOLLOW_MS = 30_000;
const EVENT_OVERHEAD_BYTES = 160;

interface CacheOptions {
  ttlMs: number;
  maxBytes: number;
  now: Clock;
}

/** A reply that can be told again. */
export interface CachedReply<Origin> {
  /** The dialect its `raw` messages are in, and whether they are frames of a stream or one body. */
  dialect: string;
  isStream: boolean;
  events: ChatEvent[];
  /** Whatever the caller wants to know of where the reply came from. */
  origin: Origin;
}

export interface CacheQuestion {
  ownerId: string;
  request: ChatRequest;
  /** What decides the answer besides the request, such as the routing strategy. */
  scope: string;
  /** The client's `Cache-Control` header. */
  cacheControl: string | null;
  /** Fires when the client leaves: there is nobody to wait for then. */
  signal?: AbortSignal | undefined;
}

/** Keeps a reply while it is told. It is stored only if it ends well. */
export interface Recorder<Origin> {
  see(event: ChatEvent): void;
  /** Stores what was seen, if it was a complete success. Followers are answered from it or go their own way. */
  close(source: Omit<CachedReply<Origin>, 'events'> | null): void;
}

export type CacheAnswer<Origin> =
  | { state: 'hit'; reply: CachedReply<Origin> }
  | { state: 'miss'; recorder: Recorder<Origin> }
  | { state: 'bypass' };

interface Entry<Origin> {
  reply: CachedReply<Origin>;
  storedAt: number;
  bytes: number;
}

export type Cache<Origin> = ReturnType<typeof createCache<Origin>>;

/** Answers a question that was asked before, word for word, by the same owner. In memory, bounded in bytes and time. */
export function createCache<Origin>({ now, ...size }: CacheOptions) {
  let { ttlMs, maxBytes } = size;
  const entries = lru<Entry<Origin>>(0);
  const underWay = new Map<string, Promise<void>>();
  let bytes = 0;
  let generation = 0;

  async function open({ ownerId, request, scope, cacheControl, signal }: CacheQuestion): Promise<CacheAnswer<Origin>> {
    const wish = parseCacheControl(cacheControl);
    if (ttlMs === 0 || maxBytes === 0 || wish.noStore || !isCacheable(request)) return { state: 'bypass' };

    const key = cacheKey(ownerId, request, scope);
    if (wish.noCache) return { state: 'miss', recorder: record(key) };

    let patience: AbortSignal | undefined;
    for (;;) {
      const found = find(key, wish.maxAgeMs);
      if (found) return { state: 'hit', reply: found };
      const leader = underWay.get(key);
      // Nobody is on the way with this question, or not any more: whoever comes here first leads.
      if (!leader) return { state: 'miss', recorder: record(key) };
      patience ??= AbortSignal.any([AbortSignal.timeout(FOLLOW_MS), ...(signal ? [signal] : [])]);
      if (patience.aborted) return { state: 'bypass' };
      await settledOr(leader, patience);
    }
  }

  function find(key: string, maxAgeMs: number): CachedReply<Origin> | undefined {
    const entry = entries.get(key);
    if (!entry) return undefined;
    const age = now() - entry.storedAt;
    if (age >= ttlMs) {
      drop(key, entry);
      return undefined;
    }
    return age <= maxAgeMs ? entry.reply : undefined;
  }

  function record(key: string): Recorder<Origin> {
    const events: ChatEvent[] = [];
    let size = 0;
    const startedIn = generation;
    const { promise, resolve } = Promise.withResolvers<void>();
    if (!underWay.has(key)) underWay.set(key, promise);

    return {
      see(event) {
        if (size > maxBytes) return;
        size += sizeOf(event);
        if (size <= maxBytes) events.push(event);
        // It will not be kept, so none of it has to be held until its end.
        else events.length = 0;
      },
      close(source) {
        if (source && startedIn === generation && size <= maxBytes && isCompleteSuccess(events)) {
          store(key, { reply: { ...source, events }, storedAt: now(), bytes: size });
        }
        if (underWay.get(key) === promise) underWay.delete(key);
        resolve();
      },
    };
  }

  function store(key: string, entry: Entry<Origin>): void {
    const before = entries.peek(key);
    if (before) drop(key, before);
    entries.set(key, entry);
    bytes += entry.bytes;
    shrink();
  }

  function shrink(): void {
    while (bytes > maxBytes && entries.first) drop(String(entries.first.key), entries.first.value);
  }

  /** How long and how much is kept from now on; what is too much already is forgotten, the oldest first. */
  function resize(next: Pick<CacheOptions, 'ttlMs' | 'maxBytes'>): void {
    ({ ttlMs, maxBytes } = next);
    shrink();
  }

  function drop(key: string, entry: Entry<Origin>): void {
    entries.delete(key);
    bytes -= entry.bytes;
  }

  /** Forgets everything, also what is still being told, as when other providers answer from now on. */
  function clear(): void {
    entries.clear();
    bytes = 0;
    generation++;
  }

  return { open, clear, resize, stats: () => ({ entries: entries.size, bytes }) };
}

const GOOD_ENDS: ReadonlySet<StopReason> = new Set(['stop', 'stop-sequence', 'length', 'tool-calls']);

function isCompleteSuccess(events: readonly ChatEvent[]): boolean {
  let isFinished = false;
  for (const event of events) {
    if (event.type === 'error') return false;
    if (event.type === 'stop' && !GOOD_ENDS.has(event.reason)) return false;
    if (event.type === 'finish') isFinished = true;
  }
  return isFinished;
}

/** Resolves when the promise does or the signal fires. */
async function settledOr(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: fired, resolve } = Promise.withResolvers<void>();
  const onAbort = (): void => resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([promise, fired]);
  signal.removeEventListener('abort', onAbort);
}

/** Strings are counted as two bytes a character, the most they can take. */
function sizeOf(event: ChatEvent): number {
  let size = EVENT_OVERHEAD_BYTES;
  // A body's frame and data are one string.
  if (event.raw)
    size += 2 * event.raw.frame.length + (event.raw.frame === event.raw.data ? 0 : 2 * event.raw.data.length);
  if ('text' in event) size += 2 * event.text.length;
  if (event.type === 'tool-call-delta') size += 2 * event.argumentsText.length;
  return size;
}
