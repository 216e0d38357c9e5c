import { describe, expect, test } from 'bun:test';
import { toModel } from './custom-model.ts';
import { createRegistry, parseRegistry, RegistryError } from './load.ts';
import type { Model } from './schema.ts';

function model(id: string, fields: Partial<Model> = {}): Model {
  return { ...toModel({ id, contextWindow: 1000 }, 'acme'), ...fields };
}

const price = (fields: Record<string, unknown> = {}) => ({
  tier: 'standard',
  rates: { input: 1, output: 2 },
  ...fields,
});

const file = (...models: unknown[]) => JSON.stringify({ schema: 1, generatedAt: '2026-11-23T00:00:00Z', models });

function problemsOf(text: string): readonly string[] {
  try {
    parseRegistry(text, 'models.json');
  } catch (error) {
    if (error instanceof RegistryError) return error.problems;
    throw error;
  }
  return [];
}

describe('reading the file', () => {
  test('a well-formed file is a registry, with what was left out filled in', () => {
    const registry = parseRegistry(file({ ...model('a'), prices: [price()] }), 'models.json');
    expect(registry.find('a')?.prices[0]).toEqual({
      tier: 'standard',
      promptOver: 0,
      from: null,
      until: null,
      region: 'global',
      rates: { input: 1, output: 2 },
    });
  });

  test.each(['', '{', '\u0000', '{"schema":1,}'])('%p is refused as no JSON', (text) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^models\.json: not valid JSON: .+/)]);
  });

  test.each(['null', '7', '[]', '{}', '{"models":5}', '{"models":[null,3]}'])('%s is refused with words', (text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0);
  });

  test('every problem is told at once, with file, model and field', () => {
    const text = file(
      { ...model('one'), prices: [price({ rates: { input: 'free' } })] },
      { ...model('two'), status: 'brand-new', extra: 1 },
      { ...model('three'), id: undefined },
      { ...model('four'), prices: [price(), price()] },
    );
    expect(problemsOf(text)).toEqual([
      'models.json: model "one": prices[0].rates.input: Invalid input: expected number, received string',
      expect.stringContaining('models.json: model "two": status: Invalid option'),
      expect.stringContaining('models.json: model "two": the model: Unrecognized key: "extra"'),
      'models.json: model "number 3": id: Invalid input: expected string, received undefined',
      'models.json: model "four": prices[1]: It holds for the same requests as prices[0].',
    ]);
  });

  test('a day that is none is refused', () => {
    expect(problemsOf(file({ ...model('a'), released: '2026-02-30' }))).toEqual([
      'models.json: model "a": released: must be a day such as 2026-11-23',
    ]);
  });
});

describe('comparing what is in the file', () => {
  const alias = (id: string): Model['aliases'][number] => ({ id, kind: 'alias' });

  test('one id twice at one provider is a problem, at two providers it is not', () => {
    expect(problemsOf(file(model('a'), model('a')))).toEqual([
      'models.json: model "a": id: "a" is used by two models of acme.',
    ]);
    expect(problemsOf(file(model('a'), model('a', { provider: 'other' })))).toEqual([]);
  });

  test('an alias may be neither an id nor the alias of another', () => {
    expect(problemsOf(file(model('a', { aliases: [alias('b')] }), model('b')))).toEqual([
      'models.json: model "a": aliases[0].id: "b" is also the id of a model.',
    ]);
    expect(problemsOf(file(model('a', { aliases: [alias('x')] }), model('b', { aliases: [alias('x')] })))).toEqual([
      'models.json: model "b": aliases[0].id: "x" is used as an alias twice.',
    ]);
    expect(problemsOf(file(model('a', { aliases: [alias('a')] })))).toHaveLength(1);
  });

  test('a reference has to lead to another model', () => {
    expect(problemsOf(file(model('a', { replacement: 'nope', redirectsTo: 'a' })))).toEqual([
      'models.json: model "a": replacement: "nope" is not the id of a model.',
      'models.json: model "a": redirectsTo: A model cannot take its own place.',
    ]);
    expect(problemsOf(file(model('a', { status: 'redirected' })))).toHaveLength(1);
  });

  test('a reference to a model that could not be read is no second problem', () => {
    expect(problemsOf(file(model('a', { replacement: 'b' }), { ...model('b'), name: 5 }))).toHaveLength(1);
  });

  test('redirects in a circle are refused', () => {
    const circle = [
      model('a', { redirectsTo: 'b' }),
      model('b', { redirectsTo: 'c' }),
      model('c', { redirectsTo: 'a' }),
    ];
    expect(problemsOf(file(...circle))).toHaveLength(3);
    expect(problemsOf(file(...circle, model('d', { redirectsTo: 'a' })))).toHaveLength(3);
  });

  test.each([
    ['the same period', {}, {}],
    ['no end and a later start', {}, { from: '2026-12-01' }],
    ['a day in common', { until: '2026-12-02' }, { from: '2026-12-01' }],
    ['the same band', { promptOver: 5 }, { promptOver: 5 }],
  ])('two rows for one request are refused: %s', (_case, one, other) => {
    expect(problemsOf(file({ ...model('a'), prices: [price(one), price(other)] }))).toHaveLength(1);
  });

  test.each([
    ['one begins where the other ends', { until: '2026-12-01' }, { from: '2026-12-01' }],
    ['another tier', {}, { tier: 'flex' }],
    ['another band', {}, { promptOver: 5 }],
    ['another region', {}, { region: 'eu' }],
  ])('two rows for different requests are fine: %s', (_case, one, other) => {
    expect(problemsOf(file({ ...model('a'), prices: [price(one), price(other)] }))).toEqual([]);
  });

  test('a row that ends before it starts, or prices one time to live twice, is refused', () => {
    const backwards = price({ from: '2026-12-01', until: '2026-12-01' });
    const twice = price({
      tier: 'flex',
      rates: { cacheWrite: [300, 300].map((ttlSeconds) => ({ ttlSeconds, price: 1 })) },
    });
    expect(problemsOf(file({ ...model('a'), prices: [backwards, twice] }))).toEqual([
      'models.json: model "a": prices[0].until: The row ends on 2026-12-01, before it starts on 2026-12-01.',
      'models.json: model "a": prices[1].rates.cacheWrite: A time to live has two prices.',
    ]);
  });
});

