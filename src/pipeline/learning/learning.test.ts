import { beforeEach, expect, test } from 'bun:test';
import { createLearning, DAILY, MAX_SHIFT, type Verdict } from './index.ts';

const KINDS = ['law', 'code', 'math'];
const LAW = 'f00';
const CODE = '0f0';
const DAY_MS = 86_400_000;
const STRONG = 0.95;
const WEAK = 0.15;

let clock: { ms: number };
let isOn: boolean;
let learning: ReturnType<typeof createLearning>;
beforeEach(() => {
  clock = { ms: Date.UTC(2026, 0, 1) };
  isOn = true;
  learning = create();
});

function create(kinds = KINDS) {
  return createLearning({ kinds, now: () => clock.ms, isOn: () => isOn });
}

function teach(verdict: Partial<Verdict> = {}, times = 1): void {
  for (let time = 0; time < times; time++) {
    learning.learn({
      ...{ source: 'caller', ownerId: 'ada', model: 'small', strength: WEAK, logit: 2, topics: LAW, passed: false },
      ...verdict,
    });
    clock.ms += DAY_MS / 100;
  }
}

const shift = (ownerId: string, topics: string, model = 'small', strength = WEAK): number =>
  learning.read(ownerId, topics)?.(model, strength) ?? 0;

/** Half of what the strong model does passes whatever the weak one does, so that the voice is not all there is to learn. */
function teachThatSmallFailsLaw(times: number): void {
  for (let time = 0; time < times; time++) {
    teach({ passed: false });
    teach({ model: 'large', strength: STRONG, passed: true });
    teach({ topics: CODE, passed: true });
  }
}

test('nothing learned moves nothing, and what is off neither learns nor moves', () => {
  expect(learning.read('ada', LAW)).toBeNull();
  isOn = false;
  expect(
    learning.learn({
      ...{ source: 'caller', ownerId: 'ada', model: 'small', strength: WEAK, logit: 2, topics: LAW, passed: false },
    }),
  ).toBeNull();
  isOn = true;
  teach();
  expect(shift('ada', LAW)).toBeLessThan(0);
  isOn = false;
  expect(learning.read('ada', LAW)).toBeNull();
});

test('a model that fails one kind of work is trusted less with that kind than with another, and a strong one is not', () => {
  teachThatSmallFailsLaw(40);
  expect(shift('ada', LAW)).toBeLessThan(-0.4);
  expect(shift('ada', CODE)).toBeGreaterThan(shift('ada', LAW) + 0.3);
  expect(shift('ada', LAW, 'large', STRONG)).toBeGreaterThan(0);
  expect(shift('ada', LAW, 'never heard of', WEAK)).toBeLessThan(0);
});

test('however many say so, a logit is moved by no more than two', () => {
  teachThatSmallFailsLaw(1_500);
  expect(shift('ada', LAW)).toBeGreaterThanOrEqual(-2 * MAX_SHIFT);
  expect(shift('ada', LAW)).toBeLessThan(-MAX_SHIFT);
});

test('somebody who finds everything bad says more of themselves than of a model', () => {
  teach({ passed: false }, 30);
  const complainer = shift('ada', LAW);
  learning = create();
  for (let time = 0; time < 30; time++) {
    teach({ passed: false });
    teach({ model: 'large', strength: STRONG, passed: true });
  }
  expect(complainer).toBeLessThan(0);
  expect(complainer).toBeGreaterThan(shift('ada', LAW) + 0.2);
});

test('what others learn of one owner is bounded by what that owner may teach in a day', () => {
  for (let time = 0; time < 5_000; time++) {
    learning.learn({
      ...{ source: 'caller', ownerId: 'eve', model: 'small', strength: WEAK, logit: 2, topics: LAW, passed: false },
    });
  }
  const flooded = shift('ada', LAW);
  expect(learning.report('eve')?.labels.caller).toBe(DAILY.own);
  learning = create();
  for (let time = 0; time < DAILY.shared; time++) {
    learning.learn({
      ...{ source: 'caller', ownerId: 'eve', model: 'small', strength: WEAK, logit: 2, topics: LAW, passed: false },
    });
  }
  expect(flooded).toBeCloseTo(shift('ada', LAW), 6);
  expect(Math.abs(flooded)).toBeLessThanOrEqual(MAX_SHIFT);
  expect(Math.abs(flooded)).toBeLessThan(Math.abs(shift('eve', LAW)));
});

