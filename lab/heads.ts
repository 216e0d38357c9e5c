import { FEATURE_NAMES } from '../src/pipeline/classifier/features.ts';
import { FAIL_HEADS, HEAD_NAMES, type Heads, LEVEL_HEADS, packBytes, WORDS } from '../src/pipeline/classifier/heads.ts';
import type { Calibration } from './calibration.ts';
import type { Row } from './data.ts';
import { learnFailures } from './failures.ts';
import { featureFactor, readPrompts, type Scaling, scalingOf, toMatrix } from './matrix.ts';
import { fitLogistic, type Matrix } from './regression.ts';
import { TARGETS } from './targets.ts';

export const BITS = 14;
const PENALTY = 1;
/** The tier labels are few against the outcomes, and the levels are to keep to them. */
const LABELLED_WEIGHT = 4;
const OUTCOME_WEIGHT = 0.03;

/** Learned heads in full precision, in the scaled columns of the lab. */
export interface LearnedHeads {
  scaling: Scaling;
  weights: Float64Array[];
  calibrations: Calibration[];
}

export function prepareRows(rows: readonly Row[]): { matrix: Matrix; scaling: Scaling } {
  const readings = readPrompts(
    rows.map((row) => row.prompt),
    BITS,
  );
  const scaling = scalingOf(readings);
  return { matrix: toMatrix(readings, scaling), scaling };
}

/** Learns the heads with these numbers from the given rows of a matrix. */
export function learnHeads(
  rows: readonly Row[],
  matrix: Matrix,
  options: { among: Int32Array; heads?: number[] },
): Float64Array[] {
  const penalties = new Float64Array(matrix.width).fill(PENALTY);
  const forLevels = Float64Array.from(rows, (row) => (row.label === undefined ? OUTCOME_WEIGHT : LABELLED_WEIGHT));
  const wanted = options.heads ?? HEAD_NAMES.map((_, head) => head);
  const failures = wanted.some((head) => head < FAIL_HEADS.length) ? learnFailures(rows, matrix, options.among) : [];
  return wanted.map((head) => {
    const failure = failures[head];
    if (failure) return failure;
    const targetOf = TARGETS[head];
    if (!targetOf) throw new Error(`there is no target for head ${head}`);
    const targets = Float64Array.from(rows, targetOf);
    const among = options.among.filter((row) => !Number.isNaN(targets[row]));
    const weights = head >= FAIL_HEADS.length && head < FAIL_HEADS.length + LEVEL_HEADS.length ? forLevels : undefined;
    return fitLogistic({ matrix, rows: among, targets, weights, penalties });
  });
}

/** The heads as they are shipped: scaling folded into the weights, tokens in a byte each. */
export function quantise({ scaling, weights, calibrations }: LearnedHeads): Heads {
  const width = HEAD_NAMES.length;
  const size = 1 << BITS;
  const bytes = weights.map(() => new Int8Array(size));
  const heads: Heads = {
    bits: BITS,
    biases: new Float32Array(width),
    scales: new Float32Array(width),
    slopes: Float32Array.from(calibrations, ({ slope }) => slope),
    offsets: Float32Array.from(calibrations, ({ offset }) => offset),
    features: new Float32Array(width * FEATURE_NAMES.length),
    tokens: new Int32Array(WORDS * size),
  };
  weights.forEach((learned, head) => {
    let bias = learned[size + FEATURE_NAMES.length] ?? 0;
    for (let feature = 0; feature < FEATURE_NAMES.length; feature++) {
      const weight = (learned[size + feature] ?? 0) * featureFactor(scaling, feature);
      heads.features[feature * width + head] = weight;
      bias -= weight * (scaling.means[feature] ?? 0);
    }
    heads.biases[head] = bias;

    let largest = 0;
    for (let column = 0; column < size; column++) {
      largest = Math.max(largest, Math.abs((learned[column] ?? 0) * (scaling.rarity[column] ?? 0)));
    }
    const scale = largest / 127 || 1;
    heads.scales[head] = scale;
    for (let column = 0; column < size; column++) {
      const weight = (learned[column] ?? 0) * (scaling.rarity[column] ?? 0);
      const of = bytes[head];
      if (of) of[column] = Math.round(weight / scale);
    }
  });
  for (let index = 0; index < heads.tokens.length; index++) {
    const [column, word] = [Math.floor(index / WORDS), index % WORDS];
    heads.tokens[index] = packBytes([0, 1, 2, 3].map((lane) => bytes[word * 4 + lane]?.[column] ?? 0));
  }
  return heads;
}
