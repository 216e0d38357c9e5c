import { describe, expect, test } from 'bun:test';
import { costOf, findPriceRow, normalizeTier, priceTokens, type TokenCounts } from './price.ts';
import { PriceRow, type Rates } from './schema.ts';

const NONE: TokenCounts = {
  input: 0,
  cacheRead: 0,
  cacheWriteShort: 0,
  cacheWriteLong: 0,
  audioInput: 0,
  output: 0,
  reasoning: 0,
  audioOutput: 0,
};

const row = (fields: { tier: PriceRow['tier'] } & Record<string, unknown>) => PriceRow.parse({ rates: {}, ...fields });
const price = (rates: Rates, tokens: Partial<TokenCounts>) => priceTokens({ rates }, { ...NONE, ...tokens });
const utc = (text: string) => Date.parse(`${text}Z`);
const NOON = utc('2026-11-23T12:00:00');

describe('the tier a reply reports', () => {
  test.each([
    ['standard', 'standard'],
    ['batch', 'batch'],
    ['flex', 'flex'],
    ['fast', 'fast'],
    ['priority', 'fast'],
    ['PRIORITY', 'fast'],
    ['ultrafast', 'ultrafast'],
    ['default', 'standard'],
    ['auto', 'standard'],
    ['on_demand', 'standard'],
    ['', 'standard'],
    [null, 'standard'],
    [undefined, 'standard'],
    ['constructor', 'standard'],
  ] as const)('%p is billed as %s', (reported, tier) => {
    expect(normalizeTier(reported)).toBe(tier);
  });
});

describe('the price row', () => {
  const banded = {
    prices: [
      row({ tier: 'standard' }),
      row({ tier: 'standard', promptOver: 272_000 }),
      row({ tier: 'standard', promptOver: 500_000 }),
      row({ tier: 'fast' }),
    ],
  };

  test.each([
    [0, 0],
    [1, 0],
    [271_999, 0],
    [272_000, 0],
    [272_001, 272_000],
    [500_000, 272_000],
    [500_001, 500_000],
  ])('of a prompt of %i tokens is the one for more than %i', (promptTokens, promptOver) => {
    expect(findPriceRow(banded, { promptTokens, at: NOON })?.promptOver).toBe(promptOver);
  });

  test('is of the reported tier or there is none', () => {
    expect(findPriceRow(banded, { tier: 'priority', promptTokens: 9, at: NOON })?.tier).toBe('fast');
    expect(findPriceRow(banded, { tier: 'flex', promptTokens: 9, at: NOON })).toBeNull();
  });

  test('changes at midnight UTC: `until` is the first day it no longer holds', () => {
    const dated = {
      prices: [
        row({ tier: 'standard', until: '2026-12-01', note: 'before' }),
        row({ tier: 'standard', from: '2026-12-01', note: 'after' }),
      ],
    };
    const at = (text: string) => findPriceRow(dated, { promptTokens: 1, at: utc(text) })?.note;
    expect(at('2026-11-30T23:59:59.999')).toBe('before');
    expect(at('2026-12-01T00:00:00.000')).toBe('after');
  });

  test('is missing before the first day and after the last', () => {
    const model = { prices: [row({ tier: 'standard', from: '2026-09-01', until: '2026-10-01' })] };
    for (const text of ['2026-08-31T23:59:59', '2026-10-01T00:00:00']) {
      expect(findPriceRow(model, { promptTokens: 1, at: utc(text) })).toBeNull();
    }
  });

  test('of another region is not taken', () => {
    expect(
      findPriceRow({ prices: [row({ tier: 'standard', region: 'eu' })] }, { promptTokens: 1, at: NOON }),
    ).toBeNull();
  });

  test('is missing for a time that is none', () => {
    expect(findPriceRow(banded, { promptTokens: 1, at: Number.NaN })).toBeNull();
  });
});

