import { z } from 'zod';

/*
 * What has been learned, as corrections to the logit of success that the router starts from. A request is known here by what it
 * is about: a share for each kind of request. For each kind there is a `level`, for all models alike, and a `tilt`, for strong
 * models in one direction and for weak ones in the other; and for each model an offset. All of it starts at 0, so that
 * nothing learned changes nothing.
 */

/** After so long a lesson counts half: models and traffic change. */
const HALF_LIFE_MS = 90 * 86_400_000;
/** More models than an installation uses; those beyond it have no offset of their own. */
const MAX_MODELS = 500;

export interface Offset {
  value: number;
  /** How much has been learned of it: the more, the less the next lesson moves it. */
  seen: number;
}

export interface Weights {
  level: Float64Array;
  tilt: Float64Array;
  seen: Float64Array;
  models: Map<string, Offset>;
  /** Up to when old lessons have faded. */
  at: number;
}

export function createWeights(kinds: number, at: number): Weights {
  const zeros = () => new Float64Array(kinds);
  return { level: zeros(), tilt: zeros(), seen: zeros(), models: new Map(), at };
}

/** What is left after some time of what was learned. */
export function fading(elapsedMs: number): number {
  return 2 ** (-Math.max(0, elapsedMs) / HALF_LIFE_MS);
}

/** Lets old lessons fade up to now. */
export function fade(weights: Weights, now: number): void {
  const left = fading(now - weights.at);
  weights.at = Math.max(weights.at, now);
  if (left === 1) return;
  for (let kind = 0; kind < weights.seen.length; kind++) {
    weights.level[kind] = (weights.level[kind] ?? 0) * left;
    weights.tilt[kind] = (weights.tilt[kind] ?? 0) * left;
    weights.seen[kind] = (weights.seen[kind] ?? 0) * left;
  }
  for (const offset of weights.models.values()) {
    offset.value *= left;
    offset.seen *= left;
  }
}

/** The offset of a model, made where there is room for one. */
export function offsetOf({ models }: Weights, model: string): Offset {
  const known = models.get(model);
  if (known) return known;
  const made = { value: 0, seen: 0 };
  if (models.size < MAX_MODELS) models.set(model, made);
  return made;
}

const figure = z.number();
export const StoredWeights = z.object({
  /** By the kind's name, so that a later list of kinds still finds its own: level, tilt, seen. */
  kinds: z.record(z.string(), z.tuple([figure, figure, figure])),
  models: z.record(z.string(), z.tuple([figure, figure])),
  at: z.number(),
});
export type StoredWeights = z.infer<typeof StoredWeights>;

export function renderWeights({ level, tilt, seen, models, at }: Weights, names: readonly string[]): StoredWeights {
  const kinds: StoredWeights['kinds'] = {};
  names.forEach((name, kind) => {
    kinds[name] = [level[kind] ?? 0, tilt[kind] ?? 0, seen[kind] ?? 0];
  });
  const offsets: StoredWeights['models'] = {};
  for (const [model, { value, seen: known }] of models) offsets[model] = [value, known];
  return { kinds, models: offsets, at };
}

export function parseWeights(stored: StoredWeights, names: readonly string[]): Weights {
  const weights = createWeights(names.length, stored.at);
  names.forEach((name, kind) => {
    const [level, tilt, seen] = stored.kinds[name] ?? [0, 0, 0];
    weights.level[kind] = level;
    weights.tilt[kind] = tilt;
    weights.seen[kind] = seen;
  });
  for (const [model, [value, seen]] of Object.entries(stored.models)) weights.models.set(model, { value, seen });
  return weights;
}
