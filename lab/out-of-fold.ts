import { FAIL_HEADS, HEAD_NAMES, LEVEL_HEADS } from '../src/pipeline/classifier/heads.ts';
import { type Calibration, calibrate, chancesOf, type Told, UNCALIBRATED } from './calibration.ts';
import type { Row } from './data.ts';
import { familyOf } from './failures.ts';
import { foldsOf, groupByPassages } from './groups.ts';
import { learnHeads } from './heads.ts';
import { type Matrix, predict } from './regression.ts';
import { TARGETS } from './targets.ts';

const FOLDS = 4;
/** Failures and levels, which come first. */
export const CALIBRATED_HEADS: number[] = [...FAIL_HEADS, ...LEVEL_HEADS].map((_, head) => head);

/** What a head said of rows that it had not learned from. */
export interface Untrained {
  head: string;
  logits: Float64Array;
  /** NaN where a row does not tell. */
  targets: Float64Array;
  folds: Int32Array;
}

const isLevel = (head: number): boolean => head >= FAIL_HEADS.length && head < FAIL_HEADS.length + LEVEL_HEADS.length;

/** Folds in which no prompt shares eight words in a row with another fold. */
export function passageFolds(rows: readonly Row[], seed = 1): Int32Array {
  return foldsOf(groupByPassages(rows.map((row) => row.prompt)), FOLDS, seed);
}

/** Folds that keep whole tasks together: what is told of a fold was learned from other tasks. */
export function taskFolds(rows: readonly Row[], seed = 1): Int32Array {
  const names = rows.map((row) => `${familyOf(row)}/${row.task}`);
  const tasks = new Map([...new Set(names)].map((name, index) => [name, index]));
  return foldsOf(
    names.map((name) => tasks.get(name) ?? 0),
    FOLDS,
    seed,
  );
}

/** What these heads say of each fold when they have learned from the others. */
export function tellFolds(
  rows: readonly Row[],
  matrix: Matrix,
  { folds, heads }: { folds: Int32Array; heads: number[] },
): Untrained[] {
  const told = heads.map((head) => ({
    head: HEAD_NAMES[head] ?? '',
    logits: new Float64Array(rows.length),
    targets: targetsOf(rows, head),
    folds,
  }));
  const every = Int32Array.from(rows.keys());
  for (let fold = 0; fold < FOLDS; fold++) {
    const learned = learnHeads(rows, matrix, { among: every.filter((row) => folds[row] !== fold), heads });
    const rest = every.filter((row) => folds[row] === fold);
    told.forEach(({ logits }, index) => {
      const weights = learned[index];
      if (weights) for (const row of rest) logits[row] = predict(matrix, weights, row);
    });
  }
  return told;
}

/** Levels are measured against the labels alone: outcomes only help to learn them. */
function targetsOf(rows: readonly Row[], head: number): Float64Array {
  const targetOf = TARGETS[head];
  return Float64Array.from(rows, (row) =>
    !targetOf || (isLevel(head) && row.label === undefined) ? Number.NaN : targetOf(row),
  );
}

/**
 * The calibration of every head, from rows out of fold. Failures are calibrated on unseen prompts of known tasks and on whole
 * unseen tasks alike, because requests are some of both. Kinds are left as they are: the sets know few kinds of the requests
 * that come, and a kind that is calibrated on them is far too sure of all others.
 */
export function calibrateHeads(rows: readonly Row[], matrix: Matrix): Calibration[] {
  const heads = CALIBRATED_HEADS;
  const known = tellFolds(rows, matrix, { folds: passageFolds(rows), heads });
  const unseen = tellFolds(rows, matrix, { folds: taskFolds(rows), heads: [...FAIL_HEADS.keys()] });
  return HEAD_NAMES.map((_, head) => {
    const [told, other] = [known[head], unseen[head]];
    if (!told) return UNCALIBRATED;
    return calibrate(
      Float64Array.from([...told.logits, ...(other?.logits ?? [])]),
      Float64Array.from([...told.targets, ...(other?.targets ?? [])]),
    );
  });
}

/** What was told before and after calibrating, the latter by a calibration that was fitted to the other folds. */
export function beforeAndAfter({ logits, targets, folds }: Untrained): { before: Told[]; after: Told[] } {
  const rows = [...logits.keys()].filter((row) => !Number.isNaN(targets[row]));
  const raw = chancesOf(logits, UNCALIBRATED);
  const calibrated = Array.from({ length: FOLDS }, (_, fold) =>
    chancesOf(
      logits,
      calibrate(
        logits,
        targets.map((target, row) => (folds[row] === fold ? Number.NaN : target)),
      ),
    ),
  );
  const tell = (row: number, chances: Float64Array | undefined): Told => ({
    chance: chances?.[row] ?? 0.5,
    target: targets[row] ?? 0,
  });
  return {
    before: rows.map((row) => tell(row, raw)),
    after: rows.map((row) => tell(row, calibrated[folds[row] ?? 0])),
  };
}
