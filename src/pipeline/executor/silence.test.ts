import { expect, test } from 'bun:test';
import { createSilence } from './silence.ts';

/** Waits as long as a provider that is silent for `limitMs` is waited for. */
async function silenceOf(limitMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  createSilence(limitMs, resolve).begin();
  await promise;
}

test('a provider that says nothing for longer than the limit is given up', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const silence = createSilence(5, resolve);
  silence.begin();
  expect(silence.wasTooLong()).toBe(false);
  await promise;
  expect(silence.wasTooLong()).toBe(true);
});

test('while nobody waits for the provider it is not silent, however long that takes', async () => {
  const silence = createSilence(10, () => {});
  silence.begin();
  silence.end();
  await silenceOf(40);
  expect(silence.wasTooLong()).toBe(false);
});

test('each wait has the whole of the limit', async () => {
  const silence = createSilence(60, () => {});
  silence.begin();
  await silenceOf(40);
  silence.end();
  silence.begin();
  await silenceOf(40);
  expect(silence.wasTooLong()).toBe(false);
  silence.stop();
});

test('what is stopped is never too long', async () => {
  const silence = createSilence(5, () => {});
  silence.begin();
  silence.stop();
  await silenceOf(20);
  expect(silence.wasTooLong()).toBe(false);
});
