import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { DEFAULT_FOLDER, loadSets } from './data.ts';
import { liftsOf, prepareOnline, runOnline } from './online.ts';
import { STRONG, WEAK } from './pairs.ts';

// Real prompts with real outcomes, when they lie beside the repository; the long form is `bun run lab:learning`.

const isThere = existsSync(DEFAULT_FOLDER);
if (!isThere) console.log('skipped: the online learner against outcome data, because ../shared/routing is not there');
const SEEDS = [1, 2, 3, 4, 5];

test.skipIf(!isThere)(
  '300 judged prompts lift the ranking of others, and verdicts that say nothing new change nothing',
  () => {
    const rows = loadSets(DEFAULT_FOLDER).find(({ name }) => name === 'routellm_mmlu')?.rows ?? [];
    const lab = prepareOnline(rows, [STRONG, WEAK]);
    const after300 = (feedback: Parameters<typeof runOnline>[1]) =>
      liftsOf(
        SEEDS.map((seed) => runOnline(lab, feedback, { seed, marks: [0, 300] })),
        { rounds: 40 },
      )[1];
    const learned = after300({ judges: 'both' });
    const partly = after300({ judges: 'answered' });
    const control = after300({ judges: 'both', control: 'expected' });
    console.log(`APGR of MMLU after 300 judged prompts: ${JSON.stringify({ learned, partly, control })}`);
    expect(learned?.lift.low).toBeGreaterThan(0);
    expect(partly?.lift.value).toBeGreaterThan(0);
    expect(Math.abs(control?.lift.value ?? 1)).toBeLessThan(0.01);
  },
  20_000,
);
