import { DEFAULT_FOLDER, loadSets, type Row } from './data.ts';
import { type Feedback, type Lift, liftsOf, prepareOnline, type Ranking, runOnline } from './online.ts';
import { STRONG, WEAK } from './pairs.ts';

// Prints what the router's online learning reaches on sets of real outcomes, with the very code that serves requests.
// Run: bun run lab:learning [--data DIR] [--seeds N]

const MARKS = [0, 50, 100, 300, 1_500];

const PAIRS: { set: string; pair: readonly [string, string]; keeps?: (row: Row) => boolean }[] = [
  { set: 'routellm_mmlu', pair: [STRONG, WEAK] },
  { set: 'routellm_gsm8k', pair: [STRONG, WEAK] },
  {
    set: 'mmlu_pro',
    pair: ['gemini-1.5-pro-002', 'gemini-1.5-flash-002'],
    keeps: ({ meta }) => !meta.src?.startsWith('ori_mmlu'),
  },
  { set: 'llmrouter_dc', pair: ['llama-3.3-nemotron-super-49b-v1', 'mistral-7b-instruct-v0.3'] },
];

const BOTH: Feedback = { judges: 'both' };
const SHUFFLED: Feedback = { judges: 'both', control: 'shuffled' };
const KINDS: [string, Feedback][] = [
  ['both answers judged', BOTH],
  ['both, a fifth of the verdicts wrong', { judges: 'both', noise: 0.2 }],
  ['only the answer given is judged', { judges: 'answered' }],
  ['that, a fifth of the verdicts wrong', { judges: 'answered', noise: 0.2 }],
  ['control: verdicts on other prompts', SHUFFLED],
  ['control: nothing new in the verdicts', { judges: 'both', control: 'expected' }],
];

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
};
const folder = option('--data') ?? DEFAULT_FOLDER;
const seeds = Array.from({ length: Number(option('--seeds') ?? 10) }, (_, index) => index + 1);
const sets = loadSets(folder);
if (sets.length === 0) console.log(`Nothing to learn from: there are no *.jsonl.gz in ${folder}.`);

for (const { set, pair, keeps = () => true } of PAIRS) {
  const rows = sets.find(({ name }) => name === set)?.rows.filter(keeps) ?? [];
  const lab = prepareOnline(rows, pair);
  if (lab.prompts.length < 200) {
    console.log(`\n${set}: skipped, it is not in ${folder}`);
    continue;
  }
  console.log(`\n${set}: ${lab.prompts.length} prompts, ${pair.join(' or ')}; APGR of prompts that were not judged`);
  const runs = new Map<Feedback, Ranking[][]>();
  for (const [name, feedback] of KINDS) {
    const each = seeds.map((seed) => runOnline(lab, feedback, { seed, marks: MARKS }));
    runs.set(feedback, each);
    tell(name, liftsOf(each));
  }
  tell(
    'both answers judged, against verdicts on other prompts',
    liftsOf(runs.get(BOTH) ?? [], { against: runs.get(SHUFFLED) ?? [] }),
  );
}

function tell(name: string, lifts: readonly Lift[]): void {
  console.log(`  ${name}`);
  for (const { labels, apgr, lift } of lifts) {
    const told = `${signed(lift.value)} [${signed(lift.low)}, ${signed(lift.high)}]`;
    console.log(`    ${String(labels).padStart(5)} prompts   ${apgr.toFixed(3)}   ${labels === 0 ? '' : told}`);
  }
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}
