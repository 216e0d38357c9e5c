import { expect, test } from 'bun:test';
import { google } from './google.ts';
import { readClauses } from './google-cell.ts';

const parse = (text: string) => google.parse(text, google.detectShape(text) ?? '');
const table = (rows: [string, string][]) => `<table class="pricing-table"><thead><tr><th></th><th>Free Tier</th>
  <th>Paid Tier, per 1M tokens in USD</th></tr></thead><tbody>${rows.map(([name, cell]) => `<tr><td>${name}</td><td>Free of charge</td><td>${cell}</td></tr>`).join('')}</tbody></table>`;
const section = (ids: string[], tiers: Record<string, [string, string][]>) =>
  `<h2 id="x">Gemini 9 🍌</h2><em>${ids.map((id) => `<a href="#"><code>${id}</code></a>`).join(' and ')}</em><div><devsite-selector>
  ${Object.entries(tiers)
    .map(([label, rows]) => `<section><h3>${label}</h3>${table(rows)}</section>`)
    .join('\n')}</devsite-selector></div>`;

test('a section has ids, tabs are tiers, and lines of a cell are prompt sizes', () => {
  const { rows, errors } = parse(
    section(['gemini-9', 'gemini-9-tools'], {
      Standard: [
        ['Input price', '$1.25, prompts <= 200k tokens<br>$2.50, prompts > 200k tokens'],
        ['Output price (including thinking tokens)', '$10.00<sup>1</sup>'],
        [
          'Context caching price',
          '$0.125, prompts <= 200k<br>$0.25, prompts > 200k<br>$4.50 / 1,000,000 tokens per hour (storage price)',
        ],
        ['Grounding with Google Search', '1,500 RPD (free), then $35 / 1,000 grounded prompts'],
      ],
      Priority: [['Input price', '$2.25']],
    }),
  );
  expect(errors).toEqual([]);
  expect(rows.filter(({ model }) => model === 'gemini-9-tools')).toHaveLength(3);
  expect(rows.filter(({ model }) => model === 'gemini-9')).toMatchObject([
    { tier: 'standard', promptOver: 0, prices: { input: 1.25, output: 10, cacheRead: 0.125, cacheStorageHour: 4.5 } },
    {
      tier: 'standard',
      promptOver: 200_000,
      prices: { input: 2.5, output: 10, cacheRead: 0.25, cacheStorageHour: 4.5 },
    },
    { tier: 'fast', promptOver: 0, prices: { input: 2.25 } },
  ]);
});

test('dated prices are two periods', () => {
  const { rows } = parse(
    section(['gemini-9'], {
      Standard: [
        ['Input price', '$0.75 through December 31, 2026.<br>$1.50 starting January 1, 2027.'],
        ['Output price', '$5'],
      ],
    }),
  );
  expect(rows.map(({ from, until, prices }) => [from, until, prices.input, prices.output])).toEqual([
    [null, '2027-01-01', 0.75, 5],
    ['2027-01-01', null, 1.5, 5],
  ]);
});

test('kinds of content have prices of their own; an image is not a million tokens', () => {
  const { rows, warnings } = parse(
    section(['gemini-9'], {
      Batch: [
        ['Input price', '$2.00 (text), $0.0011 (image)'],
        ['Output price', '$4.50 (text and thinking) $12.00 or $0.018/min (audio)'],
        ['Context caching price', '<em>Same as Standard</em> $0.03 (text / image / video)<br>$0.1 (audio)'],
      ],
    }),
  );
  expect(rows[0]?.prices).toEqual({ input: 2, output: 4.5, audioOutput: 12, cacheRead: 0.03, audioCacheRead: 0.1 });
  expect(warnings).toHaveLength(2);
});

test('the text variant reads like the page', () => {
  const text =
    '## Gemini 9\n\n*`gemini-9`*\n\n### Batch\n\n| | Free Tier | Paid Tier, per 1M tokens in USD |\n|---|---|---|\n| Input price | Not available | $1.00, prompts \\<= 200k tokens $2.00, prompts \\> 200k tokens |\n';
  expect(parse(text).rows.map(({ tier, promptOver, prices }) => [tier, promptOver, prices.input])).toEqual([
    ['batch', 0, 1],
    ['batch', 200_000, 2],
  ]);
});

