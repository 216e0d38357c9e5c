import { FEATURE_NAMES } from '../src/pipeline/classifier/features.ts';
import type { Row } from './data.ts';
import { MODEL_CLASSES } from './model-classes.ts';
import { fitLogistic, type Matrix, predict } from './regression.ts';
import { failuresOf } from './targets.ts';

/** What all classes share is held at nothing; what is a class's own, at what they share, and more firmly. */
const SHARED = { token: 3, feature: 100 };
const OWN = { token: 50, feature: 300 };
const OWN_STEPS = 15;
const SHARED_STEPS = 30;
const CLASS_PENALTY = 0.01;
/** How much the agreement of the sets counts beside what was learned from all of them at once. */
const AGREEMENT = 0.5;
/** A family of fewer rows has no say in the agreement. */
const FAMILY_ROWS = 100;
/** A class with fewer rows keeps what it shares with the others. */
const CLASS_ROWS = 50;

/**
 * One head a quality class: how likely a model of the class fails. What makes a prompt hard is much the same for all classes,
 * so it is learned once and each class departs from it a little. To that comes the plain correlation of each feature with
 * failing, as a mean over the families of sets: weights that are fitted jointly lean on what tells one set from the next,
 * and do worse on sets that were never seen.
 */
export function learnFailures(rows: readonly Row[], matrix: Matrix, among: Int32Array): Float64Array[] {
  const failures = rows.map(failuresOf);
  const shared = learnShared(failures, matrix, among);
  const agreement = agreeingFeatures(rows, failures, { matrix, among });
  return MODEL_CLASSES.map((_, level) => {
    const targets = Float64Array.from(failures, (shares) => shares[level] ?? Number.NaN);
    const some = among.filter((row) => !Number.isNaN(targets[row]));
    const start = shared.of(level);
    const own =
      some.length < CLASS_ROWS
        ? start
        : fitLogistic({ matrix, rows: some, targets, penalties: penaltiesOf(matrix, OWN), start, steps: OWN_STEPS });
    return mixed(own, agreement, { matrix, among });
  });
}

function penaltiesOf({ width }: Matrix, { token, feature }: { token: number; feature: number }): Float64Array {
  const penalties = new Float64Array(width).fill(token);
  return penalties.fill(feature, width - FEATURE_NAMES.length);
}

/** One model for all classes, each with a bias of its own; a prompt counts once, however many classes were asked it. */
function learnShared(failures: readonly number[][], matrix: Matrix, among: Int32Array) {
  const stacked = stackClasses(failures, matrix, among);
  const penalties = new Float64Array(stacked.matrix.width).fill(CLASS_PENALTY);
  penalties.set(penaltiesOf(matrix, SHARED));
  const weights = fitLogistic({ ...stacked, penalties, steps: SHARED_STEPS });
  const of = (level: number): Float64Array => {
    const own = weights.slice(0, matrix.width + 1);
    own[matrix.width] = (weights[matrix.width + level] ?? 0) + (weights.at(-1) ?? 0);
    return own;
  };
  return { of };
}

/** Each prompt once for every class that was asked it, with one more column a class. */
function stackClasses(failures: readonly number[][], matrix: Matrix, among: Int32Array) {
  const entries: { row: number; level: number; target: number; weight: number }[] = [];
  let size = 0;
  for (const row of among) {
    const shares = failures[row] ?? [];
    const known = shares.filter((share) => !Number.isNaN(share)).length;
    shares.forEach((target, level) => {
      if (Number.isNaN(target)) return;
      entries.push({ row, level, target, weight: 1 / known });
      size += (matrix.starts[row + 1] ?? 0) - (matrix.starts[row] ?? 0) + 1;
    });
  }
  const starts = new Int32Array(entries.length + 1);
  const columns = new Int32Array(size);
  const values = new Float32Array(size);
  let at = 0;
  entries.forEach(({ row, level }, index) => {
    const [from, to] = [matrix.starts[row] ?? 0, matrix.starts[row + 1] ?? 0];
    columns.set(matrix.columns.subarray(from, to), at);
    values.set(matrix.values.subarray(from, to), at);
    at += to - from;
    columns[at] = matrix.width + level;
    values[at++] = 1;
    starts[index + 1] = at;
  });
  return {
    matrix: { starts, columns, values, width: matrix.width + MODEL_CLASSES.length },
    rows: Int32Array.from(entries.keys()),
    targets: Float64Array.from(entries, (entry) => entry.target),
    weights: Float64Array.from(entries, (entry) => entry.weight),
  };
}

