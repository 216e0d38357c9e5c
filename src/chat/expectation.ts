/** What putting a request to one model is expected to take: an estimate before the call, never a bill. */
export interface Expectation {
  /** `provider/model`. */
  model: string;
  /** Prompt and reply. */
  tokens: number;
  /** Null = unpriced. */
  costNanoUsd: number | null;
  /** What it costs should the reply become as long as it may; null = unpriced. */
  mostNanoUsd: number | null;
}
