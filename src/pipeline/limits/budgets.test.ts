import { beforeEach, describe, expect, test } from 'bun:test';
import { ask, createWorld, DAY, end, keyWith } from './fixture.ts';
import type { Ask, LimitEvent, LimitedKey, Limits, Settled } from './index.ts';

let clock: { ms: number };
let events: LimitEvent[];
let start: () => Limits;
let limits: Limits;
beforeEach(() => {
  const world = createWorld();
  clock = world.clock;
  events = world.events;
  start = world.start;
  limits = world.start();
});

/** A whole request: true where it was let through. */
function spend(key: LimitedKey, more: Partial<Ask> = {}, settled: Partial<Settled> = {}): boolean {
  const pass = limits.enter(key);
  const refusal = pass.reserve(ask(more));
  pass.leave(refusal ? null : end(settled));
  return refusal === null;
}

describe('a hard budget', () => {
  const key = keyWith({ dailyBudgetNanoUsd: 100 });

  test('is spent to the last and not further; the refusal says so and when it begins anew', () => {
    for (let i = 0; i < 10; i++) expect(spend(key)).toBe(true);
    const refusal = limits.enter(key).reserve(ask());
    expect(refusal?.code).toBe('budget_exceeded');
    expect(refusal?.message).toContain('daily budget of $0.0000001, of which $0.0000001 is spent');
    expect(refusal?.message).toContain('2030-06-01T00:00:00.000Z');
  });

  test('requests under way hold it, and who comes meanwhile may come again', () => {
    const passes = Array.from({ length: 10 }, () => limits.enter(key));
    for (const pass of passes) expect(pass.reserve(ask())).toBeNull();
    expect(limits.enter(key).reserve(ask())).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 1 });
    for (const pass of passes) pass.leave(end({ costNanoUsd: 0, tokens: 0, isWhole: false }));
    expect(limits.reportOf(key).key.budgets).toMatchObject([{ spentNanoUsd: 0, reservedNanoUsd: 0 }]);
    expect(spend(key)).toBe(true);
  });

  test.each([1, 2, 3, 7])(
    'is passed by one estimate’s error at most, though replies cost %d times the estimate',
    (times) => {
      for (let round = 0; round < 50; round++) {
        const passes = Array.from({ length: 200 }, () => limits.enter(key));
        const admitted = passes.filter((pass) => pass.reserve(ask({ mostNanoUsd: 10_000 })) === null);
        for (const pass of admitted) pass.leave(end({ costNanoUsd: 10 * times }));
      }
      const spent = limits.reportOf(key).key.budgets[0]?.spentNanoUsd ?? 0;
      // Nothing is known of a model before its first replies, and seven times the estimate is beyond what is allowed for.
      expect(spent).toBeLessThanOrEqual(100 + 10 * (times - 1) + (times > 3 ? 30 * (times - 1) : 0));
      expect(spent).toBeGreaterThan(100 - 10 * times);
    },
  );

  test('a dearer candidate needs more of it, and is refused where there is no more', () => {
    const pass = limits.enter(key);
    expect(pass.reserve(ask({ costNanoUsd: 60, mostNanoUsd: 60 }))).toBeNull();
    expect(limits.enter(key).reserve(ask({ costNanoUsd: 50 }))?.code).toBe('rate_limited');
    expect(pass.reserve(ask({ costNanoUsd: 101, mostNanoUsd: 101 }))?.code).toBe('budget_exceeded');
    expect(limits.enter(key).reserve(ask({ costNanoUsd: 50 }))).toBeNull();
  });

  test('lets through what costs nothing, and refuses what has no price unless told otherwise', () => {
    while (spend(key));
    expect(spend(key, { costNanoUsd: 0, mostNanoUsd: 0 }, { costNanoUsd: 0 })).toBe(true);
    const unpriced = { costNanoUsd: null, mostNanoUsd: null };
    const refusal = limits.enter(key).reserve(ask(unpriced));
    expect(refusal).toMatchObject({ code: 'budget_exceeded', param: 'model' });
    const open = keyWith({ dailyBudgetNanoUsd: 100, allowsUnpriced: true }, { id: 'open' });
    expect(spend(open, unpriced, { costNanoUsd: null })).toBe(true);
    expect(limits.allowanceOf(key).takesUnpriced).toBe(false);
    expect(limits.allowanceOf(keyWith({ maxRequestNanoUsd: 5 })).takesUnpriced).toBe(false);
    expect(limits.allowanceOf(keyWith({ dailyBudgetNanoUsd: 5, budgetMode: 'warn' })).takesUnpriced).toBe(true);
  });

  test('a reply that turns out to have no price is booked with its estimate', () => {
    spend(key, {}, { costNanoUsd: null });
    expect(limits.reportOf(key).key.budgets[0]?.spentNanoUsd).toBe(10);
  });

  test('begins anew with the UTC day and month, by the clock; what was under way belongs to the day it began', () => {
    const both = keyWith({ dailyBudgetNanoUsd: 100, monthlyBudgetNanoUsd: 150 });
    while (spend(both));
    const late = limits.enter(keyWith({ dailyBudgetNanoUsd: 100 }, { id: 'late' }));
    late.reserve(ask());
    clock.ms = Date.UTC(2030, 5, 1);
    expect(spend(both)).toBe(true);
    late.leave(end());
    const [day, month] = limits.reportOf(both).key.budgets;
    expect([day?.spentNanoUsd, month?.spentNanoUsd]).toEqual([10, 10]);
    expect([day?.resetsAt, month?.resetsAt]).toEqual([Date.UTC(2030, 5, 2), Date.UTC(2030, 6, 1)]);
    const other = limits.reportOf(keyWith({ dailyBudgetNanoUsd: 100 }, { id: 'late' })).key.budgets[0];
    expect(other).toMatchObject({ spentNanoUsd: 0, reservedNanoUsd: 0 });
  });

  test('is not given twice by a clock that is set back over midnight', () => {
    clock.ms = Date.UTC(2030, 5, 1, 0, 0, 1);
    while (spend(key));
    clock.ms -= 2000;
    expect(spend(key)).toBe(false);
  });

  test('of a person holds for all their keys together', () => {
    limits.replaceUserLimits(new Map([['ada', { monthlyBudgetNanoUsd: 50 }]]));
    const keys = ['a', 'b'].map((id) => keyWith({}, { id, userId: 'ada' }));
    let count = 0;
    for (let i = 0; i < 10; i++) for (const each of keys) count += Number(spend(each));
    expect(count).toBe(5);
    expect(limits.reportOf(keys[0] as LimitedKey).user?.budgets[0]).toMatchObject({
      spentNanoUsd: 50,
      remainingNanoUsd: 0,
    });
  });

  test('is restored from the ledger', () => {
    const common = { keyId: 'k1', userId: 'ada', simulatedNanoUsd: 0 };
    limits.restore([
      { ...common, period: 'day', realNanoUsd: 80 },
      { ...common, period: 'month', realNanoUsd: 900 },
    ]);
    expect(spend(key)).toBe(true);
    expect(spend(key)).toBe(true);
    expect(spend(key)).toBe(false);
    limits.replaceUserLimits(new Map([['ada', { monthlyBudgetNanoUsd: 905 }]]));
    expect(spend(keyWith({}, { userId: 'ada' }))).toBe(false);
  });

  test('of simulated money counts for simulated requests only', () => {
    while (spend(key, { isSimulated: true }, { isSimulated: true }));
    expect(limits.reportOf(key).key.budgets[0]).toMatchObject({
      spentNanoUsd: 0,
      simulatedNanoUsd: 100,
      remainingNanoUsd: 100,
    });
    const whileSimulating = limits.reportOf(key, { isSimulating: true }).key.budgets[0];
    expect(whileSimulating?.remainingNanoUsd).toBe(0);
    expect(spend(key)).toBe(true);
  });
});

