import type { FeatureName } from './features.ts';

/*
 * Where these numbers come from. The weights of the text were set by hand after published findings (length and constraints
 * tell most, proofs and designs are hard, a look-up is easy) and then moved a little by a fit that was held near that start:
 * an ordinal regression on UncommonRoute's tier labels (MIT, 16 languages, its train and dev parts) together with a ranking
 * of prompts by how many models failed them in MMLU-Pro without its MMLU-derived rows (Apache-2.0), LLMRouter without MMLU and
 * GSM8K (MIT), and ZeroEval's MATH level 5 and CRUXEval (Apache-2.0). RouteLLM's MMLU and GSM8K outcomes were never fitted on,
 * only looked at to choose among a handful of starts. The weights of the context (turns, tools, effort) have no public data
 * behind them and are set by hand. On the open parts: four-tier accuracy .81 on UncommonRoute's test part, APGR .60 on
 * RouteLLM's MMLU and .58 on its GSM8K (360 prompts, so give or take .05).
 */

/** How much each feature adds to the score. */
export const WEIGHTS: Readonly<Record<FeatureName, number>> = Object.freeze({
  length: 3.25,
  longLength: 4.86,
  wordLength: 0.14,
  longWords: 0.13,
  upper: -0.11,
  digits: 0.09,
  numbers: 0.6,
  mathSymbols: 0.3,
  codeSymbols: 0.14,
  latex: 1.48,
  fences: 0,
  lines: 0,
  bullets: 0,
  options: 0,
  blanks: 0,
  questions: -0.76,
  sentences: -0.55,
  commas: 1.97,
  otherScript: 0.11,

  prove: 4.42,
  design: 1.22,
  analyse: 0.46,
  explain: 0,
  lookup: -1.05,
  reason: 0,
  greeting: -1.07,
  transform: -0.35,
  code: 0.45,
  math: 0.97,
  science: 0.87,
  law: 0.49,
  medicine: 0.45,
  constraint: 2.12,
  sequence: 1.32,
  logic: 2.53,

  conversation: 0.8,
  system: 0.5,
  turns: 0.4,
  tools: 0.6,
  toolResults: 0.8,
  toolErrors: 0.8,
  attachments: 0.6,
  schema: 0.3,
  effort: 1.5,
  longAnswer: 0.5,
});

/** The scores at which a request is as likely to belong above a level as to it or below; doubt falls off logistically. */
export const CUTS = Object.freeze([0.88, 3.43, 5.12] as const);

/**
 * How fast doubt falls off with the distance from a cut. On UncommonRoute's test part, on which it was not fitted, the first
 * gives a mean confidence of .77 at an accuracy of .81; modest, because its labels are cleaner than traffic. Scores say less
 * about a text in which no word is known, so its levels are spread wider.
 */
export const SPREAD = Object.freeze({ knownWords: 0.4, noKnownWords: 1 });

/** `difficulty` is the logistic of (score - centre) / spread: .2, .57 and .8 at the three cuts. */
export const DIFFICULTY = Object.freeze({ centre: 3, spread: 1.5 });
