import { DEFAULT_FOLDER, loadSets } from './data.ts';
import { evaluateCalibration, evaluateLevels } from './evaluate-chances.ts';
import { evaluatePair } from './evaluate-pairs.ts';
import { evaluatePool } from './evaluate-pools.ts';
import { evaluateTransfer } from './evaluate-transfer.ts';
import { missedFloors } from './floors.ts';
import { POOLS } from './pool-list.ts';

// Prints what the classifier and what learning from labels reach on sets of real outcomes. Ends with status 1 when a figure
// is below its floor.
// Run: bun run lab:evaluate [--data DIR] [--plots DIR] [--short]

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
};
const folder = option('--data') ?? DEFAULT_FOLDER;
const plots = option('--plots');
/** One seed instead of three, and only what takes seconds: for every change, in less than a minute. */
const isShort = process.argv.includes('--short');

const started = performance.now();
const sets = loadSets(folder);
const rows = sets.flatMap((set) => set.rows);
if (sets.length === 0) console.log(`Skipped: there are no *.jsonl.gz in ${folder}.`);

for (const set of sets) evaluatePair(set, isShort);
evaluateLevels(rows);
if (!isShort) evaluateCalibration(rows);
for (const pool of POOLS) await evaluatePool(pool, sets, { isShort, plots });
evaluateTransfer(rows, isShort);

const missed = missedFloors();
if (missed.length > 0) console.log(`\nBelow the floor:\n  ${missed.join('\n  ')}`);
if (sets.length > 0) console.log(`\n${Math.round((performance.now() - started) / 1_000)} s`);
process.exit(missed.length > 0 ? 1 : 0);