test('one request may not be expected to cost more than its maximum', () => {
  const key = keyWith({ maxRequestNanoUsd: 10 });
  expect(spend(key)).toBe(true);
  expect(limits.enter(key).reserve(ask({ costNanoUsd: 11 }))).toMatchObject({ code: 'budget_exceeded' });
});

test('asking whether a request would be refused takes nothing', () => {
  const key = keyWith({ dailyBudgetNanoUsd: 10, tokensPerMinute: 10 });
  const pass = limits.enter(key);
  for (let i = 0; i < 9; i++) expect(pass.refuse(ask())).toBeNull();
  expect(pass.refuse(ask({ costNanoUsd: 11 }))?.code).toBe('budget_exceeded');
  pass.leave(null);
  expect(spend(key)).toBe(true);
});

describe('events', () => {
  const told = () => events.map(({ data }) => `${data.holder} ${data.period} ${data.percent} ${data.mode}`);

  test('are raised at 80 % and 100 % of each budget, once in a period and for an amount', () => {
    limits.replaceUserLimits(new Map([['ada', { monthlyBudgetNanoUsd: 100, budgetMode: 'warn' as const }]]));
    const key = keyWith({ dailyBudgetNanoUsd: 100, budgetMode: 'warn' }, { userId: 'ada' });
    for (let i = 0; i < 7; i++) spend(key);
    expect(told()).toEqual([]);
    spend(key);
    expect(told()).toEqual(['key day 80 warn', 'user month 80 warn']);
    for (let i = 0; i < 30; i++) expect(spend(key)).toBe(true);
    expect(told().slice(2)).toEqual(['key day 100 warn', 'user month 100 warn']);
    expect(events[0]).toMatchObject({
      id: 'budget key k1 day 2030-05-31 100 80',
      data: {
        holderId: 'k1',
        keyName: 'my program',
        budgetUsd: '0.0000001',
        spentUsd: '0.00000008',
        isSimulated: false,
      },
    });

    spend(keyWith({ dailyBudgetNanoUsd: 400, budgetMode: 'warn' }, { userId: 'ada' }));
    expect(events).toHaveLength(5);
    clock.ms += DAY;
    for (let i = 0; i < 8; i++) spend(keyWith({ dailyBudgetNanoUsd: 100, budgetMode: 'warn' }));
    expect(events.at(-1)?.id).toBe('budget key k1 day 2030-06-01 100 80');
  });

  test('are the same after a restart, so that they are not told again', () => {
    const key = keyWith({ dailyBudgetNanoUsd: 100 });
    for (let i = 0; i < 8; i++) spend(key);
    const [first] = events;
    limits = start();
    limits.restore([{ keyId: 'k1', userId: null, period: 'day', realNanoUsd: 80, simulatedNanoUsd: 0 }]);
    spend(key);
    expect(events.at(-1)?.id).toBe(first?.id ?? '');
  });

  test('say that a hard budget is used up when it turns requests away, but not for one that was too large anyway', () => {
    const key = keyWith({ dailyBudgetNanoUsd: 100 });
    expect(spend(key, { costNanoUsd: 500 })).toBe(false);
    expect(events).toEqual([]);
    for (let i = 0; i < 9; i++) spend(key);
    expect(spend(key, { costNanoUsd: 15 })).toBe(false);
    expect(told()).toEqual(['key day 80 hard', 'key day 100 hard']);
  });

  test('tell of a model without a price once a day', () => {
    const key = keyWith({});
    const unpriced = [{ costNanoUsd: null, mostNanoUsd: null }, { costNanoUsd: null }] as const;
    for (let i = 0; i < 5; i++) spend(key, ...unpriced);
    expect(events.map(({ id }) => id)).toEqual(['unpriced acme/m 2030-05-31']);
    clock.ms += DAY;
    spend(key, ...unpriced);
    expect(events).toHaveLength(2);
  });
});
