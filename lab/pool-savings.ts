import { type Interval, mean } from './metrics.ts';
import { choicesOf, type PoolRun, pointOf, savedAt, singles } from './pools.ts';
import { createRandom } from './random.ts';

const ROUNDS = 100;
/** Of so many trade-offs a twentieth of a power of ten apart, every other one is enough for an interval. */
const EVERY = 2;

/** What is saved at a share of the best model's quality, with what it reads when groups of like prompts are drawn again. */
export function savings(runs: readonly PoolRun[], share: number): Interval {
  const each = runs.map((run) => savingsOf(run, share));
  return {
    value: mean(each, (one) => one.value),
    low: mean(each, (one) => one.low),
    high: mean(each, (one) => one.high),
  };
}

function savingsOf(run: PoolRun, share: number): Interval {
  const choices = choicesOf(run, { quality: run.expectedQuality, cost: run.expectedCost });
  const all = choices.map((choice) => pointOf(run, choice));
  const some = choices.filter((_, index) => index % EVERY === 0);
  const groups = [...new Set(run.groups)];
  const random = createRandom(7);
  const values = Array.from({ length: ROUNDS }, () => {
    const drawn = new Map<number, number>();
    for (let draw = 0; draw < groups.length; draw++) {
      const group = groups[Math.floor(random() * groups.length)] ?? 0;
      drawn.set(group, (drawn.get(group) ?? 0) + 1);
    }
    const weights = Float64Array.from(run.groups, (group) => drawn.get(group) ?? 0);
    return savedAt(
      some.map((choice) => pointOf(run, choice, weights)),
      singles(run, weights),
      share,
    );
  }).sort((a, b) => a - b);
  const at = (part: number): number => values[Math.round(part * (values.length - 1))] ?? Number.NaN;
  return { value: savedAt(all, singles(run), share), low: at(0.025), high: at(0.975) };
}