/** Weights of the features alone: how each goes with failing, as a mean over families that count alike. */
function agreeingFeatures(
  rows: readonly Row[],
  failures: readonly number[][],
  { matrix, among }: { matrix: Matrix; among: Int32Array },
): Float64Array {
  const families = Map.groupBy(
    [...among].filter((row) => failures[row]?.some((share) => !Number.isNaN(share))),
    (row) => familyOf(rows[row]),
  );
  const large = [...families.values()].filter((family) => family.length >= FAMILY_ROWS);
  const weights = new Float64Array(matrix.width + 1);
  for (const family of large) {
    const hardness = centredFailures(failures, family);
    const correlations = correlationsOf(matrix, family, hardness);
    correlations.forEach((correlation, feature) => {
      const column = matrix.width - FEATURE_NAMES.length + feature;
      weights[column] = (weights[column] ?? 0) + correlation / large.length;
    });
  }
  return weights;
}

/** Sets that come from one place: `zeroeval-gsm` and `zeroeval-crux`. */
export function familyOf(row: Row | undefined): string {
  return row?.source.split('-')[0] ?? '';
}

/** How much more than usual a prompt is failed, as a mean over classes: weak classes must not make a set look hard. */
function centredFailures(failures: readonly number[][], family: readonly number[]): number[] {
  const usual = MODEL_CLASSES.map((_, level) => {
    const known = family.map((row) => failures[row]?.[level] ?? Number.NaN).filter((share) => !Number.isNaN(share));
    return known.reduce((sum, share) => sum + share, 0) / known.length;
  });
  return family.map((row) => {
    const more = usual.map((share, level) => (failures[row]?.[level] ?? Number.NaN) - share);
    const known = more.filter((share) => !Number.isNaN(share));
    return known.reduce((sum, share) => sum + share, 0) / known.length;
  });
}

function correlationsOf(matrix: Matrix, family: readonly number[], hardness: readonly number[]): number[] {
  const first = matrix.width - FEATURE_NAMES.length;
  const sums = FEATURE_NAMES.map(() => ({ x: 0, xx: 0, xy: 0 }));
  let [y, yy] = [0, 0];
  family.forEach((row, index) => {
    const hard = hardness[index] ?? 0;
    y += hard;
    yy += hard * hard;
    for (let entry = matrix.starts[row] ?? 0; entry < (matrix.starts[row + 1] ?? 0); entry++) {
      const sum = sums[(matrix.columns[entry] ?? 0) - first];
      if (!sum) continue;
      const value = matrix.values[entry] ?? 0;
      sum.x += value;
      sum.xx += value * value;
      sum.xy += value * hard;
    }
  });
  const count = family.length;
  return sums.map(({ x, xx, xy }) => {
    const both = Math.sqrt((xx - (x * x) / count) * (yy - (y * y) / count));
    return both > 1e-9 ? (xy - (x * y) / count) / both : 0;
  });
}

/** A mean of both, on the scale of the first. */
function mixed(
  learned: Float64Array,
  agreement: Float64Array,
  { matrix, among }: { matrix: Matrix; among: Int32Array },
): Float64Array {
  const spread = spreadOf(matrix, learned, among);
  const other = spreadOf(matrix, agreement, among);
  const factor = other > 1e-9 ? (AGREEMENT * spread) / other : 0;
  return learned.map((weight, column) => (weight + factor * (agreement[column] ?? 0)) / (1 + AGREEMENT));
}

function spreadOf(matrix: Matrix, weights: Float64Array, among: Int32Array): number {
  let [sum, squares] = [0, 0];
  for (const row of among) {
    const logit = predict(matrix, weights, row);
    sum += logit;
    squares += logit * logit;
  }
  return Math.sqrt(Math.max(0, squares / among.length - (sum / among.length) ** 2));
}
