/** How the gateway is; nothing in it is a secret. */
export interface StatusReport {
  version: string;
  bunVersion: string;
  startedAt: number;
  at: number;
  memoryBytes: number;
  databaseBytes: number;
  walBytes: number;
  /** Since the first start, also those whose rows are deleted by now. */
  requestsEver: number;
  /** For how many days rows are kept; 0 = for ever. */
  requestDays: number;
  detailDays: number;
  /** Ledger rows that are not stored yet. */
  queueDepth: number;
  openRequests: number;
  cache: { entries: number; bytes: number; maxBytes: number };
  livePages: number;
  vendors: readonly { id: string; label: string; state: 'connected' | 'simulated' | 'off' }[];
  /** What the deletion of old rows has done last; null = it has not run since the start. */
  prune: { at: number; durationMs: number; count: number } | null;
  /** Messages on their way, and given up; null = there is no webhook. */
  webhook: { pending: number; failed: number } | null;
}
