import type { Model } from '../../../registry/schema.ts';
import type { GatewayKey, Lap, RequestRow } from '../../db/schema.ts';
import type { GatewayError } from '../../errors.ts';
import type { BodyCapture } from './body-capture.ts';

export interface Opening {
  /** UUIDv7. */
  id: string;
  key: GatewayKey;
  endpoint: string;
  dialect: string;
  startedAt: number;
  /** What the caller said of itself; no secrets. */
  headers: Record<string, string>;
  /** The stages so far. They are added while the request goes on, and read at its end. */
  laps: readonly Lap[];
}

export type Outcome = NonNullable<RequestRow['outcome']>;

/** What the router decided, as far as the ledger reads it; all of it is kept for a while. */
export interface LedgerDecision {
  strategy: string;
  complexity: NonNullable<RequestRow['complexity']>;
  confidence: number;
  promptTokens: number;
  /** Small enough for every row; see `chat/route-features.ts`. */
  stored?: string;
  /** Of the experiment of the key's policy. */
  arm?: string | null;
}

/** Who answered. */
export interface Answer {
  model: Model;
  providerId: string;
  isSimulated: boolean;
}

/** One call to a provider. */
export interface LedgerAttempt extends Answer {
  startedAt: number;
  headersMs: number | null;
  durationMs: number;
  status: number | null;
  error: GatewayError | null;
}

/** All that is known of a request until it ends. */
export interface Page {
  opening: Opening;
  asked: { model: string; isStream: boolean };
  cache: RequestRow['cache'];
  decision: LedgerDecision | null;
  answer: Answer | null;
  attempts: LedgerAttempt[];
  firstContentAt: number | null;
  overheadUs: number;
  /** Null where the key does not keep what is said. */
  capture: BodyCapture | null;
}

/** How it ended. */
export interface Ending {
  outcome: Outcome;
  /** What the client saw. */
  status: number;
  error: GatewayError | null;
  at: number;
}
