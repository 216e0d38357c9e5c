import type { ChatRequest } from '../../chat/request.ts';
import { type Band, type Catalogue, costOf, type Entry } from './catalogue.ts';
import type { Failures, Judgement } from './decision.ts';
import { estimateOutputTokens } from './estimate.ts';

/*
 * The logit of success: where it starts, what strength adds, what difficulty takes, and how much more strength tells on
 * hard requests. Set so that on the easiest requests every listed model does well (.93 to .99), and on the hardest the
 * weak end of the catalogue succeeds three times in ten and the strong end nine. A prior, not a measurement: outcome data
 * for today's models is not public.
 */
const LOGIT = { start: 3.03, strength: 1.9, difficulty: -4.3, both: 1.06 };
/**
 * Where the classes the heads were trained on stand on the scale of strengths, and how much better today's models of the same
 * standing do, in logits. The heads know prompts and not today's models, so half of the judgement is left to the prior above.
 */
const ANCHORS: readonly { at: number; of: keyof Failures }[] = [
  { at: -0.3, of: 'small' },
  { at: 0.15, of: 'medium' },
  { at: 0.55, of: 'large' },
  { at: 0.95, of: 'frontier' },
];
const PROGRESS = 1.5;
const HEADS_SHARE = 0.5;
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

/** With less than this share of a rate limit left, others at the same key are likely to have taken it before the call is there. */
const SCARCE = 0.05;
/** How likely a call is answered when nothing seems to be left. */
const LEAST_OPEN = 0.5;

/** Measured milliseconds for a whole reply; null = nothing measured yet. */
export type Latency = (providerId: string, modelId: string) => number | null;

/** What this gateway has seen of a model lately. */
export interface TrackRecord {
  firstContentMs: number | null;
  firstContentP95Ms: number | null;
  msPerToken: number | null;
  /** The share of calls that were answered; null = none lately. */
  health: number | null;
}

/** What every candidate of one request is measured against. */
export interface Yardstick {
  request: ChatRequest;
  judgement: Judgement;
  /** At tokenizer factor 1. */
  promptTokens: number;
  /** The least expected success that counts as good enough. */
  floor: number;
  latency: Latency | undefined;
  /** What has been seen of a model lately. */
  seen?: ((providerId: string, modelId: string) => TrackRecord | null) | undefined;
  /** The share that is left of a provider's rate limits for a model; null = nobody told. */
  room?: ((model: Entry['model'], promptTokens: number, outputTokens: number) => number | null) | undefined;
  /** What of this prompt a model's provider is expected to have in its cache, and how many turns are still to come. */
  ahead?: { cachedTokens: (entry: Entry) => number; turns: number } | undefined;
}

export interface Scored {
  entry: Entry;
  quality: number | null;
  success: number;
  costNanoUsd: number | null;
  /** What candidates are compared by: in a conversation, the mean of this turn and those expected to follow it. */
  weighedNanoUsd: number | null;
  latencyMs: number;
  outputTokens: number;
  firstContentMs: number | null;
  firstContentP95Ms: number | null;
  health: number | null;
  /** The share that is left of its rate limit, where that is so little that it tells; else null. */
  scarceRoom: number | null;
  meetsFloor: boolean;
}

/** The expected success a model needs for this request, less what the operator is willing to give up. */
export function floorOf(catalogue: Catalogue, judgement: Judgement, tolerance: number): number {
  const { kind, complexity } = judgement;
  return Math.max(0, expectedSuccess(catalogue.floors[kind][complexity], judgement) - tolerance);
}

export function score(entry: Entry, yardstick: Yardstick): Scored {
  const { request, judgement, floor, latency } = yardstick;
  const { model } = entry;
  const outputTokens = estimateOutputTokens(request, model, judgement.complexity);
  const quality = entry.scores[judgement.kind];
  const seen = yardstick.seen?.(model.provider, model.id) ?? UNSEEN;
  const { firstContentMs, firstContentP95Ms, health } = seen;
  // A call that is not answered does nothing well.
  const scarceRoom = scarceRoomOf(entry, yardstick, outputTokens);
  const open = scarceRoom === null ? 1 : LEAST_OPEN + ((1 - LEAST_OPEN) * scarceRoom) / SCARCE;
  const success = round(expectedSuccess(entry.strengths[judgement.kind], judgement) * (health ?? 1) * open);
  const costs = costsOf(entry, yardstick, outputTokens);
  return {
    entry,
    quality,
    success,
    ...costs,
    latencyMs: latency?.(model.provider, model.id) ?? expectedLatencyMs(entry.bands[0], outputTokens, seen),
    outputTokens,
    firstContentMs,
    firstContentP95Ms,
    health,
    scarceRoom,
    // Nobody can say that a model without a score is good enough.
    meetsFloor: quality !== null && success >= floor,
  };
}

