import { expect, test } from 'bun:test';
import { toModel } from './custom-model.ts';
import { applyOverrides } from './override.ts';
import { findPriceRow } from './price.ts';

const model = {
  ...toModel({ id: 'm', contextWindow: 1000, prices: { input: 1, output: 2 }, quality: 30 }, 'openai'),
  provenance: { url: 'https://x', fetchedAt: '', sha256: null, parser: 'page', confirmedBy: [], pinned: false },
};
const said = {
  provider: 'openai',
  model: 'm',
  prices: { input: 5, output: 6 },
  quality: 80,
  note: 'contract',
  from: '2030-01-02',
};
const priceOn = (at: string, models = applyOverrides([model], [said])) =>
  findPriceRow(models[0]!, { promptTokens: 1, at: Date.parse(at) })?.rates.input;

test('the price of the operator holds from its day on, and what came before keeps its price', () => {
  expect(priceOn('2030-01-01T23:59:59Z')).toBe(1);
  expect(priceOn('2030-01-02T00:00:00Z')).toBe(5);
  expect(priceOn('2031-01-01T00:00:00Z')).toBe(5);
});

test('an announced price of the page gives way, and one that is over stays', () => {
  const base = model.prices[0]!;
  const dated = {
    ...model,
    prices: [
      { ...base, until: '2029-01-01', rates: { input: 9, output: 9 } },
      { ...base, from: '2029-01-01', until: '2030-06-01' },
      { ...base, from: '2030-06-01', rates: { input: 3, output: 3 } },
    ],
  };
  const models = applyOverrides([dated], [said]);
  expect(priceOn('2028-05-01', models)).toBe(9);
  expect(priceOn('2029-05-01', models)).toBe(1);
  expect(priceOn('2030-07-01', models)).toBe(5);
});

test('it is told that the operator said so, and other models are left as they are', () => {
  const other = { ...model, id: 'other' };
  const [changed, same] = applyOverrides([model, other], [said]);
  expect(changed).toMatchObject({
    quality: { overall: { score: 80, source: 'operator' } },
    provenance: { parser: 'operator', pinned: true, url: 'https://x' },
  });
  expect(same).toBe(other);
});

test('a quality alone leaves the prices alone', () => {
  const [changed] = applyOverrides([model], [{ ...said, prices: null }]);
  expect(changed!.prices).toBe(model.prices);
});
