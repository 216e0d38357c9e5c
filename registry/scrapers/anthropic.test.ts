import { expect, test } from 'bun:test';
import { anthropic } from './anthropic.ts';
import { readModelCell } from './anthropic-name.ts';

const HEAD =
  '| Model | Base input tokens | 5m cache writes | 1h cache writes | Cache hits and refreshes | Output tokens |';
const RULE = '|---|:--|---|---|---|---|';
const page = (...rows: string[]) => ['## Model pricing', '', HEAD, RULE, ...rows, ''].join('\n');
const parse = (text: string) => anthropic.parse(text, anthropic.detectShape(text) ?? '');

test('a row is a price list, whatever the case of its columns, and footnotes are no digits', () => {
  const text = page(
    '| Claude Fable 5.1 | $10 / MTok | $12.50 / MTok | $20 / MTok | $0.25 / MTok<sup>1</sup> | $50 / MTok |',
  );
  for (const variant of [text, text.replace('hits and refreshes', 'Hits & Refreshes')]) {
    expect(parse(variant)).toMatchObject({
      rows: [
        {
          model: 'claude-fable-5-1',
          tier: 'standard',
          prices: { input: 10, 'cacheWrite.300': 12.5, 'cacheWrite.3600': 20, cacheRead: 0.25, output: 50 },
        },
      ],
      warnings: [],
      errors: [],
    });
  }
});

test('a footnote that was glued to its price is an error', () => {
  const { rows, errors } = parse(
    page('| Claude Opus 5 | $5 / MTok | $6 / MTok | $10 / MTok | $0.25 / MTok1 | $25 / MTok |'),
  );
  expect(rows).toEqual([]);
  expect(errors).toHaveLength(1);
});

test('dated rows are two periods of one model, and prompt sizes two bands', () => {
  const cells = '$1 / MTok | $1 / MTok | $1 / MTok | $1 / MTok | $1 / MTok |';
  const { rows } = parse(
    page(
      `| Claude Sonnet 5 <br/> through August 31, 2026 | ${cells}`,
      `| Claude Sonnet 5 [starting September 1, 2026](/x#y) | ${cells}`,
      `| Claude Haiku 5.5 (for prompts up to 100,000 tokens) | ${cells}`,
      `| Claude Haiku 5.5 (for prompts over 100,000 tokens) | ${cells}`,
    ),
  );
  expect(rows.map(({ model, promptOver, from, until }) => [model, promptOver, from, until])).toEqual([
    ['claude-sonnet-5', 0, null, '2026-09-01'],
    ['claude-sonnet-5', 0, '2026-09-01', null],
    ['claude-haiku-5-5', 0, null, null],
    ['claude-haiku-5-5', 100_000, null, null],
  ]);
});

test('batch and fast rows take their cache prices from the multipliers of the standard table', () => {
  const { rows } = parse(
    [
      page('| Claude Opus 5 | $5 / MTok | $6.25 / MTok | $10 / MTok | $0.50 / MTok | $25 / MTok |'),
      page('| Claude Opus 4.8 | $5 / MTok | $6.25 / MTok | $10 / MTok | $0.50 / MTok | $25 / MTok |'),
      '### Fast mode pricing\n\n| Model | Input | Output |\n|---|---|---|\n| Claude Opus 5 / Claude Opus 4.8 | $10 / MTok | $50 / MTok |\n',
    ].join('\n'),
  );
  const fast = rows.filter(({ tier }) => tier === 'fast');
  expect(fast.map(({ model }) => model)).toEqual(['claude-opus-5', 'claude-opus-4-8']);
  expect(fast[0]?.prices).toMatchObject({ input: 10, cacheRead: 1, 'cacheWrite.300': 12.5, 'cacheWrite.3600': 20 });
});

test('long prompts have a table of their own, of two shapes', () => {
  const standard = page('| Claude Sonnet 4.5 | $3 / MTok | $3.75 / MTok | $6 / MTok | $0.30 / MTok | $15 / MTok |');
  const shapes = [
    '| Model | ≤ 200K input tokens | > 200K input tokens |\n|---|---|---|\n| Claude Sonnet 4.5 / 4 | Input: $3 / MTok | Input: $6 / MTok |\n| | Output: $15 / MTok | Output: $22.50 / MTok |',
    '| Model | ≤ 200k input tokens<br />Input | ≤ 200k input tokens<br />Output | > 200k input tokens<br />Input | > 200k input tokens<br />Output |\n|---|---|---|---|---|\n| Claude Sonnet 4.5 / 4 | \\$3 / MTok | \\$15 / MTok | \\$6 / MTok | \\$22.50 / MTok |',
  ];
  for (const shape of shapes) {
    const { rows } = parse(`${standard}\n### Long context pricing\n\n${shape}\n`);
    expect(rows.filter(({ promptOver }) => promptOver === 200_000)).toMatchObject([
      { model: 'claude-sonnet-4-5', prices: { input: 6, output: 22.5, cacheRead: 0.6 } },
      { model: 'claude-sonnet-4-0', prices: { input: 6, output: 22.5 } },
    ]);
  }
});

test('a table that names no models is not read', () => {
  const text = `${page('| Claude Opus 5 | $5 / MTok | - | - | - | $25 / MTok |')}\n### Fast mode pricing\n\n| Input | Output |\n|---|---|\n| $30 / MTok | $150 / MTok |\n`;
  const { rows, warnings } = parse(text);
  expect(rows).toHaveLength(1);
  expect(warnings).toHaveLength(1);
});

test.each([
  'Claude Opus',
  'Claude Sonnet 5 (preview)',
  'Claude Instant 1.2',
  'Opus 5',
  'Claude Opus 5 through soon',
  'Claude Opus 5x',
])('the name "%s" is not one a price can be published under', (name) => {
  expect(readModelCell(name)).toBeNull();
  const { rows, quarantined } = parse(page(`| ${name} | $5 / MTok | $5 / MTok | $5 / MTok | $5 / MTok | $5 / MTok |`));
  expect(rows).toEqual([]);
  expect(quarantined).toHaveLength(1);
});

test('what the page says beside a name is a status', () => {
  expect(readModelCell('Claude Opus 4.1 ([retired, except on Bedrock](https://example.com))')?.status).toBe('retired');
  expect(readModelCell('Claude Opus 4.1 ([deprecated](/x))')?.status).toBe('deprecated');
});

test('the page itself reads like its Markdown', () => {
  const head = HEAD.split('|').slice(1, -1);
  const html = `<h2>Model pricing</h2><table><tr>${head.map((name) => `<th>${name.trim()}</th>`).join('')}</tr>
    <tr><td>Claude Sonnet 5<br/><a href="#x">through August 31, 2026</a></td><td>$2 / MTok<sup>1</sup></td><td>$2.50 / MTok</td>
    <td>$4 / MTok</td><td>$0.20 / MTok</td><td>$10 / MTok</td></tr></table>`;
  expect(parse(html).rows).toMatchObject([
    { model: 'claude-sonnet-5', until: '2026-09-01', prices: { input: 2, output: 10 } },
  ]);
});
