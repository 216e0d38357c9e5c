import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatRequest } from '../../chat/request.ts';
import { shareDigit } from '../../chat/topic-shares.ts';
import { FEATURE_NAMES, type FeatureName, type Features, INDEX, readRequest } from './features.ts';
import { calibrated, FAIL_HEADS, HEAD_NAMES, LEVEL_HEADS, parseHeads, readHeads } from './heads.ts';
import { REQUEST_KINDS, type RequestKind } from './request-kind.ts';
import { CONTEXT, CONTEXT_IN_NEED, DIFFICULTY, NEED } from './weights.ts';

export { REQUEST_KINDS } from './request-kind.ts';

export const COMPLEXITIES = ['simple', 'moderate', 'complex', 'expert'] as const;
export type Complexity = (typeof COMPLEXITIES)[number];

/** What kind of work it clearly is; `general` when it is anything else or mixed. */
export type TaskKind = 'code' | 'math' | 'general';

/** How likely a model of each quality class is to fail the request, from 0 to 1, never less for a weaker class. */
export interface Failures {
  small: number;
  medium: number;
  large: number;
  frontier: number;
}

/** How hard a request looks, and what that was read from. JSON-serialisable; holds no text of the request. */
export interface Classification {
  complexity: Complexity;
  /** How likely `complexity` is the right level of the four, from 0 to 1. */
  confidence: number;
  /** From 0 to 1: how much a stronger model is likely to help, for ranking. */
  difficulty: number;
  kind: TaskKind;
  /** What it is about, when one kind is more likely than not. */
  topic: RequestKind | null;
  /** How likely it is about each of `REQUEST_KINDS`; see `chat/topic-shares.ts`. */
  topics: string;
  failures: Failures;
  /** The features that are not 0. An absent one is 0. */
  features: Partial<Record<FeatureName, number>>;
}

/** The chance that the request belongs to a higher level, above which it is moved there: unsure means upwards. */
export const DOUBT_LIMIT = 0.43;
/** Of a text in which no word is known the heads know less than they think. */
const UNKNOWN_WORDS_DOUBT = 0.5;
const CLEAR_KIND = 0.9;
const SURE_TOPIC = 0.75;
const LIKELY_TOPIC = 0.4;

/** The shares of all classes failing above which a request is complex, and expert work; look-ups may fail in their own way. */
export const FAILING_CUTS = [0.45, 0.45, 0.7];
const CUT_SOFTNESS = 0.03;

const HEADS = calibrated(parseHeads(readFileSync(join(import.meta.dir, 'heads.bin'))));
const KIND_START = FAIL_HEADS.length + LEVEL_HEADS.length;
const CODE_HEAD = KIND_START + REQUEST_KINDS.indexOf('code');
const MATH_HEADS = [KIND_START + REQUEST_KINDS.indexOf('math'), KIND_START + REQUEST_KINDS.indexOf('proof')];
const NEED_LIST = Float64Array.from(FEATURE_NAMES, (name) => NEED[name] ?? 0);
const CONTEXT_LIST = Float64Array.from(FEATURE_NAMES, (name) => CONTEXT[name] ?? 0);
/** Filled anew for each request, so that a judgement makes little garbage. */
const logits = new Float64Array(HEAD_NAMES.length);

/**
 * Judges a request from its structure and words alone, in microseconds. Unsure means upwards: a level is given only when
 * the chance that a higher one is right is small. Never throws, whatever the text is.
 */
export function classify(request: ChatRequest): Classification {
  const reading = readRequest(request);
  const { features } = reading;
  readHeads(HEADS, reading, logits);
  const context = weigh(features, CONTEXT_LIST);
  const doubt = hasKnownWords(features) ? 1 : UNKNOWN_WORDS_DOUBT;
  const failures = failuresOf();
  const above = chancesAbove(context, doubt, failures);
  const level = levelOf(above);
  const [simple = 0, moderate = 0, complex = 0] = above;
  const need = weigh(features, NEED_LIST) + simple + moderate + 1.5 * complex + CONTEXT_IN_NEED * context;
  return {
    complexity: COMPLEXITIES[level] ?? 'expert',
    confidence: round((level === 0 ? 1 : (above[level - 1] ?? 0)) - (above[level] ?? 0)),
    difficulty: round(logistic((need - DIFFICULTY.centre) / DIFFICULTY.spread)),
    kind: kindOf(features),
    topic: topicOf(),
    topics: topicsOf(),
    failures,
    features: withoutZeros(features),
  };
}

