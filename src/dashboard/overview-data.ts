import type { LatestRequest, Totals } from '../../views/pages/overview.tsx';

export type { LatestRequest, Totals };

/** What the dashboard shows of the ledger. */
export interface Overview {
  totals24h(): Promise<Totals>;
  /** The latest requests, the newest first. */
  latest(count: number): Promise<LatestRequest[]>;
  /** What each gateway key was used for in the last 24 hours, by key id; keys that were not used are absent. */
  spendByKey(): Promise<Map<string, KeySpend>>;
}

export interface KeySpend {
  requests: number;
  costNanoUsd: number;
}
