import { REQUEST_KINDS } from '../src/pipeline/classifier/request-kind.ts';
import type { Row } from './data.ts';
import { isMisjudged, MODEL_CLASSES, modelClassOf } from './model-classes.ts';
import { requestKindOf } from './request-kinds.ts';

const TIERS = ['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'];
/** The share of models that fail, above which a prompt with outcomes counts as more than simple, moderate, complex. */
const LEVEL_CUTS = [0.2, 0.45, 0.7];
const CUT_SOFTNESS = 0.1;

/** What one head is to say about one row, from 0 to 1; NaN where the row does not tell. */
export type Target = (row: Row) => number;

/** In the order of `HEAD_NAMES`. */
export const TARGETS: readonly Target[] = [
  ...MODEL_CLASSES.map(
    (_, level): Target =>
      (row) =>
        failuresOf(row)[level] ?? Number.NaN,
  ),
  ...LEVEL_CUTS.map(
    (cut, level): Target =>
      (row) =>
        aboveLevel(row, level, cut),
  ),
  ...REQUEST_KINDS.map(
    (kind): Target =>
      (row) => {
        const known = requestKindOf(row);
        return known === null ? Number.NaN : Number(known === kind);
      },
  ),
];

/** The share of failures of each model class, weakest first; NaN for classes nobody of which was asked. */
export function failuresOf({ scores }: Row): number[] {
  const failed = MODEL_CLASSES.map(() => ({ sum: 0, count: 0 }));
  for (const [model, score] of Object.entries(scores)) {
    if (isMisjudged(model)) continue;
    const tally = failed[MODEL_CLASSES.indexOf(modelClassOf(model))];
    if (!tally) continue;
    tally.sum += 1 - score;
    tally.count++;
  }
  return failed.map(({ sum, count }) => sum / count);
}

function aboveLevel(row: Row, level: number, cut: number): number {
  if (row.label !== undefined) {
    const tier = TIERS.indexOf(row.label);
    return tier === -1 ? Number.NaN : Number(tier > level);
  }
  const known = failuresOf(row).filter((share) => !Number.isNaN(share));
  // Two classes at least: one class alone does not tell a hard prompt from a weak class.
  if (known.length < 2) return Number.NaN;
  const share = known.reduce((sum, value) => sum + value, 0) / known.length;
  return 1 / (1 + Math.exp(-(share - cut) / CUT_SOFTNESS));
}
