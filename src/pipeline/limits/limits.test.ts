import { beforeEach, describe, expect, test } from 'bun:test';
import type { LimitSet } from '../../db/limit-set.ts';
import { GatewayError } from '../../errors.ts';
import { type Ask, createLimits, type LimitEvent, type LimitedKey, type Settled } from './index.ts';

const NOON = Date.UTC(2030, 4, 31, 12);
const DAY = 86_400_000;

let clock: { ms: number };
let events: LimitEvent[];
let limits: ReturnType<typeof createLimits>;
beforeEach(() => {
  clock = { ms: NOON };
  events = [];
  limits = create();
});

function create() {
  return createLimits({ now: () => clock.ms, defaultRequestsPerMinute: 2, onEvent: (event) => events.push(event) });
}

function keyWith(set: LimitSet, more: Partial<LimitedKey> = {}): LimitedKey {
  return { id: 'k1', name: 'my program', userId: null, limits: { requestsPerMinute: 0, ...set }, ...more };
}

/** Estimated and at most 10, unless said otherwise. */
function ask(more: Partial<Ask> = {}): Ask {
  return { model: 'acme/m', tokens: 10, costNanoUsd: 10, mostNanoUsd: 10, isSimulated: false, ...more };
}

function end(more: Partial<Settled> = {}): Settled {
  return { costNanoUsd: 10, tokens: 10, isSimulated: false, model: 'acme/m', isWhole: true, ...more };
}

/** A whole request: true where it was let through. */
function spend(key: LimitedKey, more: Partial<Ask> = {}, settled: Partial<Settled> = {}): boolean {
  const pass = limits.enter(key);
  const refusal = pass.reserve(ask(more));
  pass.leave(refusal ? null : end(settled));
  return refusal === null;
}

function refusalOf(act: () => unknown): GatewayError {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

describe('requests a minute', () => {
  test('may all be used at once; then the next one comes free', () => {
    const key = keyWith({ requestsPerMinute: 3 });
    for (let i = 0; i < 3; i++) limits.admit(key);
    expect(refusalOf(() => limits.admit(key))).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 20 });
    clock.ms += 20_000;
    limits.admit(key);
    expect(() => limits.enter(key)).toThrow();
  });

  test('are not shared by keys, but by the keys of one person whose limit it is', () => {
    limits.replaceUserLimits(new Map([['ada', { requestsPerMinute: 3 }]]));
    const keys = ['a', 'b'].map((id) => keyWith({ requestsPerMinute: 2 }, { id, userId: 'ada' }));
    const [first, second] = keys as [LimitedKey, LimitedKey];
    limits.admit(first);
    limits.admit(first);
    expect(refusalOf(() => limits.admit(first)).message).toStartWith('The gateway key "my program" may make 2');
    limits.admit(second);
    expect(refusalOf(() => limits.admit(second)).message).toStartWith('The owner of the gateway key');
    limits.admit(keyWith({ requestsPerMinute: 2 }, { id: 'c' }));
  });

  test('are the default for a key without a number, and 0 means no limit', () => {
    const plain = { id: 'plain', name: 'plain', userId: null, limits: {} };
    limits.admit(plain);
    limits.admit(plain);
    expect(() => limits.admit(plain)).toThrow();
    for (let i = 0; i < 1000; i++) limits.admit(keyWith({ requestsPerMinute: 0 }));
  });

  test('a clock set back takes nothing away and gives nothing', () => {
    const key = keyWith({ requestsPerMinute: 3 });
    limits.admit(key);
    clock.ms -= DAY / 2;
    limits.admit(key);
    limits.admit(key);
    expect(() => limits.admit(key)).toThrow();
  });

  test('that were raised hold at once, and what was used stays used', () => {
    for (let i = 0; i < 3; i++) limits.admit(keyWith({ requestsPerMinute: 3 }));
    for (let i = 0; i < 2; i++) limits.admit(keyWith({ requestsPerMinute: 5 }));
    expect(() => limits.admit(keyWith({ requestsPerMinute: 5 }))).toThrow();
  });
});

describe('requests at once', () => {
  test('are as many as are allowed, and a place is given up once', () => {
    const key = keyWith({ concurrentRequests: 2 });
    const [first] = [limits.enter(key), limits.enter(key)];
    expect(refusalOf(() => limits.enter(key))).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 1 });
    first.leave(null);
    first.leave(null);
    first.leave(end());
    limits.enter(key);
    expect(() => limits.enter(key)).toThrow();
  });

  test('a request that is refused takes neither a place nor one of the minute', () => {
    const key = keyWith({ concurrentRequests: 1, requestsPerMinute: 2 });
    const pass = limits.enter(key);
    for (let i = 0; i < 9; i++) expect(() => limits.enter(key)).toThrow('under way');
    pass.leave(null);
    limits.enter(key);
  });
});

describe('tokens a minute', () => {
  const key = keyWith({ tokensPerMinute: 100 });

  test('are held by estimate, counted as used, and given back by a failure', () => {
    const pass = limits.enter(key);
    expect(pass.reserve(ask({ tokens: 80 }))).toBeNull();
    expect(limits.enter(key).reserve(ask({ tokens: 30 }))).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 6,
    });
    pass.leave(end({ tokens: 20 }));
    expect(limits.stateOf(key).tokens).toMatchObject({ limit: 100, remaining: 80 });
    const failed = limits.enter(key);
    failed.reserve(ask({ tokens: 80 }));
    failed.leave(end({ tokens: 0, costNanoUsd: 0, isWhole: false }));
    expect(limits.stateOf(key).tokens?.remaining).toBe(80);
  });

  test('a request larger than the whole limit waits for a full minute and never for more', () => {
    expect(spend(key, { tokens: 5000 }, { tokens: 5000 })).toBe(true);
    expect(spend(key, { tokens: 1 })).toBe(false);
    clock.ms += 60_000;
    expect(spend(key, { tokens: 1 })).toBe(false);
    clock.ms += 1000;
    expect(spend(key, { tokens: 1 })).toBe(true);
  });

  test('another candidate is held in place of the first, not beside it', () => {
    const pass = limits.enter(key);
    for (let i = 0; i < 5; i++) expect(pass.reserve(ask({ tokens: 90 }))).toBeNull();
    expect(limits.stateOf(key).tokens?.remaining).toBe(10);
  });

  test('answers from the cache use none', () => {
    limits.enter(key).leave(end({ tokens: 0, costNanoUsd: 0, isWhole: false }));
    expect(limits.stateOf(key).tokens?.remaining).toBe(100);
  });
});

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
    limits = create();
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