function scarceRoomOf(entry: Entry, { promptTokens, room }: Yardstick, outputTokens: number): number | null {
  const left = room?.(entry.model, promptTokens * factorOf(entry), outputTokens) ?? null;
  return left !== null && left < SCARCE ? left : null;
}

interface Known {
  judgement: Judgement;
  promptTokens: number;
  outputTokens: number;
  tolerance: number;
}

/** The same for a request of before, of which the length of the answer is known. */
export function scoreKnown(
  entry: Entry,
  catalogue: Catalogue,
  { judgement, promptTokens, outputTokens, tolerance }: Known,
): Scored {
  const quality = entry.scores[judgement.kind];
  const success = expectedSuccess(entry.strengths[judgement.kind], judgement);
  const costNanoUsd = costOf(entry, promptTokens, outputTokens);
  return {
    entry,
    quality,
    success,
    costNanoUsd,
    weighedNanoUsd: costNanoUsd,
    latencyMs: expectedLatencyMs(entry.bands[0], outputTokens, UNSEEN),
    outputTokens,
    ...{ firstContentMs: null, firstContentP95Ms: null, health: null, scarceRoom: null },
    meetsFloor: quality !== null && success >= floorOf(catalogue, judgement, tolerance),
  };
}

/** Now, and in the mean of the turns ahead, in which the provider has all of this prompt in its cache. */
function costsOf(entry: Entry, { promptTokens, ahead }: Yardstick, outputTokens: number) {
  const prompt = Math.ceil(promptTokens * factorOf(entry));
  const costNanoUsd = costOf(entry, prompt, outputTokens, ahead?.cachedTokens(entry));
  if (!ahead || costNanoUsd === null) return { costNanoUsd, weighedNanoUsd: costNanoUsd };
  const later = costOf(entry, prompt, outputTokens, prompt) ?? costNanoUsd;
  return { costNanoUsd, weighedNanoUsd: Math.round((costNanoUsd + ahead.turns * later) / (1 + ahead.turns)) };
}

const UNSEEN: TrackRecord = { firstContentMs: null, firstContentP95Ms: null, msPerToken: null, health: null };

/** Tokens of the same text, against a tokenizer with factor 1. */
export function factorOf({ model }: Entry): number {
  return model.tokenizer?.factor ?? 1;
}

/** The chance that a model of this strength does this request well, to three decimals; more for more strength. */
export function expectedSuccess(
  strength: number | null,
  { difficulty, failures }: Pick<Judgement, 'difficulty' | 'failures'>,
): number {
  const bounded = Math.max(MIN_STRENGTH, Math.min(MAX_STRENGTH, strength ?? UNKNOWN_STRENGTH));
  const prior =
    LOGIT.start + LOGIT.strength * bounded + LOGIT.difficulty * difficulty + LOGIT.both * bounded * difficulty;
  const logit = failures ? prior + HEADS_SHARE * (headLogit(bounded, failures) - prior) : prior;
  return round(1 / (1 + Math.exp(-logit)));
}

/** What the heads say of a model between two of their classes; beyond the last class it goes on with the same step. */
function headLogit(strength: number, failures: Failures): number {
  const beyond = ANCHORS.findIndex(({ at }) => at >= strength);
  const above = beyond === -1 ? ANCHORS.length - 1 : Math.max(1, beyond);
  const [lower, upper] = [ANCHORS[above - 1], ANCHORS[above]];
  if (!lower || !upper) return 0;
  const [from, to] = [successLogit(failures[lower.of]), successLogit(failures[upper.of])];
  const part = (strength - lower.at) / (upper.at - lower.at);
  return PROGRESS + from + part * Math.max(0, to - from);
}

function successLogit(failing: number): number {
  const bounded = Math.max(0.01, Math.min(0.99, failing));
  return Math.log((1 - bounded) / bounded);
}

/** By what was measured where there is that; by price where there is not. */
function expectedLatencyMs(
  band: Band | undefined,
  outputTokens: number,
  { firstContentMs, msPerToken }: Pick<TrackRecord, 'firstContentMs' | 'msPerToken'>,
): number {
  const usd = (band?.outputNanoPerToken ?? 0) / NANO_PER_TOKEN_AT_ONE_USD;
  const speed = usd === 0 ? UNPRICED_SPEED : (SPEEDS.find(({ upToUsd }) => usd <= upToUsd) ?? UNPRICED_SPEED);
  const writingMs = outputTokens * (msPerToken ?? 1_000 / speed.tokensPerSecond);
  return Math.round((firstContentMs ?? speed.firstTokenMs) + writingMs);
}

function round(share: number): number {
  return Math.round(share * 1_000) / 1_000;
}
