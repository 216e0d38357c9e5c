import type { ChatRequest } from '../../chat/request.ts';
import { FEATURE_NAMES, type FeatureName, type Features, INDEX, readFeatures } from './features.ts';
import { CUTS, DIFFICULTY, SPREAD, WEIGHTS } from './weights.ts';

export const COMPLEXITIES = ['simple', 'moderate', 'complex', 'expert'] as const;
export type Complexity = (typeof COMPLEXITIES)[number];

/** What kind of work it clearly is; `general` when it is anything else or mixed. */
export type TaskKind = 'code' | 'math' | 'general';

/** How hard a request looks, and what that was read from. JSON-serialisable; holds no text of the request. */
export interface Classification {
  complexity: Complexity;
  /** How likely `complexity` is the right level of the four, from 0 to 1. */
  confidence: number;
  /** From 0 to 1, for ranking; `complexity` is a cut of it after doubt has moved it upwards. */
  difficulty: number;
  kind: TaskKind;
  /** The features that are not 0. An absent one is 0. */
  features: Partial<Record<FeatureName, number>>;
}

/** The chance that the request belongs to a higher level, above which it is moved there. */
const DOUBT_LIMIT = 0.4;
const CLEAR_KIND = 0.9;

const WEIGHT_LIST = Float64Array.from(FEATURE_NAMES, (name) => WEIGHTS[name]);
/** Any of these being there means that the text is in a language of which some words are known. */
const WORD_FEATURES = [
  INDEX.prove,
  INDEX.design,
  INDEX.analyse,
  INDEX.explain,
  INDEX.lookup,
  INDEX.reason,
  INDEX.greeting,
  INDEX.transform,
  INDEX.code,
  INDEX.math,
  INDEX.science,
];

/**
 * Judges a request from its structure and words alone, in microseconds. Unsure means upwards: a level is given only when
 * the chance that a higher one is right is at most 40 %. Never throws, whatever the text is.
 */
export function classify(request: ChatRequest): Classification {
  const features = readFeatures(request);
  const score = scoreOf(features);
  const spread = hasKnownWords(features) ? SPREAD.knownWords : SPREAD.noKnownWords;
  const level = levelOf(score, spread);
  return {
    complexity: COMPLEXITIES[level] ?? 'expert',
    confidence: round(chanceAbove(score, level - 1, spread) - chanceAbove(score, level, spread)),
    difficulty: round(logistic((score - DIFFICULTY.centre) / DIFFICULTY.spread)),
    kind: kindOf(features),
    features: withoutZeros(features),
  };
}

function scoreOf(features: Features): number {
  let score = 0;
  for (let index = 0; index < features.length; index++) score += (WEIGHT_LIST[index] ?? 0) * (features[index] ?? 0);
  return score;
}

function levelOf(score: number, spread: number): number {
  let level = 0;
  while (level < CUTS.length && chanceAbove(score, level, spread) > DOUBT_LIMIT) level++;
  return level;
}

/** The chance that the right level is above this one: a proportional-odds model with `CUTS` as its thresholds. */
function chanceAbove(score: number, level: number, spread: number): number {
  if (level < 0) return 1;
  const cut = CUTS[level];
  return cut === undefined ? 0 : logistic((score - cut) / spread);
}

function hasKnownWords(features: Features): boolean {
  return WORD_FEATURES.some((index) => features[index] !== 0);
}

function kindOf(features: Features): TaskKind {
  const at = (name: FeatureName): number => features[INDEX[name]] ?? 0;
  const codeSignal = at('code') + at('codeSymbols') + 2 * at('fences');
  const mathSignal = at('math') + at('mathSymbols') + at('latex') + at('prove') / 2;
  if (Math.max(codeSignal, mathSignal) < CLEAR_KIND) return 'general';
  return codeSignal > mathSignal ? 'code' : 'math';
}

function withoutZeros(features: Features): Partial<Record<FeatureName, number>> {
  const kept: Partial<Record<FeatureName, number>> = {};
  FEATURE_NAMES.forEach((name, index) => {
    const value = round(features[index] ?? 0);
    if (value !== 0) kept[name] = value;
  });
  return kept;
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** Three decimals are more than the score knows. */
function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
