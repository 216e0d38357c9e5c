import { describe, expect, test } from 'bun:test';
import { foldsOf, groupByPassages } from './groups.ts';
import { auc, bootstrap, type PairOutcome, pairFigures } from './metrics.ts';
import { createRandom } from './random.ts';
import { fitLogistic, type Matrix, predict } from './regression.ts';

const random = createRandom(4);
/** The strong model is always right; the weak one where the need is small. */
const outcomes: PairOutcome[] = Array.from({ length: 2_000 }, () => {
  const need = random();
  return { score: need, strong: 1, weak: Number(need < 0.5) };
});

describe("RouteLLM's figures", () => {
  test('a score that knows nothing reads one half', () => {
    const { apgr, cpt50, cpt80 } = pairFigures(outcomes.map((one) => ({ ...one, score: 0 })));
    expect(apgr).toBeCloseTo(0.5, 1);
    expect(cpt50).toBeCloseTo(0.5, 1);
    expect(cpt80).toBeCloseTo(0.8, 1);
  });

  test('a perfect score recovers the gap as fast as there are prompts that need it, and the reverse as slowly', () => {
    const perfect = pairFigures(outcomes);
    // Half of the prompts need it: the gap closes in a straight line to one half, and stays closed.
    expect(perfect.apgr).toBeCloseTo(0.75, 1);
    expect(perfect.cpt50).toBeCloseTo(0.25, 1);
    expect(pairFigures(outcomes.map((one) => ({ ...one, score: -one.score }))).apgr).toBeCloseTo(0.25, 1);
  });

  test('the interval of a figure holds it', () => {
    const { value, low, high } = bootstrap(outcomes.slice(0, 300), (sample) => pairFigures(sample).apgr, 50);
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
  });
});

test('the area under the curve counts pairs, and ties half', () => {
  const scored = (scores: [number, boolean][]) => auc(scores.map(([score, isPositive]) => ({ score, isPositive })));
  expect(
    scored([
      [1, true],
      [0, false],
    ]),
  ).toBe(1);
  expect(
    scored([
      [0, true],
      [1, false],
    ]),
  ).toBe(0);
  expect(
    scored([
      [1, true],
      [1, false],
    ]),
  ).toBe(0.5);
  expect(
    scored([
      [3, true],
      [1, true],
      [2, false],
    ]),
  ).toBe(0.5);
});

test('prompts that share eight words in a row are never on both sides of a fold', () => {
  const passage = 'the quick brown fox jumps over the lazy dog';
  const prompts = [`${passage} a`, 'something else', `b ${passage}`, 'Something else!', 'third'];
  const groups = groupByPassages(prompts);
  expect(groups[0]).toBe(groups[2] ?? -1);
  expect(groups[1]).toBe(groups[3] ?? -1);
  expect(groups[4]).not.toBe(groups[0] ?? -1);
  const folds = foldsOf(groups, 3, 1);
  expect(folds[0]).toBe(folds[2] ?? -1);
});

test('logistic regression finds the side of a plane, and a firm hold keeps it where it began', () => {
  const rows = 400;
  const matrix: Matrix = {
    starts: Int32Array.from({ length: rows + 1 }, (_, row) => 2 * row),
    columns: Int32Array.from({ length: 2 * rows }, (_, index) => index % 2),
    values: Float32Array.from({ length: 2 * rows }, () => random() * 2 - 1),
    width: 2,
  };
  const targets = Float64Array.from({ length: rows }, (_, row) =>
    Number((matrix.values[2 * row] ?? 0) > (matrix.values[2 * row + 1] ?? 0)),
  );
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const free = fitLogistic({ matrix, rows: all, targets, penalties: Float64Array.of(0.01, 0.01) });
  const right = all.filter((row) => predict(matrix, free, row) > 0 === (targets[row] === 1));
  expect(right.length / rows).toBeGreaterThan(0.97);
  const held = fitLogistic({ matrix, rows: all, targets, penalties: Float64Array.of(1e9, 1e9) });
  expect(Math.abs(held[0] ?? 1)).toBeLessThan(0.001);
});
