import { classify, REQUEST_KINDS } from '../src/pipeline/classifier/index.ts';
import { createLearning, type Learned } from '../src/pipeline/learning/index.ts';
import { expectedLogit, expectedSuccess } from '../src/pipeline/router/score.ts';
import { requestOf } from './ask.ts';
import type { Row } from './data.ts';
import { groupByPassages } from './groups.ts';
import { type Interval, mean, type PairOutcome, pairFigures } from './metrics.ts';
import { modelClassOf } from './model-classes.ts';
import { createRandom, shuffled } from './random.ts';

/*
 * The online learner as it is shipped, over sets of real outcomes: one owner's verdicts come in one after another, and the router
 * ranks prompts it has heard nothing of, in groups so that none shares eight words in a row with one that was judged.
 */

/** Where the router takes a model of each class to stand in the catalogue; see ANCHORS in `router/score.ts`. */
const STRENGTHS = { small: -0.3, medium: 0.15, large: 0.55, frontier: 0.95 } as const;
/** Within what one owner may teach in a day. */
const LESSONS_A_DAY = 100;
const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const OWNER = 'lab';

/** What is judged: both models' answers to a prompt, as a shadow comparison does, or only one of them, as a caller does. */
export interface Feedback {
  judges: 'both' | 'answered';
  /** The share of verdicts that say the opposite. */
  noise?: number;
  /** Controls: verdicts on other prompts, or drawn from what the router expects anyway. */
  control?: 'shuffled' | 'expected';
}

interface Prompt {
  group: number;
  judgement: ReturnType<typeof classify>;
  strong: number;
  weak: number;
}

export interface OnlineLab {
  names: { strong: string; weak: string };
  strengths: { strong: number; weak: number };
  prompts: Prompt[];
}

export function prepareOnline(rows: readonly Row[], [strong, weak]: readonly [string, string]): OnlineLab {
  const asked = rows.filter(({ scores }) => scores[strong] !== undefined && scores[weak] !== undefined);
  const groups = groupByPassages(asked.map(({ prompt }) => prompt));
  return {
    names: { strong, weak },
    strengths: { strong: STRENGTHS[modelClassOf(strong)], weak: STRENGTHS[modelClassOf(weak)] },
    prompts: asked.map(({ prompt, scores }, index) => ({
      group: groups[index] ?? 0,
      judgement: classify(requestOf(prompt)),
      strong: scores[strong] ?? 0,
      weak: scores[weak] ?? 0,
    })),
  };
}

/** How prompts that were not judged are ranked after so many verdicts: by how much more the strong model is expected to do. */
export interface Ranking {
  labels: number;
  outcomes: (PairOutcome & { group: number })[];
}

/** One run: half of the groups teach, the other half is ranked after each of these numbers of judged prompts. */
export function runOnline(lab: OnlineLab, feedback: Feedback, { seed, marks }: { seed: number; marks: number[] }) {
  const random = createRandom(seed * 7_919 + 1);
  const groups = shuffled([...new Set(lab.prompts.map(({ group }) => group))], seed);
  const held = new Set(groups.slice(0, Math.floor(groups.length / 2)));
  const tests = lab.prompts.filter(({ group }) => held.has(group));
  const taught = shuffled(
    lab.prompts.filter(({ group }) => !held.has(group)),
    seed + 1,
  );
  const verdicts = feedback.control === 'shuffled' ? shuffled(taught, seed + 99) : taught;
  const clock = { ms: START };
  const learning = createLearning({ kinds: REQUEST_KINDS, now: () => clock.ms, isOn: () => true });

  function teach(prompt: Prompt, of: 'strong' | 'weak', truth: number): void {
    const { judgement } = prompt;
    const strength = lab.strengths[of];
    const logit = expectedLogit(strength, judgement);
    const score = feedback.control === 'expected' ? Number(random() < 1 / (1 + Math.exp(-logit))) : truth;
    const isPassed = score >= 0.5 !== random() < (feedback.noise ?? 0);
    clock.ms += DAY_MS / LESSONS_A_DAY;
    learning.learn({
      ...{ source: 'caller', ownerId: OWNER, model: lab.names[of], topics: judgement.topics },
      ...{ strength, logit, passed: isPassed },
    });
  }

  const rankings: Ranking[] = [];
  for (let labels = 0; labels <= taught.length; labels++) {
    if (marks.includes(labels)) rankings.push({ labels, outcomes: rank(lab, tests, learning.read) });
    const [prompt, verdict] = [taught[labels], verdicts[labels]];
    if (!prompt || !verdict || labels >= Math.max(...marks)) break;
    const isStrong = random() < 0.5;
    if (feedback.judges === 'both' || isStrong) teach(prompt, 'strong', verdict.strong);
    if (feedback.judges === 'both' || !isStrong) teach(prompt, 'weak', verdict.weak);
  }
  return rankings;
}

type Read = (ownerId: string, topics: string) => Learned | null;

function rank({ names, strengths }: OnlineLab, tests: readonly Prompt[], read: Read): Ranking['outcomes'] {
  return tests.map(({ judgement, strong, weak, group }) => {
    const learned = read(OWNER, judgement.topics);
    const success = (of: 'strong' | 'weak'): number =>
      expectedSuccess(strengths[of], judgement, learned?.(names[of], strengths[of]));
    return { score: success('strong') - success('weak'), strong, weak, group };
  });
}

/** APGR after so many judged prompts, and how much more that is than before any: the mean over the runs. */
export interface Lift {
  labels: number;
  apgr: number;
  lift: Interval;
}

interface LiftOptions {
  /** Runs of the same seeds. */
  against?: readonly Ranking[][];
  rounds?: number;
}

/**
 * With the middle 95 % of what the lift reads when the groups of prompts are drawn anew; the same draw for both sides.
 * Against the same prompts before any verdict, or against another way to judge them.
 */
export function liftsOf(runs: readonly Ranking[][], { against, rounds = 100 }: LiftOptions = {}): Lift[] {
  const marks = runs[0]?.map(({ labels }) => labels) ?? [];
  const groups = [...new Set(runs.flatMap((run) => run[0]?.outcomes.map(({ group }) => group) ?? []))];
  const random = createRandom(11);
  const draws = Array.from({ length: rounds }, () => {
    const times = new Map<number, number>();
    for (let index = 0; index < groups.length; index++) {
      const group = groups[Math.floor(random() * groups.length)] ?? 0;
      times.set(group, (times.get(group) ?? 0) + 1);
    }
    return times;
  });
  return marks.map((labels, mark) => {
    const lift = (times?: ReadonlyMap<number, number>): number =>
      mean([...runs.keys()], (index) => {
        const base = against ? against[index]?.[mark] : runs[index]?.[0];
        return apgrOf(runs[index]?.[mark], times) - apgrOf(base, times);
      });
    const values = labels === 0 ? [0] : draws.map((times) => lift(times)).sort((a, b) => a - b);
    const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? Number.NaN;
    return {
      labels,
      apgr: mean(runs, (run) => apgrOf(run[mark])),
      lift: { value: lift(), low: at(0.025), high: at(0.975) },
    };
  });
}

function apgrOf(ranking: Ranking | undefined, times?: ReadonlyMap<number, number>): number {
  const outcomes = ranking?.outcomes ?? [];
  if (!times) return pairFigures(outcomes).apgr;
  return pairFigures(outcomes.flatMap((outcome) => new Array<PairOutcome>(times.get(outcome.group) ?? 0).fill(outcome)))
    .apgr;
}
