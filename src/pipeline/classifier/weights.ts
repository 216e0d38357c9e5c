import type { FeatureName } from './features.ts';

/*
 * What is set by hand, because no public data tells it or because data misleads.
 *
 * NEED ranks prompts by how much a stronger model is likely to help: six signs of how many conditions a prompt sets, each
 * divided by its spread over the open sets and then weighed alike. Gaps between two models learned on one set do not carry over
 * to the next (area under the recovered gap .45 to .57 where this reads .62), so nothing here is learned from outcomes.
 */
export const NEED: Partial<Readonly<Record<FeatureName, number>>> = Object.freeze({
  length: 1 / 0.139,
  commas: 1 / 0.383,
  logic: 1 / 0.33,
  constraint: 1 / 0.35,
  sequence: 1 / 0.22,
  mathSymbols: 1 / 0.259,
});

/** What stands around the question adds to both rankings, in logits of the levels. */
export const CONTEXT: Partial<Readonly<Record<FeatureName, number>>> = Object.freeze({
  conversation: 2,
  system: 1.2,
  turns: 1,
  tools: 1.5,
  toolResults: 2,
  toolErrors: 2,
  attachments: 1.5,
  schema: 0.8,
  effort: 3.7,
  longAnswer: 1.2,
});

/** A logit of context, as the same step of need. */
export const CONTEXT_IN_NEED = 0.7;

/** `difficulty` is the logistic of (need - centre) / spread. */
export const DIFFICULTY = Object.freeze({ centre: 8, spread: 2.4 });
