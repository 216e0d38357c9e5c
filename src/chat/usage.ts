/**
 * Tokens of one reply, by the class they are billed in. Vendors count differently (OpenAI's input includes cached tokens,
 * Anthropic's does not; Gemini's thoughts are outside its candidates); the dialects settle that, so here each prompt token
 * is in exactly one of the first five classes.
 */
export interface Usage {
  /** Prompt tokens at the full rate: neither read from nor written to the provider's cache, not audio. */
  input: number;
  cacheRead: number;
  /** Cache writes with the provider's short time to live: 5 minutes at Anthropic, 30 minutes at OpenAI. */
  cacheWriteShort: number;
  /** Cache writes with its long one: 1 hour at Anthropic, 12 hours at OpenAI. */
  cacheWriteLong: number;
  audioInput: number;
  /** Everything the model wrote, thoughts included, audio not. */
  output: number;
  /** How many of `output` were thoughts. */
  reasoning: number;
  audioOutput: number;
  extras?: UsageExtras | undefined;
  /** The tier the *reply* reports, as the provider spells it; prices hang on it. */
  serviceTier?: string | undefined;
  /** True where the provider told nothing and we counted ourselves. */
  isEstimated: boolean;
}

/** What is billed beside the classes, or at a price of its own within one of them. Most replies have none of it. */
export interface UsageExtras {
  /** How many of `cacheRead` were audio. */
  cachedAudio?: number | undefined;
  /** How many of `input` were images. */
  imageInput?: number | undefined;
  /** How many of `input` were video. */
  videoInput?: number | undefined;
  /** What the provider did besides, by its name in the catalogue's `toolPrices`: `webSearch`, `fileSearch`. */
  calls?: Record<string, number> | undefined;
  /** The name in the catalogue's `multipliers` of what all tokens are billed by: `usInference`. */
  multiplier?: string | undefined;
}

export const NO_USAGE: Usage = Object.freeze({
  input: 0,
  cacheRead: 0,
  cacheWriteShort: 0,
  cacheWriteLong: 0,
  audioInput: 0,
  output: 0,
  reasoning: 0,
  audioOutput: 0,
  isEstimated: false,
});

/** All prompt tokens, whatever their class. */
export function promptTokens(usage: Usage): number {
  return usage.input + usage.cacheRead + usage.cacheWriteShort + usage.cacheWriteLong + usage.audioInput;
}

/** No real request comes near; a count above it is a provider's mistake. */
const MOST_TOKENS = 1_000_000_000;

/** Whether counts can be true: whole, not negative, and not beyond all bounds. */
export function isBelievable(usage: Usage): boolean {
  return COUNTS.every((name) => isCount(usage[name])) && (usage.extras === undefined || areBelievable(usage.extras));
}

const COUNTS = [
  ...(['input', 'cacheRead', 'cacheWriteShort', 'cacheWriteLong', 'audioInput'] as const),
  ...(['output', 'reasoning', 'audioOutput'] as const),
];

function areBelievable({ multiplier: _multiplier, calls = {}, ...parts }: UsageExtras): boolean {
  return [...Object.values(parts), ...Object.values(calls)].every((count = 0) => isCount(count));
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= MOST_TOKENS;
}