function weigh(features: Features, weights: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < features.length; index++) sum += (weights[index] ?? 0) * (features[index] ?? 0);
  return sum;
}

/** The chance that the right level is above each of the first three: by its words, or by how many models would fail it. */
function chancesAbove(context: number, doubt: number, { small, medium, large, frontier }: Failures): number[] {
  const failing = (small + medium + large + frontier) / 4;
  const above: number[] = [];
  let least = 1;
  for (let level = 0; level < LEVEL_HEADS.length; level++) {
    const byWords = (logits[FAIL_HEADS.length + level] ?? 0) * doubt;
    const cut = FAILING_CUTS[level] ?? null;
    const byFailures = cut === null ? byWords : (failing - cut) / CUT_SOFTNESS;
    least = Math.min(least, logistic(Math.max(byWords, byFailures) + context));
    above.push(least);
  }
  return above;
}

function levelOf(above: readonly number[]): number {
  let level = 0;
  while (level < above.length && (above[level] ?? 0) > DOUBT_LIMIT) level++;
  return level;
}

/** Whether the text is in a language of which some words are known: their features are the first ones. */
function hasKnownWords(features: Features): boolean {
  for (let index = 0; index < INDEX.length; index++) if (features[index] !== 0) return true;
  return false;
}

function kindOf(features: Features): TaskKind {
  const at = (name: FeatureName): number => features[INDEX[name]] ?? 0;
  const codeSigns = at('code') + at('codeSymbols') + 2 * at('fences');
  const mathSigns = at('math') + at('mathSymbols') + at('latex') + at('prove') / 2;
  const isCode = isLikely(logistic(logits[CODE_HEAD] ?? 0), codeSigns);
  const isMath = isLikely(
    MATH_HEADS.reduce((sum, head) => sum + logistic(logits[head] ?? 0), 0),
    mathSigns,
  );
  if (isCode && isMath) return codeSigns > mathSigns ? 'code' : 'math';
  return isCode ? 'code' : isMath ? 'math' : 'general';
}

/** The words alone when they are sure, or with the signs that go with them. */
function isLikely(chance: number, signs: number): boolean {
  return chance >= SURE_TOPIC || (chance >= LIKELY_TOPIC && signs >= CLEAR_KIND / 2) || signs >= CLEAR_KIND * 2;
}

function topicOf(): RequestKind | null {
  let best = 0;
  let topic: RequestKind | null = null;
  for (let kind = 0; kind < REQUEST_KINDS.length; kind++) {
    const logit = logits[KIND_START + kind] ?? 0;
    if (logit <= best) continue;
    best = logit;
    topic = REQUEST_KINDS[kind] ?? null;
  }
  return topic;
}

function topicsOf(): string {
  let digits = '';
  for (let kind = 0; kind < REQUEST_KINDS.length; kind++)
    digits += shareDigit(logistic(logits[KIND_START + kind] ?? 0));
  return digits;
}

function failuresOf(): Failures {
  const frontier = logistic(logits[3] ?? 0);
  const large = Math.max(frontier, logistic(logits[2] ?? 0));
  const medium = Math.max(large, logistic(logits[1] ?? 0));
  const small = Math.max(medium, logistic(logits[0] ?? 0));
  return { small: round(small), medium: round(medium), large: round(large), frontier: round(frontier) };
}

function withoutZeros(features: Features): Partial<Record<FeatureName, number>> {
  const kept: Partial<Record<FeatureName, number>> = {};
  for (let index = 0; index < features.length; index++) {
    const exact = features[index] ?? 0;
    if (exact === 0) continue;
    const value = round(exact);
    const name = FEATURE_NAMES[index];
    if (value !== 0 && name !== undefined) kept[name] = value;
  }
  return kept;
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** Three decimals are more than the heads know. */
function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
