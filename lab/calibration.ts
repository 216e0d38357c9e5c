import { mean } from './metrics.ts';
import { fitLogistic, type Matrix } from './regression.ts';

/** What makes chances of logits: the logit times `slope` plus `offset` (Platt's scaling). */
export interface Calibration {
  slope: number;
  offset: number;
}

/** A chance that was told, and what came of it, from 0 to 1. */
export interface Told {
  chance: number;
  target: number;
}

const BINS = 10;
const TINY_PENALTY = 1e-3;

export const UNCALIBRATED: Calibration = Object.freeze({ slope: 1, offset: 0 });

/**
 * Fits a calibration to logits of rows that were not learned from. Rows without a target are left out. Logits that say the
 * reverse of what came, as of a kind all whose prompts are in one fold, tell nothing to calibrate with.
 */
export function calibrate(logits: Float64Array, targets: Float64Array): Calibration {
  const rows = Int32Array.from(logits.keys()).filter((row) => !Number.isNaN(targets[row]));
  const matrix: Matrix = {
    starts: Int32Array.from({ length: logits.length + 1 }, (_, row) => row),
    columns: new Int32Array(logits.length),
    values: Float32Array.from(logits),
    width: 1,
  };
  const [slope = 1, offset = 0] = fitLogistic({ matrix, rows, targets, penalties: Float64Array.of(TINY_PENALTY) });
  return slope > 0 ? { slope, offset } : UNCALIBRATED;
}

export function chancesOf(logits: Float64Array, { slope, offset }: Calibration): Float64Array {
  return logits.map((logit) => 1 / (1 + Math.exp(-(slope * logit + offset))));
}

/** The mean squared distance between what was told and what came. */
export function brier(told: readonly Told[]): number {
  return mean(told, ({ chance, target }) => (chance - target) ** 2);
}

/** One line of a reliability table: what was told in a tenth of the rows, and what came. */
export interface Bin {
  told: number;
  came: number;
  rows: number;
}

/** Ten bins of equally many rows, by what was told. */
export function reliability(told: readonly Told[]): Bin[] {
  const sorted = [...told].sort((a, b) => a.chance - b.chance);
  return Array.from({ length: BINS }, (_, bin) => {
    const rows = sorted.slice(Math.round((bin * sorted.length) / BINS), Math.round(((bin + 1) * sorted.length) / BINS));
    return { told: mean(rows, (row) => row.chance), came: mean(rows, (row) => row.target), rows: rows.length };
  }).filter((bin) => bin.rows > 0);
}

/** The expected calibration error: how far what was told is from what came, as a mean over the bins. */
export function calibrationError(told: readonly Told[]): number {
  const bins = reliability(told);
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  return bins.reduce((sum, bin) => sum + Math.abs(bin.told - bin.came) * bin.rows, 0) / rows;
}
