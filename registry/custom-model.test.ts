import { expect, test } from 'bun:test';
import { CustomModel, parseCustomModels, toModel } from './custom-model.ts';
import { costOf } from './price.ts';
import { Model } from './schema.ts';

const USAGE = {
  input: 1000,
  cacheRead: 1000,
  cacheWriteShort: 0,
  cacheWriteLong: 0,
  audioInput: 0,
  output: 1000,
  reasoning: 0,
  audioOutput: 0,
};
const AT = Date.parse('2026-11-23T12:00:00Z');

const full = (fields: Record<string, unknown>) => toModel(CustomModel.parse({ id: 'local', ...fields }), 'my-server');

test('an id is enough, and the entry is a whole one', () => {
  const model = full({});
  expect(Model.parse(model)).toEqual(model);
  expect(model).toMatchObject({
    id: 'local',
    name: 'local',
    provider: 'my-server',
    status: 'active',
    context: { window: 32_768, maxOutput: null },
    modalities: { in: ['text'], out: ['text'] },
    can: { tools: null, vision: null, structuredOutput: null },
    quality: {},
    provenance: { pinned: true },
  });
});

test('what the operator tells is in the entry', () => {
  const model = full({ name: 'Mine', contextWindow: 9, maxOutput: 3, quality: 40, can: { tools: true, vision: true } });
  expect(model).toMatchObject({
    name: 'Mine',
    context: { window: 9, maxOutput: 3 },
    modalities: { in: ['text', 'image'] },
    can: { tools: true, vision: true, structuredOutput: null },
    quality: { overall: { score: 40, source: 'operator' } },
  });
});

test('without prices it is unpriced, never free', () => {
  expect(costOf({ model: full({}), usage: USAGE, at: AT })).toEqual({ nanoUsd: null, row: null });
});

test('free is zero in every tier', () => {
  const model = full({ free: true });
  for (const serviceTier of [undefined, 'priority', 'flex']) {
    expect(costOf({ model, usage: { ...USAGE, cacheWriteShort: 7, serviceTier }, at: AT }).nanoUsd).toBe(0);
  }
});

test('cached prompts cost what the operator says, or as much as others', () => {
  const prices = { input: 1, output: 2 };
  expect(costOf({ model: full({ prices }), usage: USAGE, at: AT }).nanoUsd).toBe(4_000_000);
  expect(costOf({ model: full({ prices: { ...prices, cacheRead: 0 } }), usage: USAGE, at: AT }).nanoUsd).toBe(
    3_000_000,
  );
});

test('mistakes are told all at once, with file and field', () => {
  const models = [
    { id: '', prices: { input: -1, output: 1 } },
    { id: 'b', free: true, prices: { input: 1, output: 1 } },
    5,
  ];
  expect(() => parseCustomModels(models, 'providers.json')).toThrow(
    new RegExp(
      [
        '^providers.json: \\[0\\].id: .+',
        'providers.json: \\[0\\].prices.input: .+',
        'providers.json: \\[1\\].free: must not be given together with prices',
        'providers.json: \\[2\\]: .+$',
      ].join('\n'),
    ),
  );
  expect(parseCustomModels([{ id: 'a' }], 'providers.json')).toEqual([{ id: 'a', contextWindow: 32_768 }]);
});
