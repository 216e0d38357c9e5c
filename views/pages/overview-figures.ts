import type { Request } from '../../src/db/schema.ts';

/** The last 24 hours, or the 24 before. */
export interface Totals {
  requests: number;
  errors: number;
  /** What was really spent; simulated answers cost nothing and are counted apart. */
  costNanoUsd: number;
  /** What the simulated answers would have cost. */
  simulatedNanoUsd: number;
  /** Requests whose cost nobody knows: they are missing in the sums. */
  unpriced: number;
  /** Requests whose tokens nobody counted, so their cost is an estimate. */
  estimated: number;
  savedNanoUsd: number;
  averageMs: number;
  /** Null where nothing was answered. */
  p95Ms: number | null;
  cacheHits: number;
}

/** A request of the ledger with the name of its key; null when the key is not known any more. */
export type LatestRequest = Pick<
  Request,
  'id' | 'startedAt' | 'durationMs' | 'requestedModel' | 'model' | 'provider' | 'status' | 'errorCode'
> &
  Pick<Request, 'complexity' | 'cache' | 'costNanoUsd' | 'isSimulated' | 'isUsageEstimated'> & {
    keyName: string | null;
  };

/** A provider and how it has done in the last hour. */
export interface ProviderLight {
  id: string;
  label: string;
  light: 'good' | 'warn' | 'bad' | 'off';
  isSimulated: boolean;
  calls: number;
  failures: number;
  /** The code of the newest failure. */
  lastError: string | null;
}

/** A budget that is nearly spent, or is. */
export interface NearBudget {
  /** Unique in a list. */
  id: string;
  holder: 'key' | 'user';
  /** Of the key, or of the person. */
  name: string;
  period: 'day' | 'month';
  spentNanoUsd: number;
  budgetNanoUsd: number;
  resetsAt: number;
}

/** What moves while somebody looks. */
export interface OverviewFigures {
  totals: Totals;
  before: Totals;
  latest: readonly LatestRequest[];
  providers: readonly ProviderLight[];
  budgets: readonly NearBudget[];
}

export interface CatalogueChange {
  id: string;
  at: number;
  message: string;
}

/** How far back the charts go, in UTC days with this one. */
export const RANGES_DAYS = [7, 30, 90] as const;
export type RangeDays = (typeof RANGES_DAYS)[number];

export const COMPLEXITIES = ['simple', 'moderate', 'complex', 'expert'] as const;

/** Money by day and model; a series without a model is all others. */
export interface SpendTrend {
  starts: number[];
  /** Nothing was really spent, so this is what simulated answers would have cost. */
  isSimulated: boolean;
  series: { model: string | null; values: number[] }[];
}

export interface ModelShare {
  /** Null = all others. */
  model: string | null;
  requests: number;
}

/** By hour for a week, by day for longer. Null where there were no requests. */
export interface TimeTrend {
  span: 'hour' | 'day';
  starts: number[];
  p50Ms: (number | null)[];
  p95Ms: (number | null)[];
}

export interface ErrorTrend {
  span: 'hour' | 'day';
  starts: number[];
  /** Of all requests; null where there were none. */
  shares: (number | null)[];
}

export interface Trends {
  days: RangeDays;
  spend: SpendTrend;
  models: ModelShare[];
  /** In the order of `COMPLEXITIES`. */
  complexity: number[];
  times: TimeTrend;
  errors: ErrorTrend;
}
