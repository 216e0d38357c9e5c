import { FEATURE_NAMES, readRequest } from '../src/pipeline/classifier/features.ts';
import { NEED } from '../src/pipeline/classifier/weights.ts';
import { requestOf } from './ask.ts';
import { byDifficulty, byKeywords, byLength, type Score } from './baselines.ts';
import type { DataSet } from './data.ts';
import { mean, type PairOutcome, pairFigures } from './metrics.ts';
import {
  fewLabelOutcomes,
  groupedOutcomes,
  leaveTasksOut,
  pairRows,
  preparePair,
  randomScore,
  STRONG,
  scoredOutcomes,
  shuffledOutcomes,
  WEAK,
} from './pairs.ts';
import { POOLS } from './pool-list.ts';
import { apgrOf, figures, tell, together } from './report.ts';

const FEW_LABELS = 1_500;
const SEEDS = [1, 2, 3];
/** One shuffle reads anything from .42 to .58, because a random direction may be that of length. */
const CONTROL_SEEDS = Array.from({ length: 12 }, (_, index) => 101 + index);
/** Of fewer prompts a shuffle tells too little to hold anything against it. */
const CONTROL_ROWS = 1_000;

/** Who needs the strong model: without labels, with some, and with the rest of the set. */
export function evaluatePair(set: DataSet, isShort: boolean): void {
  const pair = pairOf(set);
  const rows = pair ? pairRows(set.rows, ...pair) : [];
  if (!pair || rows.length < 200) return;
  const seeds = isShort ? SEEDS.slice(0, 1) : SEEDS;
  console.log(`\n${set.name}: ${rows.length} prompts, ${pair[0]} or ${pair[1]}; APGR, random .50`);
  const scored = (score: Score): PairOutcome[] => scoredOutcomes(rows, (row) => score(row.prompt), pair);
  tell('zero-label: the shipped difficulty', apgrOf(scored(byDifficulty)), `apgr ${set.name}`);
  tell('zero-label: its hand-set part alone', apgrOf(scored(byNeed)));
  tell('length', apgrOf(scored(byLength)));
  tell('keyword rule', apgrOf(scored(byKeywords)));
  tell('random', apgrOf(scoredOutcomes(rows, randomScore(1), pair)));

  if (isShort && rows.length < CONTROL_ROWS) return;
  const lab = preparePair(rows, ...pair);
  if (rows.length > 2 * FEW_LABELS) {
    const few = seeds.map((seed) => apgrOf(fewLabelOutcomes(lab, FEW_LABELS, seed)));
    tell(`${FEW_LABELS} labels of the set, seeds: ${seeds.length}`, together(few), `apgr ${set.name}, few labels`);
  }
  const grouped = seeds.map((seed) => apgrOf(groupedOutcomes(lab, seed)));
  tell(`grouped 5-fold, seeds: ${seeds.length}`, together(grouped), `apgr ${set.name}, grouped`);
  if (isShort) return;
  if (new Set(rows.map((row) => row.task)).size >= 10) tell('whole tasks left out', apgrOf(leaveTasksOut(lab)));
  const control = mean(CONTROL_SEEDS, (seed) => pairFigures(shuffledOutcomes(lab, seed)).apgr);
  console.log(`  control: shuffled labels, mean of 12            ${control.toFixed(3)}  (has to be .50 +- .03)`);
  if (rows.length >= CONTROL_ROWS) figures.set(`control ${set.name}`, control);
}

/** RouteLLM's pair where it was asked, else the best of a set and the weakest that is not hopeless. */
function pairOf({ rows, name }: DataSet): [string, string] | null {
  const models = Object.keys(rows[0]?.scores ?? {});
  if (models.includes(STRONG) && models.includes(WEAK)) return [STRONG, WEAK];
  if (models.length < 2 || POOLS.some((pool) => pool.sets.includes(name)) || name.startsWith('zeroeval')) return null;
  const by = models.map((model) => ({ model, quality: mean(rows, (row) => row.scores[model] ?? 0) }));
  by.sort((a, b) => b.quality - a.quality);
  const best = by[0];
  const weak = best && by.findLast((one) => one.quality > best.quality / 2 && one.quality < best.quality);
  return best && weak ? [best.model, weak.model] : null;
}

function byNeed(prompt: string): number {
  const { features } = readRequest(requestOf(prompt));
  return FEATURE_NAMES.reduce((sum, name, index) => sum + (NEED[name] ?? 0) * (features[index] ?? 0), 0);
}
