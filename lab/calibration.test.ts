import { describe, expect, test } from 'bun:test';
import { brier, calibrate, calibrationError, chancesOf, reliability, type Told, UNCALIBRATED } from './calibration.ts';
import { createRandom } from './random.ts';

const ROWS = 20_000;
const random = createRandom(3);
/** Logits that are three times too large and one too high, and what comes of the true chances. */
const truths = Float64Array.from({ length: ROWS }, () => 4 * random() - 2);
const logits = truths.map((truth) => 3 * truth + 1);
const targets = chancesOf(truths, UNCALIBRATED).map((chance) => Number(random() < chance));

const toldOf = (chances: Float64Array): Told[] =>
  [...chances].map((chance, row) => ({ chance, target: targets[row] ?? 0 }));

describe('calibrating', () => {
  test('logits that are too sure are brought back to what comes', () => {
    const calibration = calibrate(logits, targets);
    expect(calibration.slope).toBeCloseTo(1 / 3, 1);
    expect(calibration.offset).toBeCloseTo(-1 / 3, 1);
    const [before, after] = [UNCALIBRATED, calibration].map((one) => toldOf(chancesOf(logits, one)));
    expect(calibrationError(before ?? [])).toBeGreaterThan(0.1);
    expect(calibrationError(after ?? [])).toBeLessThan(0.03);
    expect(brier(after ?? [])).toBeLessThan(brier(before ?? []));
  });

  test('rows that do not tell are left out', () => {
    const half = targets.map((target, row) => (row % 2 === 0 ? target : Number.NaN));
    expect(calibrate(logits, half).slope).toBeCloseTo(1 / 3, 1);
  });

  test('logits that say the reverse of what came are left as they are', () => {
    expect(
      calibrate(
        logits.map((logit) => -logit),
        targets,
      ),
    ).toEqual(UNCALIBRATED);
  });
});

test('the bins of a reliability table hold all rows, by rising chance', () => {
  const bins = reliability(toldOf(chancesOf(truths, UNCALIBRATED)));
  expect(bins).toHaveLength(10);
  expect(bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(ROWS);
  expect(bins.map((bin) => bin.told)).toEqual(bins.map((bin) => bin.told).sort((a, b) => a - b));
});

test('a teller that is always right has no error, and one that is always wrong has all of it', () => {
  const always = (chance: number, target: number): Told[] => Array.from({ length: 20 }, () => ({ chance, target }));
  expect(calibrationError(always(1, 1))).toBe(0);
  expect(brier(always(1, 1))).toBe(0);
  expect(calibrationError(always(1, 0))).toBe(1);
  expect(brier(always(0, 1))).toBe(1);
});
