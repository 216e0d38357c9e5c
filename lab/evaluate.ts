import { join } from 'node:path';
import { FEATURE_NAMES, readRequest } from '../src/pipeline/classifier/features.ts';
import { COMPLEXITIES, classify } from '../src/pipeline/classifier/index.ts';
import { NEED } from '../src/pipeline/classifier/weights.ts';
import { requestOf } from './ask.ts';
import { byDifficulty, byKeywords, byLength, type Score } from './baselines.ts';
import { type DataSet, DEFAULT_FOLDER, loadSets, type Row } from './data.ts';
import { auc, bootstrap, type Interval, mean, type PairOutcome, pairFigures } from './metrics.ts';
import { MODEL_CLASSES, modelClassOf } from './model-classes.ts';
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
import { plotCurves } from './plot.ts';
import { POOLS } from './pool-list.ts';
import { hullOf, ranked, runPool, savedAt, singles, tradeOffs } from './pools.ts';
import { foretell } from './transfer.ts';

// Prints what the classifier and what learning from labels reach on sets of real outcomes.
// Run: bun run lab:evaluate [--data DIR] [--plots DIR]

const TIERS = ['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'];
const FEW_LABELS = 1_500;
const SEEDS = [1, 2, 3];
/** One shuffle reads anything from .42 to .58, because a random direction may be that of length. */
const CONTROL_SEEDS = Array.from({ length: 12 }, (_, index) => 101 + index);
/** Sets that only stand in for others of their kind are foretold together. */
const FAMILIES = ['routellm_mmlu', 'mmlu_pro', 'llmrouter', 'zeroeval'];

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
};
const folder = option('--data') ?? DEFAULT_FOLDER;
const plots = option('--plots');
const sets = loadSets(folder);
if (sets.length === 0) console.log(`Nothing to evaluate: there are no *.jsonl.gz in ${folder}.`);

for (const set of sets) evaluatePair(set);
evaluateTiers(sets.flatMap((set) => set.rows).filter((row) => row.label !== undefined));
for (const pool of POOLS) await evaluatePool(pool);
evaluateForetelling();

