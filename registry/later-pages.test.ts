import { expect, test } from 'bun:test';
import {
  anthropicPanes,
  anthropicText,
  googleHtml,
  googleSections,
  googleText,
  openaiPanes,
  openaiText,
  replaced,
  type Section,
} from './test-later-pages.ts';
import { august, DAY, everyPrice, NEXT, read, today } from './test-later-runs.ts';

const openai = () => openaiPanes(today, DAY);
const anthropic = () => anthropicPanes(today, DAY);
const google = () => googleSections(today);
const mtok = (...prices: number[]) => prices.map((price) => `$${price} / MTok`);

/** The sections with other tabs for one model. */
const withTabs = (id: string, tabs: Section['tabs']) =>
  google().map((section) => (section.ids.includes(id) ? { ...section, tabs } : section));

test.each([
  ['openai', () => openaiText(openai())],
  ['anthropic', () => anthropicText(anthropic())],
  ['google', () => googleHtml(google())],
  ['google', () => googleText(google())],
] as const)(
  'a page of %s that says what is known changes nothing; above a catalogue of August it adds what is new',
  (provider, text) => {
    const once = read(provider, [
      [DAY, text()],
      [NEXT, text()],
    ]);
    expect([once.refused, once.types]).toEqual([[], []]);
    expect(everyPrice(once.file, provider, DAY)).toEqual(everyPrice(today, provider, DAY));
    const late = read(provider, [[DAY, text()]], august);
    expect([late.refused, late.types]).toEqual([[], ['model_added']]);
    expect(everyPrice(late.file, provider, DAY)).toEqual(everyPrice(today, provider, DAY));
  },
);

test('a size of prompts that moves waits for a second look, and until then the old one holds', () => {
  const size = (text: string) => text.replaceAll('272K', '27K');
  const torn = read('openai', [
    [DAY, openaiText(openai())],
    [NEXT, size(openaiText(openai()))],
  ]);
  expect(everyPrice(torn.file, 'openai', NEXT)).toEqual(everyPrice(today, 'openai', NEXT));
  const moved = anthropicText(anthropic()).replaceAll('100,000', '200,000');
  const pages = [
    [DAY, anthropicText(anthropic())],
    [NEXT, moved],
    ['2026-12-04', moved],
  ] as const;
  const first = read('anthropic', pages.slice(0, 2));
  expect(first.types).toEqual(['price_held']);
  expect(first.price('claude-haiku-5-5', { over: 100_000 })).toBe('0.5/0.05/0.625 for 300+1 for 3600/2.5');
  const second = read('anthropic', pages);
  expect(second.price('claude-haiku-5-5', { over: 100_000 })).toBe('0.1/0.01/0.125 for 300+0.2 for 3600/0.5');
  expect(second.price('claude-haiku-5-5', { over: 200_000 })).toBe('0.5/0.05/0.625 for 300+1 for 3600/2.5');
});

test('Anthropic: a row for small prompts whose twin for large ones is lost does not price large ones', () => {
  const panes = anthropic();
  const torn = { ...panes, standard: (panes.standard ?? []).filter(([name]) => !name?.includes('over 100,000')) };
  const known = read('anthropic', [
    [DAY, anthropicText(panes)],
    [NEXT, anthropicText(torn)],
  ]);
  expect(known.types).toEqual(['page_warning']);
  expect(known.price('claude-haiku-5-5', { over: 100_000 })).toBe('0.5/0.05/0.625 for 300+1 for 3600/2.5');
  const unknown = read('anthropic', [[DAY, anthropicText(torn)]], august);
  expect(unknown.price('claude-haiku-5-5')).toBe('0.1/0.01/0.125 for 300+0.2 for 3600/0.5');
  expect(unknown.price('claude-haiku-5-5', { over: 100_000 })).toBe('-/-/-/-');
});

test('Anthropic: cache prices that change on a day change in tables that do not speak of it', () => {
  const text = anthropicText(
    replaced(anthropic(), 'Claude Opus 5.5', {
      standard: [
        ['Claude Opus 5.5 <br/> through December 31, 2026', ...mtok(4, 5, 8, 0.2, 20)],
        ['Claude Opus 5.5 <br/> starting January 1, 2027', ...mtok(4, 5, 8, 0.1, 20)],
      ],
    }),
  );
  const { price, types } = read('anthropic', [[DAY, text]]);
  expect(types).toEqual(['price_scheduled']);
  for (const [tier, before, after] of [
    ['standard', '4/0.2/5 for 300+8 for 3600/20', '4/0.1/5 for 300+8 for 3600/20'],
    ['batch', '2/0.1/2.5 for 300+4 for 3600/10', '2/0.05/2.5 for 300+4 for 3600/10'],
    ['fast', '8/0.4/10 for 300+16 for 3600/40', '8/0.2/10 for 300+16 for 3600/40'],
  ] as const) {
    expect(price('claude-opus-5-5', { tier, on: '2026-12-31' })).toBe(before);
    expect(price('claude-opus-5-5', { tier, on: '2027-01-01' })).toBe(after);
  }
});

