import type { ChoiceWhy, PlaceWhy } from '../../src/chat/why.ts';
import type { Attempt, Lap, PriceRowEntry, Request } from '../../src/db/schema.ts';

/** A routing decision as far as it is shown. */
export interface DecisionReport {
  strategy: string;
  /** Null in rows of versions that kept a sentence; it is in `reason` then. */
  why: ChoiceWhy | null;
  reason: string;
  isFromCache: boolean;
  kind: string | null;
  promptTokens: number | null;
  expectedOutputTokens: number | null;
  candidates: Candidate[];
  /** Models that were not tried, by the reason. */
  dropped: { why: PlaceWhy | null; reason: string; models: string[] }[];
}

export interface Candidate {
  model: string;
  provider: string;
  quality: number | null;
  expectedCostNanoUsd: number | null;
  expectedSuccess: number | null;
  expectedLatencyMs: number | null;
  rank: number | null;
  why: PlaceWhy | null;
  reason: string;
}

/** What was said, as text to read. */
export interface SaidText {
  prompt: string;
  answer: string;
  isPromptCut: boolean;
  isAnswerCut: boolean;
}

export interface RecostReport {
  id: string;
  at: number;
  oldCostNanoUsd: number | null;
  newCostNanoUsd: number | null;
}

export type PriceReport = Pick<PriceRowEntry, 'id' | 'provider' | 'model' | 'row'>;

/** Everything that is known of one request. */
export interface RequestReport {
  request: Request;
  /** Null when the key is not known any more. */
  keyName: string | null;
  userName: string | null;
  attempts: Attempt[];
  /** Null when they were pruned. */
  details: { laps: Lap[]; headers: Record<string, string>; decision: DecisionReport | null } | null;
  price: PriceReport | null;
  baselinePrice: PriceReport | null;
  recosts: RecostReport[];
  /** `kept` where whoever asks may read it; `hidden` where they may not; `none` where nothing is kept. */
  bodies: { state: 'kept'; said: SaidText } | { state: 'hidden' | 'none' | 'unreadable' };
}
