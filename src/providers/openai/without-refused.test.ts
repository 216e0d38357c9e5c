import { expect, test } from 'bun:test';
import { withoutRefused } from './without-refused.ts';

const body = { model: 'm', temperature: 0, top_p: 0.5, stop: ['x'], max_tokens: 5, user: 'u' };

test('a reasoning model that the gateway chose is spared what it refuses, and its limit has the name it knows', () => {
  expect(withoutRefused(body, { isOurs: true, reasons: true })).toEqual({
    ...{ model: 'm', user: 'u', max_completion_tokens: 5 },
  });
  const both = { max_tokens: 5, max_completion_tokens: 7 };
  expect(withoutRefused(both, { isOurs: true, reasons: true })).toEqual({ max_completion_tokens: 7 });
  expect(withoutRefused({ max_tokens: null }, { isOurs: true, reasons: true })).toEqual({});
});

test('a model that was named, or that does not reason, gets the body as it is', () => {
  expect(withoutRefused(body, { isOurs: false, reasons: true })).toBe(body);
  expect(withoutRefused(body, { isOurs: true, reasons: false })).toBe(body);
  expect(withoutRefused(body, undefined)).toBe(body);
  const plain = { model: 'm' };
  expect(withoutRefused(plain, { isOurs: true, reasons: true })).toBe(plain);
});
