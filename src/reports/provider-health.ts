import type { AttemptRow } from '../db/schema.ts';
import type { Clock } from '../lib/clock.ts';

const MINUTE_MS = 60_000;
const MINUTES = 60;
/** A few failures are everybody's; from here on it is shaky, and from there on it is failing. */
const SHAKY = 0.05;
const FAILING = 0.5;

/** Ends that are no fault of the provider's: the client's mistake, or the client had left. */
const NOT_THEIRS: ReadonlySet<string> = new Set([
  ...['provider_rejected', 'client_closed', 'invalid_request', 'unsupported', 'context_too_long', 'content_refused'],
]);

interface Minute {
  at: number;
  calls: number;
  failures: number;
}

/** How a provider has done in the last hour. */
export interface ProviderHealth {
  calls: number;
  failures: number;
  /** The code of the newest failure. */
  lastError: string | null;
}

export type HealthBook = ReturnType<typeof createHealthBook>;

/** Remembers how the calls of the last hour went, by provider: a few numbers for each minute, and nothing of earlier starts. */
export function createHealthBook({ now }: { now: Clock }) {
  const books = new Map<string, { minutes: Minute[]; lastError: string | null }>();

  function see(attempts: readonly AttemptRow[]): void {
    for (const { provider, errorCode, startedAt } of attempts) {
      const book = books.get(provider) ?? { minutes: [], lastError: null };
      books.set(provider, book);
      const minute = minuteOf(book.minutes, startedAt);
      const isFailure = errorCode != null && !NOT_THEIRS.has(errorCode);
      minute.calls++;
      if (!isFailure) continue;
      minute.failures++;
      book.lastError = errorCode;
    }
  }

  function read(provider: string): ProviderHealth {
    const book = books.get(provider);
    const since = now() - MINUTES * MINUTE_MS;
    const recent = (book?.minutes ?? []).filter(({ at }) => at > since);
    const calls = recent.reduce((sum, minute) => sum + minute.calls, 0);
    const failures = recent.reduce((sum, minute) => sum + minute.failures, 0);
    return { calls, failures, lastError: failures > 0 ? (book?.lastError ?? null) : null };
  }

  return { see, read };
}

/** What a light shows. */
export function lightOf({ calls, failures }: ProviderHealth): 'good' | 'warn' | 'bad' | 'off' {
  if (calls === 0) return 'off';
  const share = failures / calls;
  if (share >= FAILING) return 'bad';
  return share >= SHAKY ? 'warn' : 'good';
}

function minuteOf(minutes: Minute[], startedAt: number): Minute {
  const at = startedAt - (startedAt % MINUTE_MS);
  const known = minutes.findLast((minute) => minute.at === at);
  if (known) return known;
  const made = { at, calls: 0, failures: 0 };
  minutes.push(made);
  if (minutes.length > MINUTES + 1) minutes.shift();
  return made;
}