describe('the cost', () => {
  test('is a million times the price for a million tokens of a class', () => {
    const rates: Rates = {
      input: 1,
      output: 2,
      cacheRead: 3,
      cacheWrite: [
        { ttlSeconds: 3600, price: 5 },
        { ttlSeconds: 300, price: 4 },
      ],
      audioInput: 6,
      audioOutput: 7,
    };
    const million = 1_000_000;
    const classes = ['input', 'output', 'cacheRead', 'cacheWriteShort', 'cacheWriteLong', 'audioInput', 'audioOutput'];
    expect(classes.map((name) => price(rates, { [name]: million }))).toEqual([1e9, 2e9, 3e9, 4e9, 5e9, 6e9, 7e9]);
    expect(price(rates, Object.fromEntries(classes.map((name) => [name, million])))).toBe(28e9);
  });

  test('does not count thoughts a second time', () => {
    expect(price({ output: 10 }, { output: 1000, reasoning: 900 })).toBe(price({ output: 10 }, { output: 1000 }));
  });

  test('is exact where floating point is not', () => {
    // 0.1 + 0.2 dollars per million, three tokens each: 300 + 600 nano-dollars.
    expect(price({ input: 0.1, output: 0.2 }, { input: 3, output: 3 })).toBe(900);
    expect(price({ input: 1.005 }, { input: 1_000_000_000 })).toBe(1_005_000_000_000);
    expect(price({ input: 0.000001 }, { input: 1_000_000_000 })).toBe(1_000_000);
    expect(price({ input: 600.000001 }, { input: 999_999_999 })).toBe(600_000_000_400_000);
  });

  test('is rounded half up once, at the end', () => {
    // 0.0375 dollars per million is 37.5 nano-dollars a token.
    expect(price({ input: 0.0375 }, { input: 1 })).toBe(38);
    expect(price({ input: 0.0375, output: 0.0375 }, { input: 1, output: 1 })).toBe(75);
    expect(price({ input: 0.000499 }, { input: 1 })).toBe(0);
    expect(price({ input: 0.0005 }, { input: 1 })).toBe(1);
  });

  test('is unknown as soon as one class that has tokens has no price', () => {
    expect(price({ input: 1 }, { input: 5, output: 1 })).toBeNull();
    expect(price({ input: 1 }, { input: 5, cacheRead: 1 })).toBeNull();
    expect(price({ input: 1 }, { audioOutput: 1 })).toBeNull();
    expect(price({}, { input: 1 })).toBeNull();
    expect(price({ input: 1 }, { input: 5 })).toBe(5000);
    expect(price({}, {})).toBe(0);
  });

  test('of cache writes without prices of their own is that of input', () => {
    expect(price({ input: 2 }, { cacheWriteShort: 10, cacheWriteLong: 10 })).toBe(40_000);
  });

  test('of long cache writes is unknown where only short ones have a price', () => {
    const rates: Rates = { input: 2, cacheWrite: [{ ttlSeconds: 1800, price: 2.5 }] };
    expect(price(rates, { cacheWriteShort: 10 })).toBe(25_000);
    expect(price(rates, { cacheWriteLong: 10 })).toBeNull();
    expect(price({ input: 2, cacheWrite: [] }, { cacheWriteShort: 10 })).toBeNull();
  });

  test('of audio is that of input where nothing else is said', () => {
    expect(price({ input: 2 }, { audioInput: 10 })).toBe(20_000);
    expect(price({ input: 2, audioInput: 32 }, { audioInput: 10 })).toBe(320_000);
  });

  test('of kinds of input that have a price of their own is not that of the class they are in', () => {
    const extras = { imageInput: 4, videoInput: 3, cachedAudio: 2 };
    const tokens = { input: 10, cacheRead: 5, extras };
    expect(price({ input: 1, cacheRead: 0.1 }, tokens)).toBe(10 * 1000 + 5 * 100);
    const apart = { input: 1, imageInput: 2, videoInput: 6, cacheRead: 0.1, audioCacheRead: 0.5 };
    expect(price(apart, tokens)).toBe(3 * 1000 + 4 * 2000 + 3 * 6000 + 3 * 100 + 2 * 500);
    expect(price(apart, { ...tokens, input: 6 })).toBeNull();
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('is unknown for %p tokens', (count) => {
    expect(price({ input: 1 }, { input: count })).toBeNull();
  });
});

describe('the cost of a reply', () => {
  const model = {
    prices: [
      row({ tier: 'standard', rates: { input: 1, output: 1, cacheRead: 0.1 } }),
      row({ tier: 'standard', promptOver: 1000, rates: { input: 2, output: 2, cacheRead: 0.2 } }),
    ],
  };

  test('hangs on all prompt tokens, whatever their class, and then on the whole request', () => {
    const usage = { ...NONE, input: 500, cacheRead: 501, output: 10 };
    expect(costOf({ model, usage, at: NOON })).toEqual({
      nanoUsd: 1_000_000 + 100_200 + 20_000,
      row: model.prices[1]!,
    });
    expect(costOf({ model, usage: { ...usage, cacheRead: 500 }, at: NOON }).row).toBe(model.prices[0]!);
  });

  test('is unknown, with no row, in a tier the model has no price for', () => {
    expect(costOf({ model, usage: { ...NONE, input: 1, serviceTier: 'flex' }, at: NOON })).toEqual({
      nanoUsd: null,
      row: null,
    });
  });

  test('is multiplied in every class where the model has a price for that, and the row says so', () => {
    const usage = { ...NONE, input: 10, cacheRead: 100, extras: { multiplier: 'usInference' } };
    expect(costOf({ model, usage, at: NOON }).nanoUsd).toBe(10 * 1000 + 100 * 100);
    const dearer = { ...model, multipliers: { usInference: 1.1 } };
    expect(costOf({ model: dearer, usage, at: NOON })).toMatchObject({
      nanoUsd: 10 * 1100 + 100 * 110,
      row: { region: 'usInference', rates: { input: 1.1, cacheRead: 0.11 } },
    });
  });

  test('has the calls of tools in it, and is unknown where one of them has no price', () => {
    const usage = { ...NONE, input: 10, extras: { calls: { webSearch: 2 } } };
    const toolPrices = { webSearch: { usd: 10, per: '1000 calls' } };
    expect(costOf({ model: { ...model, toolPrices }, usage, at: NOON }).nanoUsd).toBe(10 * 1000 + 2 * 10_000_000);
    expect(costOf({ model, usage, at: NOON })).toMatchObject({ nanoUsd: null, row: model.prices[0]! });
  });

  test('names the row even when a class of it has no price', () => {
    expect(costOf({ model, usage: { ...NONE, audioOutput: 1 }, at: NOON })).toEqual({
      nanoUsd: null,
      row: model.prices[0]!,
    });
  });
});
