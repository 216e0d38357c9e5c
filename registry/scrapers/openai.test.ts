import { expect, test } from 'bun:test';
import { openai } from './openai.ts';
import { readModelName } from './openai-rows.ts';

const parse = (text: string) => openai.parse(text, openai.detectShape(text) ?? '');
const brief = (text: string) =>
  parse(text).rows.map(({ model, tier, promptOver, prices }) => [model, tier, promptOver, prices.input, prices.output]);

const WIDE_HEAD = `| Model | Short context input | Short context cached input | Short context cache writes | Short context output | Long context input | Long context cached input | Long context cache writes | Long context output |
|---|---|---|---|---|---|---|---|---|`;
const wide = (section: string, heading: string, ...rows: string[]) =>
  `${section}\n\n### ${heading}\n\n${WIDE_HEAD}\n${rows.join('\n')}\n\n`;

test('tables under loose labels: the label before a table is its tier', () => {
  const text = `Text tokens\n\nBatch\n\n|Model|Input|Cached input|Output|\n|---|---|---|---|\n|gpt-9|$1.00|-|$4.00|\n\nPriority\n\n|Model|Input|Cached input|Output|\n|---|---|---|---|\n|gpt-9|$4.00|$0.4|$16.00|\n\nFine-tuning\n\nStandard\n\n|Model|Training|Input|Cached input|Output|\n|---|---|---|---|---|\n|gpt-9|$25.00|$9.00|$9.00|$9.00|\n`;
  expect(brief(text)).toEqual([
    ['gpt-9', 'batch', 0, 1, 4],
    ['gpt-9', 'fast', 0, 4, 16],
  ]);
});

test('tables of long prompts have two bands, and a tier without a long price says so', () => {
  const text =
    wide(
      'Flagship models',
      'Standard pricing data',
      '| gpt-9 (<272K context length) | $5.00 | $0.50 | - | $30.00 | $10.00 | $1.00 | - | $45.00 |',
      '| gpt-9-mini | $1.00 | - | - | $2.00 | - | - | - | - |',
    ) +
    wide('Fast mode', 'Fast pricing data', '| gpt-9 (<272K context length) | $9.00 | - | - | $60.00 | - | - | - | - |');
  expect(brief(text)).toEqual([
    ['gpt-9', 'standard', 0, 5, 30],
    ['gpt-9', 'standard', 272_000, 10, 45],
    ['gpt-9-mini', 'standard', 0, 1, 2],
    ['gpt-9', 'fast', 0, 9, 60],
    ['gpt-9', 'fast', 272_000, null, null],
  ]);
});

test('the tier of the last tab does not leak into the next section', () => {
  const text =
    wide('Flagship models', 'Standard pricing data', '| gpt-9 | $5.00 | - | - | $30.00 | - | - | - | - |') +
    wide('Fast mode', 'Fast pricing data', '| gpt-9 | $9.00 | - | - | $60.00 | - | - | - | - |') +
    wide('Cyber models', 'Grouped Pricing Table data', '| gpt-9-cyber | $7.00 | - | - | $70.00 | - | - | - | - |');
  expect(brief(text).at(-1)).toEqual(['gpt-9-cyber', 'standard', 0, 7, 70]);
});

test('a table without a label of its own is left out, not given the label of the one before', () => {
  const text =
    wide('Flagship models', 'Standard pricing data', '| gpt-9 | $5.00 | - | - | $30.00 | - | - | - | - |') +
    wide('Space models', 'Grouped Pricing Table data', '| gpt-9-space | $7.00 | - | - | $70.00 | - | - | - | - |');
  const { rows, warnings } = parse(text);
  expect(rows.map(({ model }) => model)).toEqual(['gpt-9']);
  expect(warnings.join()).toContain('no known tier');
});

test('tables that contradict each other leave no price', () => {
  const text =
    wide('Flagship models', 'Standard pricing data', '| gpt-9 | $5.00 | - | - | $30.00 | - | - | - | - |') +
    wide('Cyber models', 'Grouped Pricing Table data', '| gpt-9 | $6.00 | - | - | $30.00 | - | - | - | - |');
  const { rows, errors } = parse(text);
  expect(rows[0]?.prices).toEqual({ cacheRead: null, 'cacheWrite.1800': null, output: 30 });
  expect(errors).toHaveLength(1);
});

test('kinds of content are prices of one model, and other units are none', () => {
  const text =
    wide('Flagship models', 'Standard pricing data', '| gpt-9 | $5.00 | - | - | $30.00 | - | - | - | - |') +
    'Realtime and audio generation models\n\n### Grouped Pricing Table data\n\n| Model | Modality | Input | Cached input | Output / cost |\n|---|---|---|---|---|\n| gpt-say | Audio | $32.00 | $0.40 | $64.00 |\n| gpt-say | Text | $4.00 | - | $24.00 |\n| tts-9 | Text | $15.00 / 1M characters | - | - |\n';
  const { rows } = parse(text);
  expect(rows).toHaveLength(2);
  expect(rows[1]).toMatchObject({
    model: 'gpt-say',
    prices: { input: 4, output: 24, audioInput: 32, audioCacheRead: 0.4, audioOutput: 64 },
  });
});

