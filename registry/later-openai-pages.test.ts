import { expect, test } from 'bun:test';
import { OPENAI_COLUMNS, openaiPanes, openaiText, type Panes, replaced } from './test-later-pages.ts';
import { DAY, NEXT, read, today } from './test-later-runs.ts';

const openai = () => openaiPanes(today, DAY);
const usd = (...prices: (number | null)[]) => prices.map((price) => (price === null ? '-' : `$${price}`));

test('OpenAI: writes of twelve hours beside those of thirty minutes, whatever the columns are called', () => {
  const panes = replaced(openai(), 'gpt-6.1-sol', {
    standard: [['gpt-6.1-sol', ...usd(2, 0.1, 2.5, 10, 4, 0.2, 5, 15)]],
  });
  const wide = (row: string[], short: string, long: string) => [
    ...row.slice(0, 4),
    short,
    ...row.slice(4, 8),
    long,
    ...row.slice(8),
  ];
  for (const [tier, rows] of Object.entries(panes))
    for (const [at, row] of rows.entries())
      rows[at] = row[0] === 'gpt-6.1-sol' && tier === 'standard' ? wide(row, '$4', '$8') : wide(row, '-', '-');
  for (const name of [
    '12-hour cache writes',
    'cache writes (12h TTL)',
    'cache writes 12 hours',
    '12 hr cache writes',
  ]) {
    const columns = OPENAI_COLUMNS.flatMap((one) =>
      one.endsWith('cache writes')
        ? [one.replace('cache', '30-minute cache'), one.replace('cache writes', name)]
        : [one],
    );
    const { price, types } = read('openai', [[DAY, openaiText(panes, { columns })]]);
    expect(price('gpt-6.1-sol')).toBe('2/0.1/2.5 for 1800+4 for 43200/10');
    expect(price('gpt-6.1-sol', { over: 272_000 })).toBe('4/0.2/5 for 1800+8 for 43200/15');
    expect(types).toEqual(['price_changed']);
  }
  for (const name of ['2-hour cache writes', '24-hour cache writes', 'extended cache writes']) {
    const columns = OPENAI_COLUMNS.flatMap((one) =>
      one.endsWith('cache writes') ? [one, one.replace('cache writes', name)] : [one],
    );
    const { price, types } = read('openai', [[DAY, openaiText(panes, { columns })]]);
    expect([types, price('gpt-6.1-sol')]).toEqual([['page_warning'], '2/0.1/2.5 for 1800/10']);
  }
  const twins = OPENAI_COLUMNS.flatMap((one) => (one.endsWith('cache writes') ? [one, one] : [one]));
  expect(read('openai', [[DAY, openaiText(panes, { columns: twins })]]).refused).not.toEqual([]);
});

test('OpenAI: a new model whose dearer panes price short prompts only has no price for long ones there', () => {
  const panes = openai();
  panes.standard?.unshift(['gpt-6.2-sol', ...usd(2, 0.1, 2.5, 10, 4, 0.2, 5, 15)]);
  panes.ultrafast?.unshift(['gpt-6.2-sol', ...usd(12, 0.6, 15, 60, null, null, null, null)]);
  const { price } = read('openai', [[DAY, openaiText(panes)]]);
  expect(price('gpt-6.2-sol', { over: 272_000 })).toBe('4/0.2/5 for 1800/15');
  expect(price('gpt-6.2-sol', { over: 271_999 })).toBe('2/0.1/2.5 for 1800/10');
  expect(price('gpt-6.2-sol', { tier: 'ultrafast' })).toBe('12/0.6/15 for 1800/60');
  expect(price('gpt-6.2-sol', { tier: 'ultrafast', over: 272_000 })).toBe('-/-/-/-');
  expect(price('gpt-6.2-sol', { tier: 'fast' })).toBe('none');
});

test('OpenAI: the end of a promotion is taken in all panes, and of cached input alone, too', () => {
  const up = replaced(openai(), 'gpt-5.6-sol', {
    standard: [['gpt-5.6-sol', ...usd(5, 0.5, 6.25, 30, 10, 1, 12.5, 45)]],
    batch: [['gpt-5.6-sol', ...usd(2.5, 0.25, 3.125, 15, 5, 0.5, 6.25, 22.5)]],
  });
  const both = replaced(up, 'gpt-6-sol', { standard: [['gpt-6-sol', ...usd(2, 0.1, 2.5, 10, 4, 0.2, 5, 15)]] });
  const { price, types } = read('openai', [[DAY, openaiText(both)]]);
  expect(types).toEqual(['price_changed']);
  expect(price('gpt-5.6-sol', { over: 272_000 })).toBe('10/1/12.5 for 1800/45');
  expect(price('gpt-5.6-sol', { tier: 'batch' })).toBe('2.5/0.25/3.125 for 1800/15');
  expect(price('gpt-5.6-sol', { on: '2026-12-01' })).toBe('4/0.4/5 for 1800/20');
  expect(price('gpt-6-sol')).toBe('2/0.1/2.5 for 1800/10');
});

test('a page without an anchor is refused on the first run, too; one without models that were to go is not', () => {
  const without = (id: string): Panes => {
    const panes = openai();
    return Object.fromEntries(
      Object.entries(panes).map(([tier, rows]) => [tier, rows.filter(([name]) => !name?.startsWith(id))]),
    );
  };
  expect(read('openai', [[DAY, openaiText(without('gpt-5.5'))]]).refused).toEqual([
    'It lacks gpt-5.5, which it should have.',
  ]);
  const going = [
    'gpt-5',
    'gpt-5-pro',
    'gpt-5-mini',
    'gpt-5-nano',
    'o3',
    'o3-pro',
    'gpt-audio',
    'gpt-5.1',
    'gpt-5.2',
    'gpt-5.2-pro',
    'gpt-4o',
    'gpt-5.3-codex',
  ];
  const file = {
    ...today,
    models: today.models.map((model) =>
      going.includes(model.id) ? { ...model, status: 'deprecated' as const } : model,
    ),
  };
  const panes = openai();
  const left = Object.fromEntries(
    Object.entries(panes).map(([tier, rows]) => [tier, rows.filter(([name = '']) => !going.includes(name))]),
  );
  const { refused, types } = read(
    'openai',
    [
      [DAY, openaiText(panes)],
      [NEXT, openaiText(left)],
    ],
    file,
  );
  expect([refused, types]).toEqual([[], ['model_missing']]);
});

test.each([
  [0.2, 'taken'],
  [5, 'taken'],
  [0.19, 'held'],
  [5.1, 'held'],
  [10, 'held'],
  [0.1, 'held'],
  [10.1, 'refused'],
  [0.099, 'refused'],
])('OpenAI: gpt-6-luna times %p is %s', (factor, verdict) => {
  const times = (...prices: number[]) => usd(...prices.map((price) => Number((price * factor).toFixed(9))));
  const row = ['gpt-6-luna', ...times(0.1, 0.01, 0.125, 0.5, 0.2, 0.02, 0.25, 0.75)];
  const text = openaiText(replaced(openai(), 'gpt-6-luna', { standard: [row] }));
  const now = `${Number((0.1 * factor).toFixed(9))}/`;
  const inputs = [[DAY], [DAY, NEXT]].map((days) =>
    read(
      'openai',
      days.map((day) => [day, text]),
    ).price('gpt-6-luna'),
  );
  expect(inputs.map((one) => one.startsWith(now))).toEqual([verdict === 'taken', verdict !== 'refused']);
});