test.each([
  '$2.50$3.00',
  '$1.25, prompts about 200k',
  'about $5',
  '$5 maybe',
  '$5 (smell)',
  '$1 through Soon 3, 2026',
  '1.25',
])('"%s" is no price at all', (cell) => {
  expect(readClauses(cell)).toBeNull();
  expect(parse(section(['gemini-9'], { Standard: [['Input price', cell]] }))).toMatchObject({ rows: [], errors: [{}] });
});

test('two prices for the same are none', () => {
  expect(parse(section(['gemini-9'], { Standard: [['Input price', '$1<br>$2']] }))).toMatchObject({
    rows: [],
    errors: [{}],
  });
});

test('other units, other tiers and sections without ids are not published', () => {
  expect(parse(section([], { Standard: [['Input price', '$1']] }))).toMatchObject({ rows: [], quarantined: [{}] });
  expect(parse(section(['gemini-9'], { Turbo: [['Input price', '$1']] }))).toMatchObject({
    rows: [],
    warnings: [expect.any(String)],
  });
  const images = section(['imagen-9'], { Standard: [['Input price', '$1']] }).replace('per 1M tokens', 'per Image');
  expect(parse(images)).toMatchObject({ rows: [], warnings: [expect.any(String)] });
});

test('a rendering of a reader proxy and tables of another page have no shape', () => {
  expect(google.detectShape('Title: x\nURL Source: https://example.com\nMarkdown Content:\n## Gemini 9')).toBeNull();
  expect(google.detectShape('<table><tr><th>Model</th></tr></table>')).toBeNull();
});

test('two price lists of one tier, because a heading was lost, are none', () => {
  const whole = section(['gemini-9'], { Standard: [['Input price', '$1']] });
  const torn = `${whole}<section><h3>Standard</h3>${table([['Input price', '$2']])}</section>`;
  expect(parse(torn)).toMatchObject({ rows: [], errors: [{}] });
});

const tab = (label: string, input: number) =>
  `### ${label}\n\n| | Free Tier | Paid Tier, per 1M tokens in USD |\n|---|---|---|\n| Input price | Free of charge | $${input} |\n| Output price | Free of charge | $${input * 4} |\n`;
const chapter = (id: string, ...tabs: string[]) =>
  `## ${id}\n\n*\`${id}\`*\n\n[Try it in Google AI Studio](https://aistudio.google.com?model=${id})\n\n${tabs.join('\n')}\n`;

test('a section that took over the tables of the next one, whose heading is lost, is not believed in any tier', () => {
  const first = chapter('gemini-9-pro', tab('Standard', 2), tab('Batch', 1));
  const second = chapter('gemini-9-flash', tab('Standard', 1), tab('Batch', 0.5), tab('Priority', 3));
  const whole = google.parse(first + second, 'text-sections');
  expect(whole.rows.map(({ model, tier }) => `${model} ${tier}`)).toHaveLength(5);
  const lost = [
    // The heading alone, the heading and its ids, and the button, too.
    first + second.replace(/^## .*\n/, ''),
    first + second.replace(/^## .*\n\n.*\n/, ''),
    first + second.replace(/^## .*\n\n.*\n\n.*\n/, ''),
    // With everything of the first model's, too: only the button tells.
    first.replace(/### .*$/s, '') + second.replace(/^## .*\n\n.*\n/, ''),
  ];
  for (const text of lost) {
    const { rows, errors, unread } = google.parse(text, 'text-sections');
    expect([rows, errors.length]).toEqual([[], 1]);
    expect(unread).toContain('gemini-9-pro');
  }
});

test('tables of tokens under the name of a model of videos are another model’s', () => {
  const { rows, quarantined } = google.parse(chapter('veo-9', tab('Standard', 2)), 'text-sections');
  expect([rows, quarantined.length]).toEqual([[], 1]);
});