/** Who needs the strong model: without labels, with some, and with the rest of the set. */
function evaluatePair(set: DataSet): void {
  const pair = pairOf(set);
  const rows = pair ? pairRows(set.rows, ...pair) : [];
  if (!pair || rows.length < 200) return;
  console.log(`\n${set.name}: ${rows.length} prompts, ${pair[0]} or ${pair[1]}`);
  const scored = (score: Score): PairOutcome[] => scoredOutcomes(rows, (row) => score(row.prompt), pair);
  tell('zero-label: the shipped difficulty', apgrOf(scored(byDifficulty)));
  tell('zero-label: its hand-set part alone', apgrOf(scored(byNeed)));
  tell('length', apgrOf(scored(byLength)));
  tell('keyword rule', apgrOf(scored(byKeywords)));
  tell('random', apgrOf(scoredOutcomes(rows, randomScore(1), pair)));

  const lab = preparePair(rows, ...pair);
  if (rows.length > 2 * FEW_LABELS) {
    const few = SEEDS.map((seed) => apgrOf(fewLabelOutcomes(lab, FEW_LABELS, seed)));
    tell(`${FEW_LABELS} labels of the set, mean of ${SEEDS.length}`, {
      value: mean(few, (one) => one.value),
      low: Math.min(...few.map((one) => one.low)),
      high: Math.max(...few.map((one) => one.high)),
    });
  }
  const grouped = SEEDS.map((seed) => apgrOf(groupedOutcomes(lab, seed)));
  tell(`grouped 5-fold, mean of ${SEEDS.length}`, {
    value: mean(grouped, (one) => one.value),
    low: Math.min(...grouped.map((one) => one.low)),
    high: Math.max(...grouped.map((one) => one.high)),
  });
  if (new Set(rows.map((row) => row.task)).size >= 10) tell('whole tasks left out', apgrOf(leaveTasksOut(lab)));
  const control = mean(CONTROL_SEEDS, (seed) => pairFigures(shuffledOutcomes(lab, seed)).apgr);
  console.log(`  control: shuffled labels, mean of 12          ${control.toFixed(3)}  (has to be .50 +- .03)`);
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

function evaluateTiers(rows: Row[]): void {
  const test = rows.filter((row) => row.meta.split === 'test');
  if (test.length === 0) return;
  const judged = test.map((row) => ({ row, judged: classify(requestOf(row.prompt)) }));
  const isRight = (one: (typeof judged)[number]): number =>
    Number(COMPLEXITIES.indexOf(one.judged.complexity) === TIERS.indexOf(one.row.label ?? ''));
  console.log(`\nFour tiers (smoke test): ${test.length} prompts of the test part, which was never learned from`);
  tell(
    'accuracy',
    bootstrap(judged, (sample) => mean(sample, isRight)),
  );
  tell(
    'mean confidence',
    bootstrap(judged, (sample) => mean(sample, (one) => one.judged.confidence)),
  );
  const low = judged.filter(
    ({ row, judged: { complexity } }) => TIERS.indexOf(row.label ?? '') - COMPLEXITIES.indexOf(complexity) > 1,
  );
  console.log(`  two or more tiers too low                     ${(low.length / test.length).toFixed(3)}`);
}

async function evaluatePool(pool: (typeof POOLS)[number]): Promise<void> {
  const run = runPool(
    pool,
    sets.filter((set) => pool.sets.includes(set.name)).flatMap((set) => set.rows),
  );
  if (!run) {
    console.log(`\n${pool.title}: skipped, its sets are not in ${folder}`);
    return;
  }
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
  console.log(`\n${pool.title}: ${run.rows.length} prompts; $ saved at 100 / 99 / 98 / 95 % of the best single model`);
  for (const { name, points } of curves) {
    const saved = [1, 0.99, 0.98, 0.95].map((share) =>
      `${(100 * savedAt(points, run, share)).toFixed(1)} %`.padStart(8),
    );
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

/** Each family of sets by heads that have seen none of it; sets of no family by those that have seen all families. */
function evaluateForetelling(): void {
  const outcomes = sets.filter((set) => set.rows.some((row) => Object.keys(row.scores).length > 0));
  const families = FAMILIES.map((family) => outcomes.filter((set) => set.name.startsWith(family)));
  const strangers = outcomes.filter(
    (set) => !FAMILIES.some((family) => set.name.startsWith(family)) && set.name !== 'routellm_gsm8k',
  );
  console.log('\nFailure AUC, zero-shot: models and prompts of sets the heads have never seen (length in brackets)');
  const means: number[] = [];
  for (const held of [...families, ...strangers.map((set) => [set])]) {
    if (held.length === 0) continue;
    const told = foretell(
      held,
      outcomes.filter((set) => !held.includes(set)),
    );
    const rows = held.flatMap((set) => set.rows);
    const value = mean(told, (one) => one.auc);
    means.push(value);
    console.log(
      `  ${held
        .map((set) => set.name)
        .join(', ')
        .slice(0, 44)
        .padEnd(44)}  ${value.toFixed(3)}  (${lengthAuc(rows).toFixed(3)})`,
    );
    for (const level of MODEL_CLASSES) {
      const some = told.filter((one) => modelClassOf(one.model) === level);
      if (some.length > 0)
        console.log(`    ${level.padEnd(10)} ${mean(some, (one) => one.auc).toFixed(3)}, ${some.length} models`);
    }
  }
  console.log(`  mean over sets                                ${mean(means, (one) => one).toFixed(3)}`);
}

function lengthAuc(rows: readonly Row[]): number {
  const models = [...new Set(rows.flatMap((row) => Object.keys(row.scores)))];
  const values = models.map((model) =>
    auc(
      rows.flatMap((row) => {
        const score = row.scores[model];
        return score === undefined ? [] : [{ score: row.prompt.length, isPositive: score < 0.5 }];
      }),
    ),
  );
  return mean(
    values.filter((value) => !Number.isNaN(value)),
    (value) => value,
  );
}

function apgrOf(outcomes: PairOutcome[]): Interval {
  return bootstrap(outcomes, (sample) => pairFigures(sample).apgr, 100);
}

function tell(name: string, { value, low, high }: Interval): void {
  console.log(`  ${name.padEnd(44)}  ${value.toFixed(3)}  [${low.toFixed(3)}, ${high.toFixed(3)}]`);
}
