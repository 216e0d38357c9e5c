import { FEATURE_NAMES, readRequest } from '../src/pipeline/classifier/features.ts';
import { TOKEN_SCALE } from '../src/pipeline/classifier/heads.ts';
import { requestOf } from './ask.ts';
import type { Matrix } from './regression.ts';

/** How much a feature counts against a token before anything is learned. */
const FEATURE_SCALE = 0.1;

/** What the classifier reads of some prompts, before anything is learned from them. */
export interface Readings {
  bits: number;
  features: Float64Array[];
  /** How often each column of a token comes, by prompt. */
  tokens: Map<number, number>[];
  /** Tokens and pairs, by prompt. */
  counts: number[];
}

/** Reads prompts with the very code that serves requests. */
export function readPrompts(prompts: readonly string[], bits: number): Readings {
  const readings: Readings = { bits, features: [], tokens: [], counts: [] };
  const mask = (1 << bits) - 1;
  for (const prompt of prompts) {
    const { features, grams } = readRequest(requestOf(prompt));
    const tokens = new Map<number, number>();
    for (let index = 0; index < grams.count; index++) {
      const column = (grams.keys[index] ?? 0) & mask;
      tokens.set(column, (tokens.get(column) ?? 0) + 1);
    }
    readings.features.push(features);
    readings.tokens.push(tokens);
    readings.counts.push(grams.count);
  }
  return readings;
}

/** How columns are scaled before they are learned on: rare tokens up, features to one spread. */
export interface Scaling {
  rarity: Float64Array;
  means: Float64Array;
  spreads: Float64Array;
}

export function scalingOf({ bits, features, tokens }: Readings): Scaling {
  const rows = tokens.length;
  const seen = new Int32Array(1 << bits);
  for (const columns of tokens) for (const column of columns.keys()) seen[column] = (seen[column] ?? 0) + 1;
  const means = new Float64Array(FEATURE_NAMES.length);
  const spreads = new Float64Array(FEATURE_NAMES.length);
  for (let index = 0; index < FEATURE_NAMES.length; index++) {
    let sum = 0;
    let squares = 0;
    for (const row of features) {
      const value = row[index] ?? 0;
      sum += value;
      squares += value * value;
    }
    means[index] = sum / rows;
    spreads[index] = Math.sqrt(Math.max(0, squares / rows - (sum / rows) ** 2));
  }
  return { rarity: Float64Array.from(seen, (count) => Math.log((1 + rows) / (1 + count))), means, spreads };
}

/** What a weight learned on a scaled column is worth on the raw one. */
export function featureFactor({ spreads }: Scaling, feature: number): number {
  const spread = spreads[feature] ?? 0;
  return spread > 1e-9 ? FEATURE_SCALE / spread : 0;
}

/** The prompts as rows to learn on: the columns of the tokens, then the features. */
export function toMatrix(readings: Readings, scaling: Scaling): Matrix {
  const size = 1 << readings.bits;
  const starts = new Int32Array(readings.tokens.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  readings.tokens.forEach((tokens, row) => {
    const share = TOKEN_SCALE / Math.sqrt(Math.max(1, readings.counts[row] ?? 1));
    for (const [column, count] of tokens) {
      columns.push(column);
      values.push(count * share * (scaling.rarity[column] ?? 0));
    }
    for (let feature = 0; feature < FEATURE_NAMES.length; feature++) {
      const factor = featureFactor(scaling, feature);
      if (factor === 0) continue;
      columns.push(size + feature);
      values.push(((readings.features[row]?.[feature] ?? 0) - (scaling.means[feature] ?? 0)) * factor);
    }
    starts[row + 1] = columns.length;
  });
  return {
    starts,
    columns: Int32Array.from(columns),
    values: Float32Array.from(values),
    width: size + FEATURE_NAMES.length,
  };
}
