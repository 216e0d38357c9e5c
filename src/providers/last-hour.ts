import type { Clock } from '../lib/clock.ts';

const MINUTE_MS = 60_000;
const MINUTES = 60;
/** A few failures are everybody's; from here on it is shaky, and from there on it is failing. */
const SHAKY = 0.05;
const FAILING = 0.5;

interface Minute {
  at: number;
  calls: number;
  failures: number;
}

/** How a provider has done in the last hour. */
export interface HourOfCalls {
  calls: number;
  failures: number;
  /** The code of the newest failure. */
  lastError: string | null;
}

/** Remembers how the calls of the last hour went, by provider: a few numbers for each minute. */
export function createLastHour(now: Clock) {
  const books = new Map<string, { minutes: Minute[]; lastError: string | null }>();

  /** `failure` is the code of what went wrong by the provider's fault; null = nothing did. */
  function note(providerId: string, failure: string | null): void {
    const book = books.get(providerId) ?? { minutes: [], lastError: null };
    books.set(providerId, book);
    const minute = minuteOf(book.minutes, now());
    minute.calls++;
    if (failure === null) return;
    minute.failures++;
    book.lastError = failure;
  }

  function read(providerId: string): HourOfCalls {
    const book = books.get(providerId);
    const since = now() - MINUTES * MINUTE_MS;
    const recent = (book?.minutes ?? []).filter(({ at }) => at > since);
    const calls = recent.reduce((sum, minute) => sum + minute.calls, 0);
    const failures = recent.reduce((sum, minute) => sum + minute.failures, 0);
    return { calls, failures, lastError: failures > 0 ? (book?.lastError ?? null) : null };
  }

  return { note, read };
}

/** What a light shows. */
export function lightOf({ calls, failures }: HourOfCalls): 'good' | 'warn' | 'bad' | 'off' {
  if (calls === 0) return 'off';
  const share = failures / calls;
  if (share >= FAILING) return 'bad';
  return share >= SHAKY ? 'warn' : 'good';
}

function minuteOf(minutes: Minute[], calledAt: number): Minute {
  const at = calledAt - (calledAt % MINUTE_MS);
  const known = minutes.findLast((minute) => minute.at === at);
  if (known) return known;
  const made = { at, calls: 0, failures: 0 };
  minutes.push(made);
  if (minutes.length > MINUTES + 1) minutes.shift();
  return made;
}
