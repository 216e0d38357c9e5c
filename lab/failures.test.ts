import { expect, test } from 'bun:test';
import type { Row } from './data.ts';
import { learnFailures } from './failures.ts';
import { missedFloors } from './floors.ts';
import { prepareRows } from './heads.ts';
import { auc, weightedAuc } from './metrics.ts';
import { MODEL_CLASSES } from './model-classes.ts';
import { createRandom, shuffled } from './random.ts';
import { predict } from './regression.ts';
import { figures } from './report.ts';

const MODELS = { small: 'gemma-7b', frontier: 'gpt-4o' } as const;
const random = createRandom(5);

/** Three families of sets. In each, numbers are hard; in each, another word goes with it that means nothing elsewhere. */
function rowsOf(family: string, habit: string, count: number): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const isHard = random() < 0.5;
    const sums = isHard ? ` Add 12 and 7, take 30 from 412, and divide by ${1 + (index % 9)}: what is 3 + 4 / 5?` : '';
    const small = Number(random() > (isHard ? 0.9 : 0.3));
    const frontier = Number(random() > (isHard ? 0.5 : 0.1));
    return {
      id: `${family}-${index}`,
      source: `${family}-set`,
      task: 'questions',
      prompt: `Item ${String.fromCharCode(97 + (index % 26))}${isHard ? ` ${habit}` : ''} of the list.${sums}`,
      scores: { [MODELS.small]: small, [MODELS.frontier]: frontier },
      meta: {},
    };
  });
}

const rows = [...rowsOf('one', 'amber', 150), ...rowsOf('two', 'cobalt', 150), ...rowsOf('three', 'indigo', 150)];

test('what is hard in every family is foretold in one that was never seen, for classes that were asked and those that were not', () => {
  const { matrix } = prepareRows(rows);
  const among = Int32Array.from(rows.keys()).filter((row) => rows[row]?.source !== 'three-set');
  const heads = learnFailures(rows, matrix, among);
  expect(heads).toHaveLength(MODEL_CLASSES.length);
  const unseen = [...rows.keys()].filter((row) => rows[row]?.source === 'three-set');
  for (const [level, name] of MODEL_CLASSES.entries()) {
    const model = name === 'frontier' ? MODELS.frontier : MODELS.small;
    const told = unseen.map((row) => ({
      score: predict(matrix, heads[level] ?? new Float64Array(), row),
      isPositive: rows[row]?.scores[model] === 0,
    }));
    expect(auc(told)).toBeGreaterThan(0.7);
  }
});

test('a weaker class is told to fail more', () => {
  const { matrix } = prepareRows(rows);
  const heads = learnFailures(rows, matrix, Int32Array.from(rows.keys()));
  const meanOf = (level: number): number =>
    [...rows.keys()].reduce((sum, row) => sum + predict(matrix, heads[level] ?? new Float64Array(), row), 0);
  expect(meanOf(0)).toBeGreaterThan(meanOf(3));
});

test('nothing is foretold when each prompt has the outcomes of another', () => {
  const order = shuffled(rows, 9);
  const mixed = rows.map((row, index) => ({ ...row, scores: order[index]?.scores ?? {} }));
  const { matrix } = prepareRows(mixed);
  const among = Int32Array.from(rows.keys()).filter((row) => row % 2 === 0);
  const [head] = learnFailures(mixed, matrix, among);
  const told = [...rows.keys()]
    .filter((row) => row % 2 === 1)
    .map((row) => ({
      score: predict(matrix, head ?? new Float64Array(), row),
      isPositive: mixed[row]?.scores[MODELS.small] === 0,
    }));
  expect(Math.abs(auc(told) - 0.5)).toBeLessThan(0.12);
});

test('the weighted area is the plain one of rows repeated as often as their group was drawn', () => {
  const sorted = Array.from({ length: 60 }, (_, index) => ({
    score: Math.floor(index / 3),
    isPositive: random() < index / 60,
    group: index % 5,
  }));
  const weights = Float64Array.of(0, 1, 2, 3, 1);
  const repeated = sorted.flatMap((one) => Array.from({ length: weights[one.group] ?? 0 }, () => one));
  expect(weightedAuc(sorted, weights)).toBeCloseTo(auc(repeated), 10);
});

test('a figure below its floor, and a control that has learned, are told by name', () => {
  figures.clear();
  figures.set('saved llmrouter', 0.2);
  figures.set('levels right', 0.99);
  figures.set('control of anything', 0.7);
  figures.set('a figure without a floor', 0);
  expect(missedFloors().map((line) => line.split(':')[0])).toEqual(['saved llmrouter', 'control of anything']);
  figures.clear();
});
