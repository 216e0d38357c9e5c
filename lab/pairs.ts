import type { Row } from './data.ts';
import { foldsOf, groupByPassages } from './groups.ts';
import { prepareRows } from './heads.ts';
import type { PairOutcome } from './metrics.ts';
import { createRandom, shuffled } from './random.ts';
import { fitLogistic, type Matrix, predict } from './regression.ts';

export const STRONG = 'gpt-4-1106-preview';
export const WEAK = 'mistralai/Mixtral-8x7B-Instruct-v0.1';
const PENALTY = 2;
const FOLDS = 5;

/** The rows of a set on which both models were asked. */
export function pairRows(rows: readonly Row[], strong: string, weak: string): Row[] {
  return rows.filter((row) => row.scores[strong] !== undefined && row.scores[weak] !== undefined);
}

/** How a router that learned from some labels of a set ranks the others. */
export interface PairLab {
  rows: Row[];
  matrix: Matrix;
  groups: Int32Array;
  strong: Float64Array;
  weak: Float64Array;
}

export function preparePair(rows: Row[], strong = STRONG, weak = WEAK): PairLab {
  const { matrix } = prepareRows(rows);
  return {
    rows,
    matrix,
    groups: groupByPassages(rows.map((row) => row.prompt)),
    strong: Float64Array.from(rows, (row) => 1 - (row.scores[strong] ?? 0)),
    weak: Float64Array.from(rows, (row) => 1 - (row.scores[weak] ?? 0)),
  };
}

/** Out of fold, by prompts grouped so that none shares eight words in a row with training. */
export function groupedOutcomes(lab: PairLab, seed = 1): PairOutcome[] {
  return foldOutcomes(lab, foldsOf(lab.groups, FOLDS, seed));
}

/** Out of fold, with all prompts of a task in one fold. */
export function leaveTasksOut(lab: PairLab, seed = 1): PairOutcome[] {
  const tasks = [...new Set(lab.rows.map((row) => row.task))];
  return foldOutcomes(
    lab,
    foldsOf(
      Int32Array.from(lab.rows, (row) => tasks.indexOf(row.task)),
      FOLDS,
      seed,
    ),
  );
}

/** The control: learned from the labels of other prompts, so it must read one half. */
export function shuffledOutcomes(lab: PairLab, seed = 3): PairOutcome[] {
  const order = shuffled([...lab.rows.keys()], seed);
  const strong = Float64Array.from(order, (row) => lab.strong[row] ?? 0);
  const weak = Float64Array.from(order, (row) => lab.weak[row] ?? 0);
  const scores = scoresOf(lab, { strong, weak }, foldsOf(lab.groups, FOLDS, seed));
  return outcomesOf(lab, scores, [...lab.rows.keys()]);
}

/** Learned from so many labels, drawn at random, and tried on the rest. */
export function fewLabelOutcomes(lab: PairLab, labels: number, seed: number): PairOutcome[] {
  const order = shuffled([...lab.rows.keys()], seed);
  const among = Int32Array.from(order.slice(0, labels));
  const scores = new Float64Array(lab.rows.length);
  addScores(lab, { ...lab, among, rest: order.slice(labels) }, scores);
  return outcomesOf(lab, scores, order.slice(labels));
}

function foldOutcomes(lab: PairLab, folds: Int32Array): PairOutcome[] {
  return outcomesOf(lab, scoresOf(lab, lab, folds), [...lab.rows.keys()]);
}

interface Labels {
  strong: Float64Array;
  weak: Float64Array;
}

function scoresOf(lab: PairLab, labels: Labels, folds: Int32Array): Float64Array {
  const scores = new Float64Array(lab.rows.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const all = Int32Array.from(lab.rows.keys());
    const among = all.filter((row) => folds[row] !== fold);
    addScores(lab, { ...labels, among, rest: [...all.filter((row) => folds[row] === fold)] }, scores);
  }
  return scores;
}

function addScores(
  { matrix }: PairLab,
  { strong, weak, among, rest }: Labels & { among: Int32Array; rest: number[] },
  scores: Float64Array,
): void {
  const penalties = new Float64Array(matrix.width).fill(PENALTY);
  const strongHead = fitLogistic({ matrix, rows: among, targets: strong, penalties });
  const weakHead = fitLogistic({ matrix, rows: among, targets: weak, penalties });
  for (const row of rest)
    scores[row] = chance(predict(matrix, weakHead, row)) - chance(predict(matrix, strongHead, row));
}

function outcomesOf({ strong, weak }: PairLab, scores: Float64Array, rows: readonly number[]): PairOutcome[] {
  return rows.map((row) => ({ score: scores[row] ?? 0, strong: 1 - (strong[row] ?? 0), weak: 1 - (weak[row] ?? 0) }));
}

/** What a score that needs no labels makes of a set. */
export function scoredOutcomes(
  rows: readonly Row[],
  score: (row: Row) => number,
  [strong, weak]: readonly [string, string] = [STRONG, WEAK],
): PairOutcome[] {
  return rows.map((row) => ({ score: score(row), strong: row.scores[strong] ?? 0, weak: row.scores[weak] ?? 0 }));
}

export function randomScore(seed: number): () => number {
  return createRandom(seed);
}

function chance(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
