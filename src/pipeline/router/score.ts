import type { ChatRequest } from '../../chat/request.ts';
import { type Band, type Catalogue, costOf, type Entry } from './catalogue.ts';
import type { Judgement } from './decision.ts';
import { estimateOutputTokens } from './estimate.ts';

/*
 * The logit of success: where it starts, what strength adds, what difficulty takes, and how much more strength tells on
 * hard requests. Set so that on the easiest requests every listed model does well (.93 to .99), and on the hardest the
 * weak end of the catalogue succeeds three times in ten and the strong end nine. A prior, not a measurement: outcome data
 * for today's models is not public.
 */
const LOGIT = { start: 3.03, strength: 1.9, difficulty: -4.3, both: 1.06 };
const MAX_STRENGTH = 1.5;
const MIN_STRENGTH = -0.5;
/** No score is better than a guess: such a model is taken for one below the catalogue's tenth percentile. */
const UNKNOWN_STRENGTH = -0.2;

/** A prior of speed where none was measured: big models are dear and slow. By the price of a million output tokens. */
const SPEEDS = [
  { upToUsd: 1, firstTokenMs: 400, tokensPerSecond: 150 },
  { upToUsd: 5, firstTokenMs: 600, tokensPerSecond: 110 },
  { upToUsd: 15, firstTokenMs: 900, tokensPerSecond: 70 },
  { upToUsd: Number.POSITIVE_INFINITY, firstTokenMs: 1_200, tokensPerSecond: 45 },
] as const;
/** What has no price, or none to pay, may run on anything. */
const UNPRICED_SPEED = SPEEDS[2];
const NANO_PER_TOKEN_AT_ONE_USD = 1_000;

/** Measured milliseconds for a whole reply; null = nothing measured yet. */
export type Latency = (providerId: string, modelId: string) => number | null;

/** What every candidate of one request is measured against. */
export interface Yardstick {
  request: ChatRequest;
  judgement: Judgement;
  /** At tokenizer factor 1. */
  promptTokens: number;
  /** The least expected success that counts as good enough. */
  floor: number;
  latency: Latency | undefined;
}

export interface Scored {
  entry: Entry;
  quality: number | null;
  success: number;
  costNanoUsd: number | null;
  latencyMs: number;
  outputTokens: number;
  meetsFloor: boolean;
}

/** The expected success a model needs for this request, less what the operator is willing to give up. */
export function floorOf(catalogue: Catalogue, { kind, complexity, difficulty }: Judgement, tolerance: number): number {
  return Math.max(0, expectedSuccess(catalogue.floors[kind][complexity], difficulty) - tolerance);
}

export function score(entry: Entry, { request, judgement, promptTokens, floor, latency }: Yardstick): Scored {
  const { model } = entry;
  const outputTokens = estimateOutputTokens(request, model, judgement.complexity);
  const quality = entry.scores[judgement.kind];
  const success = expectedSuccess(entry.strengths[judgement.kind], judgement.difficulty);
  return {
    entry,
    quality,
    success,
    costNanoUsd: costOf(entry, Math.ceil(promptTokens * factorOf(entry)), outputTokens),
    latencyMs: latency?.(model.provider, model.id) ?? priorLatencyMs(entry.bands[0], outputTokens),
    outputTokens,
    // Nobody can say that a model without a score is good enough.
    meetsFloor: quality !== null && success >= floor,
  };
}

/** Tokens of the same text, against a tokenizer with factor 1. */
export function factorOf({ model }: Entry): number {
  return model.tokenizer?.factor ?? 1;
}

/** The chance that a model of this strength does a request of this difficulty well, to three decimals. */
export function expectedSuccess(strength: number | null, difficulty: number): number {
  const bounded = Math.max(MIN_STRENGTH, Math.min(MAX_STRENGTH, strength ?? UNKNOWN_STRENGTH));
  const logit =
    LOGIT.start + LOGIT.strength * bounded + LOGIT.difficulty * difficulty + LOGIT.both * bounded * difficulty;
  return Math.round(1_000 / (1 + Math.exp(-logit))) / 1_000;
}

function priorLatencyMs(band: Band | undefined, outputTokens: number): number {
  const usd = (band?.outputNanoPerToken ?? 0) / NANO_PER_TOKEN_AT_ONE_USD;
  const speed = usd === 0 ? UNPRICED_SPEED : (SPEEDS.find(({ upToUsd }) => usd <= upToUsd) ?? UNPRICED_SPEED);
  return Math.round(speed.firstTokenMs + (outputTokens * 1_000) / speed.tokensPerSecond);
}
