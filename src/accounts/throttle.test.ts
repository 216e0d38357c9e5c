import { expect, test } from 'bun:test';
import { createThrottle } from './throttle.ts';

const throttleAt = (clock: { ms: number }) => createThrottle(() => clock.ms);

function waitOf(attempt: () => void): number {
  try {
    attempt();
    return 0;
  } catch (error) {
    return (error as { retryAfterSeconds: number }).retryAfterSeconds;
  }
}

test('after five failures each further one doubles the wait, up to an hour', () => {
  const clock = { ms: 0 };
  const throttle = throttleAt(clock);
  const waits: number[] = [];
  for (let failures = 1; failures <= 14; failures++) {
    throttle.begin('eve');
    const wait = waitOf(() => throttle.begin('eve'));
    // A refused attempt is not counted, so only the first of the two was one, unless there was no wait.
    if (wait === 0) failures++;
    waits.push(wait);
    clock.ms += wait * 1000;
  }
  expect(waits).toEqual([0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
});

test('one right password wipes the failures out, and so does time', () => {
  const clock = { ms: 0 };
  const throttle = throttleAt(clock);
  const fail = () => {
    for (let i = 0; i < 5; i++) throttle.begin('ada');
  };
  fail();
  throttle.forgive('ada');
  fail();
  expect(waitOf(() => throttle.begin('ada'))).toBe(30);
  clock.ms += 30_000 + 3_600_000;
  fail();
  expect(waitOf(() => throttle.begin('ada'))).toBe(30);
});

test('one person does not make another wait', () => {
  const throttle = throttleAt({ ms: 0 });
  for (let i = 0; i < 5; i++) throttle.begin('eve');
  expect(waitOf(() => throttle.begin('ada'))).toBe(0);
});
