import { expect, test } from 'bun:test';
import { createLimits } from './index.ts';

const key = { id: 'k1', name: 'my program', userId: null, limits: { requestsPerMinute: 3 } };

function limitsAt(start: number) {
  const clock = { ms: start };
  return { clock, limits: createLimits({ now: () => clock.ms, defaultRequestsPerMinute: 2 }) };
}

test('a key may use its whole minute at once, and then waits for the next request to come free', () => {
  const { clock, limits } = limitsAt(0);
  for (let i = 0; i < 3; i++) limits.admit(key);
  expect(() => limits.admit(key)).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: 20 }));
  clock.ms = 20_000;
  limits.admit(key);
  expect(() => limits.admit(key)).toThrow();
});

test('keys do not share an allowance', () => {
  const { limits } = limitsAt(0);
  for (let i = 0; i < 3; i++) limits.admit(key);
  limits.admit({ ...key, id: 'k2' });
});

test('a key without a number has the default, and 0 means no limit', () => {
  const { limits } = limitsAt(0);
  const plain = { ...key, id: 'plain', limits: {} };
  limits.admit(plain);
  limits.admit(plain);
  expect(() => limits.admit(plain)).toThrow();
  for (let i = 0; i < 1000; i++) limits.admit({ ...key, id: 'free', limits: { requestsPerMinute: 0 } });
});

test('a clock set back takes nothing away and gives nothing', () => {
  const { clock, limits } = limitsAt(100_000);
  limits.admit(key);
  clock.ms = 0;
  limits.admit(key);
  limits.admit(key);
  expect(() => limits.admit(key)).toThrow();
});
