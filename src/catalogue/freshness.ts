import type { Log } from '../lib/log.ts';

const WARN_MS = 48 * 3_600_000;
const ERROR_MS = 7 * 86_400_000;

/** How old the last good run of a provider is: from two days on it is worth a look, from a week on something is wrong. */
export type FreshnessLevel = 'never' | 'ok' | 'warn' | 'error';

export interface Freshness {
  provider: string;
  /** When its price page was last read and believed, in ms; null = never. */
  lastGoodAt: number | null;
  ageMs: number | null;
  level: FreshnessLevel;
}

/** The age of a provider's prices, and what it means. */
export function freshnessOf(provider: string, lastGoodAt: number | null, now: number): Freshness {
  if (lastGoodAt === null) return { provider, lastGoodAt, ageMs: null, level: 'never' };
  // A clock that was set back makes nothing fresher than fresh.
  const ageMs = Math.max(0, now - lastGoodAt);
  return { provider, lastGoodAt, ageMs, level: ageMs >= ERROR_MS ? 'error' : ageMs >= WARN_MS ? 'warn' : 'ok' };
}

const RANK = { never: 0, ok: 0, warn: 1, error: 2 } as const satisfies Record<FreshnessLevel, number>;

/** Says when the prices of a provider grow old: once for each level, and again only after they were fresh. */
export function createAgeWatch(log: Log) {
  const told = new Map<string, FreshnessLevel>();
  return (states: readonly Freshness[]): void => {
    for (const { provider, level, ageMs } of states) {
      const before = told.get(provider) ?? 'never';
      told.set(provider, level);
      if (RANK[level] <= RANK[before]) continue;
      const hours = Math.floor((ageMs ?? 0) / 3_600_000);
      const message = `The prices of ${provider} were last read ${hours} hours ago. GET /api/registry says why.`;
      if (level === 'error') log.error(message);
      else log.warn(message);
    }
  };
}
