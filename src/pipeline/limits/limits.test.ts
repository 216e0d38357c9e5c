import { beforeEach, describe, expect, test } from 'bun:test';
import { refusalOf } from '../../testing/refusal-of.ts';
import { ask, createWorld, DAY, end, keyWith } from './fixture.ts';
import type { Ask, LimitedKey, Limits, Settled } from './index.ts';

let clock: { ms: number };
let limits: Limits;
beforeEach(() => {
  const world = createWorld();
  clock = world.clock;
  limits = world.start();
});

/** A whole request: true where it was let through. */
function spend(key: LimitedKey, more: Partial<Ask> = {}, settled: Partial<Settled> = {}): boolean {
  const pass = limits.enter(key);
  const refusal = pass.reserve(ask(more));
  pass.leave(refusal ? null : end(settled));
  return refusal === null;
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
