import type { Row } from './data.ts';
import { foldsOf, groupByPassages } from './groups.ts';
import { prepareRows } from './heads.ts';
import type { Pool } from './pool-list.ts';
import { createRandom } from './random.ts';
import { fitLogistic, type Matrix, predict } from './regression.ts';

const FOLDS = 5;
const STEPS = 25;
/** Telling kinds apart is easy and may be learned freely; what is left to single words is little and held tightly. */
const KIND_PENALTY = 0.3;
const RESIDUAL_PENALTY = 300;
/** A kind's mean counts as many prompts of the overall mean besides its own. */
const PRIOR_ROWS = 10;
const CHARS_PER_TOKEN = 4;
/** Dollars are small; a trade-off of one point of success for so many of them lies in this range of powers of ten. */
const TRADES = { from: -9, to: 0, step: 0.05 };
const NANO = 1e-6;

export interface PoolRun {
  rows: Row[];
  models: string[];
  /** Prompts that share a passage. */
  groups: Int32Array;
  /** By row and model: what it scored, and what it cost. */
  quality: Float64Array[];
  cost: Float64Array[];
  /** Out of fold. */
  expectedQuality: Float64Array[];
  expectedCost: Float64Array[];
}

export interface Point {
  cost: number;
  quality: number;
}

/** Learns, out of fold, what each model of a pool scores and costs on each prompt; null when the sets are not there. */
export function runPool(pool: Pool, all: readonly Row[], seed = 1): PoolRun | null {
  const models = Object.keys(pool.prices);
  const rows = all.filter((row) => models.every((model) => row.scores[model] !== undefined));
  if (rows.length < 200) return null;
  const { matrix } = prepareRows(rows);
  const groups = groupByPassages(rows.map((row) => row.prompt));
  const folds = foldsOf(groups, FOLDS, seed);
  const run: PoolRun = { rows, models, groups, ...actual(pool, rows), expectedQuality: [], expectedCost: [] };
  for (const _ of models) {
    run.expectedQuality.push(new Float64Array(rows.length));
    run.expectedCost.push(new Float64Array(rows.length));
  }
  for (let fold = 0; fold < FOLDS; fold++) {
    const every = Int32Array.from(rows.keys());
    expectFold(run, matrix, {
      among: every.filter((row) => folds[row] !== fold),
      rest: every.filter((row) => folds[row] === fold),
    });
  }
  return run;
}

function actual(pool: Pool, rows: readonly Row[]): Pick<PoolRun, 'quality' | 'cost'> {
  const entries = Object.entries(pool.prices);
  return {
    quality: entries.map(([model]) => Float64Array.from(rows, (row) => row.scores[model] ?? 0)),
    cost: entries.map(([model, price]) =>
      Float64Array.from(rows, (row) => {
        const written = row.out_chars?.[model] ?? 1_000;
        return ((row.prompt.length * price.input + written * price.output) / CHARS_PER_TOKEN) * NANO;
      }),
    ),
  };
}

/**
 * Success and cost by kind of prompt, weighed by how likely the prompt is of each kind, and what the words add to that. The
 * difference of two noisy guesses is noisier than both, so nearly all is left to the kinds.
 */
function expectFold(run: PoolRun, matrix: Matrix, { among, rest }: { among: Int32Array; rest: Int32Array }): void {
  const { rows, models } = run;
  const kinds = [...new Set([...among].map((row) => rows[row]?.task ?? ''))];
  const shares = kindShares(rows, matrix, { among, kinds });
  const meanQuality = Float64Array.from(
    rows,
    (_, row) => models.reduce((sum, _model, at) => sum + (run.quality[at]?.[row] ?? 0), 0) / models.length,
  );
  const penalties = new Float64Array(matrix.width).fill(RESIDUAL_PENALTY);

  models.forEach((_, model) => {
    const quality = run.quality[model] ?? new Float64Array();
    const byKind = kindMeans(rows, { among, kinds, values: quality });
    const costByKind = kindMeans(rows, { among, kinds, values: run.cost[model] ?? new Float64Array() });
    const expect = (row: number, means: readonly number[]): number =>
      (shares[row] ?? []).reduce((sum, share, kind) => sum + share * (means[kind] ?? 0), 0);
    const targets = Float64Array.from(
      rows,
      (_row, row) => (quality[row] ?? 0) - (meanQuality[row] ?? 0) - expect(row, byKind),
    );
    const words = fitLogistic({ matrix, rows: among, targets, penalties, loss: 'squared', steps: STEPS });
    for (const row of rest) {
      const [qualities, costs] = [run.expectedQuality[model], run.expectedCost[model]];
      if (qualities) qualities[row] = expect(row, byKind) + predict(matrix, words, row);
      if (costs) costs[row] = expect(row, costByKind);
    }
  });
}

/** How likely each row is of each kind. */
function kindShares(
  rows: readonly Row[],
  matrix: Matrix,
  { among, kinds }: { among: Int32Array; kinds: string[] },
): number[][] {
  const penalties = new Float64Array(matrix.width).fill(KIND_PENALTY);
  const heads = kinds.map((kind) => {
    const targets = Float64Array.from(rows, (row) => Number(row.task === kind));
    return fitLogistic({ matrix, rows: among, targets, penalties, steps: STEPS });
  });
  return rows.map((_, row) => {
    const chances = heads.map((head) => 1 / (1 + Math.exp(-predict(matrix, head, row))));
    const sum = chances.reduce((total, chance) => total + chance, 0);
    return chances.map((chance) => chance / sum);
  });
}