describe('looking models up', () => {
  const first = model('m', { aliases: [{ id: 'm-2026-01-01', kind: 'snapshot' }] });
  const second = model('m', { provider: 'other' });
  const registry = createRegistry([first, second, model('other/m')]);

  test('an id, an alias and an address with a provider find the model, a part of them does not', () => {
    expect(registry.find('m')).toBe(first);
    expect(registry.find('m-2026-01-01')).toBe(first);
    expect(registry.find('acme/m-2026-01-01')).toBe(first);
    expect(registry.find('acme/m')).toBe(first);
    for (const name of ['m-2026', 'M', 'acme/', '', 'toString', 'acme/m/']) expect(registry.find(name)).toBeUndefined();
  });

  test('an address with a provider wins over an id that looks like one', () => {
    expect(registry.find('other/m')).toBe(second);
    expect(registry.find('acme/other/m')?.id).toBe('other/m');
  });

  test('every provider of an id is listed', () => {
    expect(registry.findAll('m')).toEqual([first, second]);
    expect(registry.findAll('other/m').map(({ provider }) => provider)).toEqual(['other', 'acme']);
    expect(registry.findAll('x')).toEqual([]);
  });

  test('a redirect is followed from its day on, and by status where no time is given', () => {
    const soon = model('soon', {
      status: 'deprecated',
      retires: { on: '2026-12-01', exact: true },
      redirectsTo: 'new',
    });
    const past = model('past', {
      status: 'redirected',
      retires: { on: '2026-10-08', exact: true },
      redirectsTo: 'soon',
    });
    const { find } = createRegistry([soon, past, model('new')]);
    const at = (text: string) => Date.parse(text);

    expect(find('soon')?.id).toBe('soon');
    expect(find('soon', at('2026-11-30T23:59:59Z'))?.id).toBe('soon');
    expect(find('soon', at('2026-12-01T00:00:00Z'))?.id).toBe('new');
    expect(find('past')?.id).toBe('soon');
    expect(find('past', at('2026-10-07T23:59:59Z'))?.id).toBe('past');
    expect(find('past', at('2026-12-01T00:00:00Z'))?.id).toBe('new');
  });

  test('a redirect to nothing, or in a circle, ends somewhere', () => {
    const lost = model('lost', { status: 'redirected', redirectsTo: 'nope' });
    const one = model('one', { status: 'redirected', redirectsTo: 'two' });
    const two = model('two', { status: 'redirected', redirectsTo: 'one' });
    const { find } = createRegistry([lost, one, two]);
    expect(find('lost')?.id).toBe('lost');
    expect(find('one')).toBeDefined();
  });

  test('only models anybody may talk to today are active', () => {
    const kept = (['active', 'preview', 'legacy', 'deprecated'] as const).map((status) => model(status, { status }));
    const left = (['limited', 'retired', 'redirected'] as const).map((status) => model(status, { status }));
    const vectors = model('vectors', { modalities: { in: ['text'], out: ['embedding'] } });
    const ending = model('ending', { status: 'deprecated', retires: { on: '2026-12-11', exact: true } });
    const { listActive } = createRegistry([...kept, ...left, vectors, ending]);

    const names = (at?: number) => listActive(at).map(({ id }) => id);
    expect(names()).toEqual(['active', 'preview', 'legacy', 'deprecated', 'ending']);
    expect(names(Date.parse('2026-12-11T00:00:00Z'))).toEqual(['active', 'preview', 'legacy', 'deprecated']);
  });
});