test.each([
  ['Claude Opus 4.5 ([retired on November 24, 2026](https://example.com))', 'retired'],
  ['Claude Opus 4.5 ([retired, except on Bedrock and Google Cloud](https://example.com))', 'retired'],
  ['Claude Opus 4.5 ([deprecated](https://example.com), retiring December 9, 2026)', 'deprecated'],
  ['Claude Opus 4.5 (new)<sup>2</sup>', 'legacy'],
  ['Claude Opus 4.5 (for prompts in Latin)', 'legacy'],
])('Anthropic: the row "%s" leaves the model %s, at its prices', (name, status) => {
  const text = anthropicText(
    replaced(anthropic(), 'Claude Opus 4.5', { standard: [[name, ...mtok(5, 6.25, 10, 0.5, 25)]] }),
  );
  const { file, price } = read('anthropic', [[DAY, text]]);
  expect(file.models.find(({ id }) => id === 'claude-opus-4-5')).toMatchObject({ status });
  expect(price('claude-opus-4-5')).toBe('5/0.5/6.25 for 300+10 for 3600/25');
});

const ARGON = (before: string, after: string) =>
  (['2', '4'] as const).map((price, at) => `$${price}.00 ${at === 0 ? before : after}`).join('<br>');

test.each([
  [ARGON('through November 30, 2026.', 'starting December 1, 2026.')],
  [ARGON('(through Nov 30, 2026)', '(starting on Dec 1, 2026)')],
  [ARGON('until November 30, 2026; ', 'from December 1, 2026')],
  ['$2.00 through November 30, 2026, then $4.00'],
  ['$2.00<br>$4.00 starting December 1, 2026'],
])('Google: "%s" changes at midnight UTC, read before it or after it, from the page or its text', (input) => {
  const cells = withTabs('gemini-4-argon', {
    Standard: [input, '$10.00<br>$20.00 starting December 1, 2026', '$0.10'],
  });
  for (const text of [googleHtml(cells), googleText(cells)])
    for (const days of [['2026-11-29'], ['2026-12-01'], ['2026-11-29', '2026-12-01']]) {
      const { price } = read(
        'google',
        days.map((day) => [day, text]),
      );
      expect(price('gemini-4-argon', { on: '2026-12-01T00:00:00.000Z' })).toBe('4/0.1/-/20');
      if (days[0] === '2026-12-01') continue;
      expect(price('gemini-4-argon', { on: '2026-11-30T23:59:59.999Z' })).toBe('2/0.1/-/10');
    }
});

test('Google: cells that change on different days make a period of each', () => {
  const cells = withTabs('gemini-4-argon', {
    Standard: [
      '$2.00 through December 31, 2026.<br>$4.00 starting January 1, 2027.',
      '$10.00 through December 31, 2026.<br>$20.00 starting January 1, 2027.',
      '$0.10 through January 31, 2027.<br>$0.20 starting February 1, 2027.',
    ],
  });
  const { price } = read('google', [['2026-11-29', googleHtml(cells)]]);
  const at = (on: string) => price('gemini-4-argon', { on });
  expect(['2026-12-31', '2027-01-01', '2027-01-31', '2027-02-01'].map(at)).toEqual([
    '2/0.1/-/10',
    '4/0.1/-/20',
    '4/0.1/-/20',
    '4/0.2/-/20',
  ]);
});

test.each([
  '$2.00 through November 30, 2026.<br>$3.00 through November 30, 2026.',
  '$2.00 through November 30, 2026.<br>$4.00 starting November 15, 2026.',
  '$2.00 then $4.00',
  '$2.00 through Smarch 30, 2026.',
  '$2.00 (promotional)',
])('Google: "%s" is understood by nobody, and what is known stays', (input) => {
  const cells = withTabs('gemini-4-argon', { Standard: [input, '$11.00', '$0.30'] });
  const { file, types } = read('google', [[DAY, googleHtml(cells)]]);
  expect(types).toContain('row_error');
  expect(everyPrice(file, 'google', DAY)).toEqual(everyPrice(today, 'google', DAY));
});

test('Google: a promotion of which nothing is said to follow leaves what was known to follow', () => {
  const cells = withTabs('gemini-4-argon', {
    Standard: ['$2.00 through November 30, 2026.', '$10.00 through November 30, 2026.', '$0.10'],
  });
  const { price } = read('google', [['2026-11-29', googleHtml(cells)]]);
  expect(price('gemini-4-argon', { on: '2026-11-30' })).toBe('2/0.1/-/10');
  expect(price('gemini-4-argon', { on: '2026-12-01' })).toBe('4/0.2/-/20');
});