function kindMeans(
  rows: readonly Row[],
  { among, kinds, values }: { among: Int32Array; kinds: string[]; values: Float64Array },
): number[] {
  let total = 0;
  for (const row of among) total += values[row] ?? 0;
  const sums = new Map(kinds.map((kind) => [kind, { sum: (PRIOR_ROWS * total) / among.length, count: PRIOR_ROWS }]));
  for (const row of among) {
    const tally = sums.get(rows[row]?.task ?? '');
    if (!tally) continue;
    tally.sum += values[row] ?? 0;
    tally.count++;
  }
  return kinds.map((kind) => {
    const tally = sums.get(kind);
    return tally ? tally.sum / tally.count : 0;
  });
}

/** What always asking each model costs and reaches. */
export function singles(run: PoolRun, weights?: Float64Array): Point[] {
  return run.models.map((_, model) => pointOf(run, new Uint8Array(run.rows.length).fill(model), weights));
}

/** Every trade-off between success and money, as what it costs and reaches. `expected` may be the truth, for the oracle. */
export function tradeOffs(run: PoolRun, expected: { quality: Float64Array[]; cost: Float64Array[] }): Point[] {
  return choicesOf(run, expected).map((choice) => pointOf(run, choice));
}

/** Which model each prompt goes to, for every trade-off. */
export function choicesOf(run: PoolRun, expected: { quality: Float64Array[]; cost: Float64Array[] }): Uint8Array[] {
  const choices: Uint8Array[] = [];
  for (let power = TRADES.from; power <= TRADES.to; power += TRADES.step) {
    const worth = 10 ** power * 1e6;
    const choice = new Uint8Array(run.rows.length);
    for (let row = 0; row < run.rows.length; row++) {
      let bestValue = Number.NEGATIVE_INFINITY;
      for (let model = 0; model < run.models.length; model++) {
        const value = (expected.quality[model]?.[row] ?? 0) - worth * (expected.cost[model]?.[row] ?? 0);
        if (value > bestValue) [choice[row], bestValue] = [model, value];
      }
    }
    choices.push(choice);
  }
  return choices;
}

/** What a choice of models costs and reaches, each prompt counting as often as it was drawn. */
export function pointOf(run: PoolRun, choice: Uint8Array, weights?: Float64Array): Point {
  let [cost, quality, count] = [0, 0, 0];
  for (let row = 0; row < choice.length; row++) {
    const weight = weights ? (weights[row] ?? 0) : 1;
    const model = choice[row] ?? 0;
    cost += weight * (run.cost[model]?.[row] ?? 0);
    quality += weight * (run.quality[model]?.[row] ?? 0);
    count += weight;
  }
  return { cost: cost / count, quality: quality / count };
}

/** Sends the prompts with the highest scores to the best model and the rest to the best of the cheap ones. */
export function ranked(run: PoolRun, scoreOf: (row: Row) => number): Point[] {
  const one = singles(run);
  const strong = one.reduce((best, point, model) => (point.quality > (one[best]?.quality ?? 0) ? model : best), 0);
  const weak = one.reduce((best, point, model) => (point.cost < (one[best]?.cost ?? 0) ? model : best), 0);
  const random = createRandom(5);
  const order = run.rows
    .map((row, index) => ({ index, score: scoreOf(row), tie: random() }))
    .sort((a, b) => b.score - a.score || a.tie - b.tie);
  let { cost, quality } = one[weak] ?? { cost: 0, quality: 0 };
  const points: Point[] = [{ cost, quality }];
  order.forEach(({ index }, position) => {
    cost += ((run.cost[strong]?.[index] ?? 0) - (run.cost[weak]?.[index] ?? 0)) / run.rows.length;
    quality += ((run.quality[strong]?.[index] ?? 0) - (run.quality[weak]?.[index] ?? 0)) / run.rows.length;
    if (position % 50 === 0 || position === order.length - 1) points.push({ cost, quality });
  });
  return points;
}

/** The cheapest mixes: the upper hull of the points, cheapest first. */
export function hullOf(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.cost - b.cost || b.quality - a.quality);
  const hull: Point[] = [];
  for (const point of sorted) {
    if (hull.length > 0 && point.quality <= (hull.at(-1)?.quality ?? 0)) continue;
    for (;;) {
      const [before, last] = [hull.at(-2), hull.at(-1)];
      if (!before || !last) break;
      const isBelow =
        (last.quality - before.quality) * (point.cost - before.cost) <=
        (point.quality - before.quality) * (last.cost - before.cost);
      if (!isBelow) break;
      hull.pop();
    }
    hull.push(point);
  }
  return hull;
}

/** The share of always asking the best model that the cheapest mix saves which reaches this share of its quality. */
export function savedAt(points: readonly Point[], alone: readonly Point[], share: number): number {
  const best = alone.reduce((a, b) => (b.quality > a.quality ? b : a));
  const wanted = best.quality * share;
  const hull = hullOf([...points, ...alone]);
  const above = hull.findIndex((point) => point.quality >= wanted);
  const [before, here] = [hull[above - 1], hull[above]];
  if (!here) return 0;
  if (!before) return 1 - here.cost / best.cost;
  const part = (wanted - before.quality) / (here.quality - before.quality);
  return 1 - (before.cost + part * (here.cost - before.cost)) / best.cost;
}
