import { join } from 'node:path';
import { byDifficulty, byKeywords, byLength } from './baselines.ts';
import type { DataSet, Row } from './data.ts';
import { randomScore } from './pairs.ts';
import { plotCurves } from './plot.ts';
import type { Pool } from './pool-list.ts';
import { savings } from './pool-savings.ts';
import { hullOf, type PoolRun, ranked, runPool, savedAt, singles, tradeOffs } from './pools.ts';
import { shuffled } from './random.ts';
import { tellPercent } from './report.ts';

/** Of larger sets the short form takes every other prompt. */
const SHORT_ROWS = 5_000;
const SEEDS = [1, 2, 3];
const CONTROL_SEED = 101;
const SHARES = [1, 0.99, 0.98, 0.95];

/** What a pool of models costs at a share of its best model's quality: ours, against what is simple, and what is possible. */
export async function evaluatePool(
  pool: Pool,
  sets: readonly DataSet[],
  { isShort, plots }: { isShort: boolean; plots: string | undefined },
): Promise<void> {
  const all = sets.filter((set) => pool.sets.includes(set.name)).flatMap((set) => set.rows);
  const rows = isShort && all.length > SHORT_ROWS ? all.filter((_, index) => index % 2 === 0) : all;
  const seeds = isShort ? SEEDS.slice(0, 1) : SEEDS;
  const runs = seeds.map((seed) => runPool(pool, rows, seed)).filter((run): run is PoolRun => run !== null);
  const run = runs[0];
  if (!run) {
    console.log(`\n${pool.title}: skipped, its sets are not there`);
    return;
  }
  console.log(`\n${pool.title}: ${run.rows.length} prompts; $ saved against always the best model`);
  for (const share of isShort ? [0.99] : SHARES) {
    const name = share === 0.99 ? `saved ${pool.name}` : undefined;
    tellPercent(`ours at ${Math.round(share * 100)} %, seeds: ${seeds.length}`, savings(runs, share), name);
  }
  if (isShort) return;
  tellPercent('control: shuffled outcomes, at 99 %', savings([controlOf(pool, run)], 0.99));

  const curves = [
    {
      name: 'ours',
      colour: '#0b6e4f',
      points: tradeOffs(run, { quality: run.expectedQuality, cost: run.expectedCost }),
    },
    { name: 'difficulty alone', colour: '#6bbf59', points: ranked(run, (row) => byDifficulty(row.prompt)) },
    { name: 'length', colour: '#3d6ea5', points: ranked(run, (row) => byLength(row.prompt)) },
    { name: 'keyword rule', colour: '#c77d0a', points: ranked(run, (row) => byKeywords(row.prompt)) },
    { name: 'random', colour: '#999999', points: ranked(run, randomScore(9)) },
    { name: 'oracle', colour: '#8a3ffc', points: tradeOffs(run, run) },
  ];
  console.log('  of the first seed, at 100 / 99 / 98 / 95 %');
  for (const { name, points } of curves) {
    const saved = SHARES.map((share) => `${(100 * savedAt(points, singles(run), share)).toFixed(1)} %`.padStart(8));
    console.log(`  ${name.padEnd(44)}  ${saved.join(' ')}`);
  }
  if (!plots) return;
  const best = singles(run).reduce((a, b) => (b.quality > a.quality ? b : a));
  const shown = curves.map((curve) => ({
    ...curve,
    points: curve.name === 'ours' || curve.name === 'oracle' ? hullOf(curve.points) : curve.points,
  }));
  await Bun.write(join(plots, `routing-${pool.name}.svg`), plotCurves(pool.title, shown, best));
}

/** What is learned when each prompt has the outcomes of another one, and then meets its own. */
function controlOf(pool: Pool, { rows, quality, cost }: PoolRun): PoolRun {
  const order = shuffled(rows, CONTROL_SEED);
  const mixed = rows.map((row, index): Row => ({ ...row, scores: order[index]?.scores ?? row.scores }));
  const run = runPool(pool, mixed);
  if (!run) throw new Error('a pool that was there is gone');
  return { ...run, quality, cost };
}
