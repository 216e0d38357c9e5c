import { expect, test } from 'bun:test';
import { argumentsObject, tryWriteJson } from './arguments.ts';

const DEEP = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;

test('arguments are the object they say', () => {
  expect(argumentsObject('{"city":"Oslo"}', false)).toEqual({ city: 'Oslo' });
  expect(argumentsObject(' ', false)).toEqual({});
  expect(argumentsObject('free text', true)).toEqual({ input: 'free text' });
});

test('arguments that broke off are kept as they are', () => {
  expect(argumentsObject('{"city":"Os', false)).toEqual({ malformed_arguments: '{"city":"Os' });
});

test('arguments nested too deeply to be written again are kept as text, and found out in no time', () => {
  const started = performance.now();
  expect(argumentsObject(DEEP, false)).toEqual({ malformed_arguments: DEEP });
  expect(tryWriteJson(JSON.parse(DEEP))).toBeUndefined();
  // To have the runtime run out of stack takes ten seconds.
  expect(performance.now() - started).toBeLessThan(2_000);
});
