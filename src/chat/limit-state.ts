/** How far a caller may still go, as SDKs are told in headers. Null where there is no limit. */
export interface LimitState {
  requests: Gauge | null;
  tokens: Gauge | null;
  /** The time of this state, in milliseconds since 1970. */
  at: number;
}

export interface Gauge {
  /** A minute. */
  limit: number;
  /** Whole and never negative. */
  remaining: number;
  /** Until all of the limit is there again. */
  resetMs: number;
}
