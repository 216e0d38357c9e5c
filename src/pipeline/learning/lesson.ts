import { z } from 'zod';
import { fading, offsetOf, type Weights } from './weights.ts';

/*
 * One step of logistic regression. How far a figure moves depends on how firmly it is held at 0 and on how much is known of it
 * by now, so that the first lessons move it most and a thousand do not carry it away. The figures were set by hand after
 * a look at the open part of four sets of outcomes (docs/routing.md).
 */
const HOLD = { kind: 10, model: 20, voice: 0.5 };
/** Errs to the side of having learned enough. */
const EVIDENCE = 8;
const VOICE_EVIDENCE = 1;
const LEAST_DOUBT = 0.05;
/** The difference between strong and weak models is what a choice hangs on. */
const TILT = 1.5;
const MAX_SLANT = 1.25;
/** How far one of the two layers of weights may move a logit. */
export const MAX_SHIFT = 1;

/** What a judged answer was like. */
export interface Example {
  /** What the request is about, a share for each kind. */
  shares: Float64Array;
  model: string;
  /** The model's place in the catalogue: 0 at its tenth, 1 at its ninetieth percentile. */
  strength: number;
  /** Of success, before anything learned. */
  logit: number;
  passed: boolean;
  /** How much it counts, from 0 to 1. */
  weight: number;
}

/** How generous a kind of voice is; taken off before anything is learned of models, and never used for a choice. */
export interface Voice {
  value: number;
  seen: number;
}

/** What one lesson has added to a layer, so that it can be taken back. */
export const Step = z.object({
  kinds: z.array(z.number()),
  model: z.number(),
});
export type Step = z.infer<typeof Step>;

/** What one lesson has changed. */
export const Lesson = z.object({
  at: z.number(),
  model: z.string(),
  slant: z.number(),
  /** How much was learned, before shares. */
  doubt: z.number(),
  shares: z.array(z.number()),
  voice: z.number(),
  own: Step.nullable(),
  shared: Step.nullable(),
});
export type Lesson = z.infer<typeof Lesson>;

/** From -1.25 for the weakest models to 1.25 for the strongest. */
export function slantOf(strength: number): number {
  return Math.max(-MAX_SLANT, Math.min(MAX_SLANT, 2 * strength - 1));
}

/** How far a layer moves the logit of a model, never further than `MAX_SHIFT`. */
export function shiftOf(weights: Weights, { level, tilt }: Slope, model: string, slant: number): number {
  const shift = level + slant * tilt + (weights.models.get(model)?.value ?? 0);
  return Math.max(-MAX_SHIFT, Math.min(MAX_SHIFT, shift));
}

export interface Slope {
  level: number;
  tilt: number;
}

/** What a layer says of a request, for all its candidates. */
export function slopeOf({ level, tilt }: Weights, shares: Float64Array): Slope {
  const slope = { level: 0, tilt: 0 };
  for (let kind = 0; kind < shares.length; kind++) {
    const share = shares[kind] ?? 0;
    slope.level += share * (level[kind] ?? 0);
    slope.tilt += share * (tilt[kind] ?? 0);
  }
  return slope;
}

interface Layers {
  own: Weights | null;
  shared: Weights | null;
  /** Both are read, whether they learn or not. */
  read: readonly Weights[];
  voice: Voice;
}

/** Learns from one example, in microseconds. All weights have faded to `at`. */
export function learnLesson(example: Example, { own, shared, read, voice }: Layers, at: number): Lesson {
  const { shares, model, weight } = example;
  const slant = slantOf(example.strength);
  let logit = example.logit + voice.value;
  for (const layer of read) logit += shiftOf(layer, slopeOf(layer, shares), model, slant);
  const chance = 1 / (1 + Math.exp(-logit));
  const error = weight * (Number(example.passed) - chance);
  const doubt = weight * Math.max(LEAST_DOUBT, chance * (1 - chance));

  voice.seen += VOICE_EVIDENCE * doubt;
  const generosity = round(error / (HOLD.voice + voice.seen));
  voice.value += generosity;
  const push = { shares, model, slant, doubt, error };
  return {
    at,
    model,
    slant,
    doubt,
    shares: [...shares],
    voice: generosity,
    own: own && takeStep(own, push),
    shared: shared && takeStep(shared, push),
  };
}

interface Push {
  shares: Float64Array;
  model: string;
  slant: number;
  doubt: number;
  error: number;
}

function takeStep(weights: Weights, { shares, model, slant, doubt, error }: Push): Step {
  const kinds: number[] = [];
  for (let kind = 0; kind < shares.length; kind++) {
    const share = shares[kind] ?? 0;
    const seen = (weights.seen[kind] ?? 0) + EVIDENCE * doubt * share * share;
    weights.seen[kind] = seen;
    const step = round((error * share) / (HOLD.kind + seen));
    kinds.push(step);
    moveKind(weights, kind, step, slant);
  }
  const offset = offsetOf(weights, model);
  offset.seen += EVIDENCE * doubt;
  const step = round(error / (HOLD.model + offset.seen));
  offset.value += step;
  return { kinds, model: step };
}

function moveKind(weights: Weights, kind: number, step: number, slant: number): void {
  weights.level[kind] = (weights.level[kind] ?? 0) + step;
  weights.tilt[kind] = (weights.tilt[kind] ?? 0) + TILT * slant * step;
}

/** Takes a lesson back: what is left of it by now is gone from the weights. */
export function unlearnLesson(lesson: Lesson, { own, shared, voice }: Omit<Layers, 'read'>, at: number): void {
  const left = fading(at - lesson.at);
  voice.value -= left * lesson.voice;
  voice.seen = Math.max(0, voice.seen - left * VOICE_EVIDENCE * lesson.doubt);
  if (own && lesson.own) takeBack(own, lesson, { step: lesson.own, left });
  if (shared && lesson.shared) takeBack(shared, lesson, { step: lesson.shared, left });
}

function takeBack(weights: Weights, lesson: Lesson, { step, left }: { step: Step; left: number }): void {
  const { slant, doubt } = lesson;
  for (let kind = 0; kind < weights.seen.length; kind++) {
    const share = lesson.shares[kind] ?? 0;
    weights.seen[kind] = Math.max(0, (weights.seen[kind] ?? 0) - left * EVIDENCE * doubt * share * share);
    moveKind(weights, kind, -left * (step.kinds[kind] ?? 0), slant);
  }
  const offset = offsetOf(weights, lesson.model);
  offset.value -= left * step.model;
  offset.seen = Math.max(0, offset.seen - left * EVIDENCE * doubt);
}

/** So that what is stored is exactly what was added. */
function round(step: number): number {
  return Math.round(step * 1e7) / 1e7;
}