test('guesses have a smaller share of the day than words', () => {
  for (let time = 0; time < 2_000; time++) {
    learning.learn({
      ...{ source: 'went-on', ownerId: 'ada', model: 'small', strength: WEAK, logit: 2, topics: LAW, passed: true },
    });
  }
  expect(learning.report('ada')?.labels['went-on']).toBe(DAILY.implicit);
  teach();
  expect(learning.report('ada')?.labels.caller).toBe(1);
});

test('a verdict that is taken back leaves nothing of itself, also after others and after months', () => {
  const verdict: Verdict = {
    ...{ source: 'caller', ownerId: 'ada', model: 'small', strength: WEAK, logit: 2, topics: LAW, passed: false },
  };
  const taught = learning.learn(verdict);
  if (!taught) throw new Error('nothing was learned');
  learning.forget(JSON.parse(JSON.stringify(taught)));
  expect(Math.abs(shift('ada', LAW))).toBeLessThan(1e-9);
  expect(learning.report('ada')).toMatchObject({ labels: { caller: 0 }, models: [], kinds: [] });

  const first = learning.learn(verdict);
  const before = shift('ada', LAW);
  clock.ms += 60 * DAY_MS;
  const second = learning.learn({ ...verdict, topics: CODE });
  if (!first || !second) throw new Error('nothing was learned');
  learning.forget(second);
  expect(shift('ada', LAW)).toBeCloseTo(before * 2 ** (-60 / 90), 6);
  learning.forget(first);
  expect(Math.abs(shift('ada', LAW))).toBeLessThan(1e-9);
});

test('lessons fade: after ninety days half is left', () => {
  teachThatSmallFailsLaw(20);
  const before = learning.report('ada')?.models.find(({ model }) => model === 'small')?.logit ?? 0;
  clock.ms += 90 * DAY_MS;
  teach({ topics: CODE, model: 'another' });
  const after = learning.report('ada')?.models.find(({ model }) => model === 'small')?.logit ?? 0;
  expect(after / before).toBeCloseTo(0.5, 1);
});

test('what was saved is read back as it was, by names, and what is damaged is as if it were not there', () => {
  teachThatSmallFailsLaw(20);
  const before = shift('ada', LAW);
  const rows = learning.takeChanges();
  expect(rows.map(({ ownerId }) => ownerId).sort()).toEqual(['', 'ada']);
  expect(learning.takeChanges()).toEqual([]);

  learning = create(['history', 'code', 'law']);
  learning.load([...rows, { ownerId: 'eve', state: '{"weights":', at: 0 }, { ownerId: 'bob', state: '[]', at: 0 }]);
  expect(shift('ada', '00f')).toBeCloseTo(before, 9);
  expect(learning.report('ada')?.labels).toEqual({ caller: 60 });
  expect(learning.report('eve')).toBeNull();
});

test('after a reset nothing is moved, and lessons of before are not taken back from what comes after', () => {
  const old = learning.learn({
    ...{ source: 'caller', ownerId: 'ada', model: 'small', strength: WEAK, logit: 2, topics: LAW, passed: false },
  });
  learning.reset();
  expect(learning.read('ada', LAW)).toBeNull();
  expect(learning.takeChanges()).toEqual([]);
  teach();
  const after = shift('ada', LAW);
  if (old) learning.forget(old);
  expect(shift('ada', LAW)).toBe(after);
});

test('of a request that says nothing of its topic, or was read by another version, nothing is learned', () => {
  for (const topics of [null, '', 'f0', 'f0000', 'xyz']) teach({ topics });
  expect(learning.report('ada')).toBeNull();
});
