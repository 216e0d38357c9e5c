import { expect, test } from 'bun:test';
import { priceCalls } from './tool-price.ts';

const prices = {
  webSearch: { usd: 10, per: '1000 searches' },
  fileSearch: { usd: 2.5, per: '1000 calls' },
  grounding: { usd: 35, per: '1000 grounded prompts' },
  odd: { usd: 1, per: 'hour' },
};

test('calls cost what the catalogue says, each kind by its own price', () => {
  expect(priceCalls(prices, {})).toBe(0);
  expect(priceCalls(prices, { webSearch: 3, fileSearch: 2 })).toBe(3 * 10_000_000 + 2 * 2_500_000);
});

test('what is charged by the prompt is charged once', () => {
  expect(priceCalls(prices, { grounding: 4 })).toBe(35_000_000);
});

test.each(['advisor_message', 'constructor', 'odd'])('calls of "%s", which have no price, are unpriced', (name) => {
  expect(priceCalls(prices, { webSearch: 1, [name]: 1 })).toBeNull();
  expect(priceCalls(prices, { webSearch: 1, [name]: 0 })).toBe(10_000_000);
});