test('Google: a new section of several ids, prices by size; where the line for large prompts is lost they have none', () => {
  const tabs: Section['tabs'] = {
    Standard: [
      '$2.00, prompts ≤ 200k tokens<br>$4.00, prompts > 200k tokens',
      '$12.00, prompts <= 200k tokens<br>$18.00, prompts > 200k',
      '$0.20, prompts <= 200k tokens<br>$0.40, prompts > 200k<br>$4.50 / 1,000,000 tokens per hour (storage price)',
    ],
    Batch: ['$1.00, prompts <= 200k tokens', '$6.00, prompts <= 200k tokens', 'Not available'],
  };
  const cells = [
    { heading: 'Gemini 4 Boron', ids: ['gemini-4-boron', 'gemini-4-boron-customtools'], tabs },
    ...google(),
  ];
  const linked = googleText(cells).replace(/^\*(`.*`)\*$/gm, '[*$1*](https://example.com/models)');
  for (const text of [googleHtml(cells), googleText(cells), linked]) {
    const { price, types } = read('google', [[DAY, text]]);
    expect(types).toEqual(['model_added']);
    for (const id of ['gemini-4-boron', 'gemini-4-boron-customtools']) {
      expect([price(id), price(id, { over: 200_000 })]).toEqual(['2/0.2/-/12', '4/0.4/-/18']);
      expect([price(id, { tier: 'batch' }), price(id, { tier: 'batch', over: 200_000 })]).toEqual([
        '1/-/-/6',
        '-/-/-/-',
      ]);
    }
  }
});

test('Google: the line for large prompts lost of a model that has them does not make them cheap', () => {
  const small = google().map((section) => ({
    ...section,
    tabs: Object.fromEntries(
      Object.entries(section.tabs).map(([label, [input, output, cached]]) => {
        const cut = (cell: string) => cell.replace(/<br>[^<]*prompts > 200k tokens/, '');
        return [label, [cut(input), cut(output), cut(cached)] as const];
      }),
    ),
  }));
  const pages = [
    [DAY, googleHtml(google())],
    [NEXT, googleHtml(small)],
  ] as const;
  const { file } = read('google', pages);
  expect(everyPrice(file, 'google', NEXT)).toEqual(everyPrice(today, 'google', NEXT));
});

test('a price of cache writes that changes by itself waits for a second look: it may be a digit that was lost', () => {
  const text = anthropicText(anthropic()).replace(
    '| Claude Opus 5.5 | $4 / MTok | $5 /',
    '| Claude Opus 5.5 | $4 / MTok | $5.5 /',
  );
  const once = read('anthropic', [[DAY, text]]);
  expect([once.types, once.price('claude-opus-5-5')]).toEqual([['price_held'], '4/0.2/5 for 300+8 for 3600/20']);
  const twice = read('anthropic', [
    [DAY, text],
    [NEXT, text],
  ]);
  expect(twice.price('claude-opus-5-5')).toBe('4/0.2/5.5 for 300+8 for 3600/20');
});

test('a price that became that of a tab or a model which is gone waits for a second look', () => {
  const pro = google().find(({ ids }) => ids.includes('gemini-3.1-pro-preview'));
  const { Standard, Batch, Priority } = pro?.tabs ?? {};
  if (!Standard || !Batch || !Priority) throw new Error('there are tabs');
  const half = withTabs('gemini-3.1-pro-preview', { Standard, Batch: [Batch[0], Batch[1], Priority[2]] });
  const { file, types } = read('google', [
    [DAY, googleHtml(google())],
    [NEXT, googleHtml(half)],
  ]);
  expect(types).toContain('price_held');
  const batch = (prices: Record<string, string>) =>
    Object.entries(prices).filter(([place]) => place.startsWith('gemini-3.1-pro-preview batch'));
  expect(batch(everyPrice(file, 'google', NEXT))).toEqual(batch(everyPrice(today, 'google', NEXT)));
});

test('a new name that is in the table of batches only is not a model yet', () => {
  const panes = anthropic();
  const torn = { ...panes, batch: [...(panes.batch ?? []), ['Claude Opus 48', ...mtok(2.5, 12.5)]] };
  const { price, types } = read('anthropic', [[DAY, anthropicText(torn)]]);
  expect([types, price('claude-opus-48', { tier: 'batch' })]).toEqual([['price_held'], 'none']);
});

test('a price list of which one price only is that of a model which is gone is a change like any other', () => {
  const panes = anthropic();
  const later = replaced(panes, 'Claude Opus 5.5', {
    standard: [['Claude Opus 5.5', ...mtok(3, 3.75, 6, 0.15, 12)]],
    batch: [['Claude Opus 5.5', ...mtok(1.5, 6)]],
  });
  const without = (rows: string[][] = []) => rows.filter(([name]) => name !== 'Claude Sonnet 4.6');
  const { price } = read('anthropic', [
    [DAY, anthropicText(panes)],
    [NEXT, anthropicText({ ...later, standard: without(later.standard), batch: without(later.batch) })],
  ]);
  expect(price('claude-opus-5-5')).toBe('3/0.15/3.75 for 300+6 for 3600/12');
});