test('cache writes of 12 hours have a price of their own', () => {
  const text = wide(
    'Flagship models',
    'Standard pricing data',
    '| gpt-9 | $5.00 | - | $6 | $8 | $30.00 | - | - | - | - |',
  ).replace('Short context cache writes |', 'Short context cache writes | Short context 12-hour cache writes |');
  expect(parse(text).rows[0]?.prices).toMatchObject({ 'cacheWrite.1800': 6, 'cacheWrite.43200': 8 });
});

test('source text with components: rows of four and five cells', () => {
  const text = `Flagship models\n<TextTokenPricingTables\n  tier="priority"\n  rows={[\n    ["gpt-9 (<272K context length)", 5, 0.5, 6.25, 30],\n    ["gpt-8", 1, "", 2],\n  ]}\n/>\nSpecialized models\n<div data-value="standard">\n{ model: "Embedding", rows: [["text-embedding-9", 0.02, "-", "-"]] },\n</div>\nFinetuning`;
  expect(parse(text).rows).toMatchObject([
    { model: 'gpt-9', tier: 'fast', prices: { input: 5, cacheRead: 0.5, 'cacheWrite.1800': 6.25, output: 30 } },
    { model: 'gpt-9', tier: 'fast', promptOver: 272_000, prices: {} },
    { model: 'gpt-8', tier: 'fast', prices: { input: 1, cacheRead: null, output: 2 } },
    { model: 'text-embedding-9', tier: 'standard', prices: { input: 0.02 } },
  ]);
});

test('of the page itself the components are read, not the few rows of its tables', () => {
  const props = JSON.stringify({
    tier: [0, 'batch'],
    rows: [
      1,
      [
        [
          1,
          [
            [0, 'gpt-9'],
            [0, 2.5],
            [0, null],
            [0, 15],
          ],
        ],
        [
          1,
          [
            [0, 'gpt-8'],
            [0, 1],
            [0, '-'],
            [0, 5],
          ],
        ],
      ],
    ],
  });
  const html = `<table><tr><td>gpt-9</td><td>$99</td></tr></table><astro-island component-export="TextTokenPricingTables" props="${props.replaceAll('"', '&quot;')}"></astro-island>`;
  expect(brief(html)).toEqual([
    ['gpt-9', 'batch', 0, 2.5, 15],
    ['gpt-8', 'batch', 0, 1, 5],
  ]);
});

test.each([
  [
    'a page whose tables were stripped',
    '# Pricing\n\nText tokens\n\nBatch\n\nStandard\n\n| Tool | Cost |\n|---|---|\n| Search | $10.00 / 1k calls |\n',
  ],
  [
    'a browser check',
    '<html><script>window._cf_chl_opt = {}</script><astro-island component-export="TextTokenPricingTables"></astro-island></html>',
  ],
  [
    'the rendering of a reader proxy',
    'Title: Pricing\n\nURL Source: https://example.com\n\nMarkdown Content:\n| Model | Short context input |\n',
  ],
  ['nothing', ''],
])('%s has no shape', (_, text) => {
  expect(openai.detectShape(text)).toBeNull();
});

test('hostile properties and literals are errors', () => {
  const text = '<TextTokenPricingTables tier="standard" rows={[["gpt-9", evil(), 1, 2]]} />';
  expect(parse(text)).toMatchObject({ rows: [], errors: [{}] });
  const island = '<astro-island component-export="TextTokenPricingTables" props="{"></astro-island>';
  expect(parse(island)).toMatchObject({ rows: [], errors: [{}] });
});

test('a part of the page without section titles is read by the headings of its tables', () => {
  const row = '| gpt-9.1 | $2.00 | $0.10 | $2.50 | $10.00 | $4.00 | $0.20 | $5.00 | $15.00 |';
  const text = `Short context: ≤300K input tokens. Long context: >300K\n\n${wide('Standard', 'Standard pricing data', row)}`;
  expect(brief(text)).toEqual([
    ['gpt-9.1', 'standard', 0, 2, 10],
    ['gpt-9.1', 'standard', 300_000, 4, 15],
  ]);
  expect(brief(wide('', 'Some data', row))).toEqual([]);
});

test('a component whose rows were lost does not take those of the next one', () => {
  const text =
    '<TextTokenPricingTables tier="flex" />\n<TextTokenPricingTables tier="priority" rows={[["gpt-9", 5, 0.5, 30]]} />';
  expect(parse(text)).toMatchObject({ rows: [{ tier: 'fast' }], errors: [{}] });
});

test.each([
  ['gpt-6.1-sol (deprecated)', { status: 'deprecated' }],
  ['gpt-6.1-sol ([legacy](https://example.com))', {}],
  ['gpt-6.1-sol (<272K context length) through November 21, 2026', { threshold: 272_000, until: '2026-11-22' }],
  ['gpt-6.1-sol starting December 1, 2026', { from: '2026-12-01' }],
  ['`gpt-6.1-sol`<sup>2</sup>', {}],
])('the name cell "%s" says a model and its conditions', (cell, said) => {
  const nothing = { id: 'gpt-6.1-sol', threshold: null, from: null, until: null };
  expect<unknown>(readModelName(cell)).toEqual({ ...nothing, ...said });
});

test.each(['gp4o', 'gpt-6.1-sol (if you ask)', 'gpt-6.1-sol through soon', 'GPT-6', 'gpt-6.1-sol gpt-6'])(
  'the name cell "%s" is not understood',
  (cell) => {
    expect(readModelName(cell)).toBeNull();
  },
);
