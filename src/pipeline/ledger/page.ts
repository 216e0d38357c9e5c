import type { Model } from '../../../registry/schema.ts';
import type { GatewayKey, RequestRow } from '../../db/schema.ts';
import type { GatewayError } from '../../errors.ts';

export interface Opening {
  /** UUIDv7. */
  id: string;
  key: GatewayKey;
  endpoint: string;
  dialect: string;
  startedAt: number;
}

export type Outcome = NonNullable<RequestRow['outcome']>;

/** What the router decided, as far as the ledger reads it; all of it is kept. */
export interface LedgerDecision {
  strategy: string;
  complexity: NonNullable<RequestRow['complexity']>;
  confidence: number;
  promptTokens: number;
  /** One sentence. */
  reason: string;
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
}

/** How it ended. */
export interface Ending {
  outcome: Outcome;
  /** What the client saw. */
  status: number;
  error: GatewayError | null;
  at: number;
}
