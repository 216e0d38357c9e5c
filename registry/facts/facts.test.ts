import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistryEvent } from '../events.ts';
import { newModel } from '../new-model.ts';
import { readSavedPages } from '../pages.ts';
import type { Model } from '../schema.ts';
import { anthropicDeprecations } from './anthropic-deprecations.ts';
import { anthropicOverview } from './anthropic-overview.ts';
import { applyFacts } from './apply-facts.ts';
import type { FactPage } from './fact-page.ts';
import { googleDeprecations } from './google-deprecations.ts';
import { FACT_PAGES } from './index.ts';
import { openaiDeprecations } from './openai-deprecations.ts';

const DAY = '2026-12-01';
const provenance = { url: 'https://example.com', fetchedAt: `${DAY}T03:00:00.000Z`, sha256: 'x', parser: 'test' };
const model = (id: string, fields: Partial<Model> = {}): Model => ({
  ...newModel({ id, name: id, provider: 'acme', provenance: { ...provenance, fetchedAt: '2026-11-01T00:00:00.000Z' } }),
  status: 'active',
  ...fields,
});
const table = (headings: string, ...rows: string[]) =>
  [
    `| ${headings} |`,
    `|${headings
      .split('|')
      .map(() => '---')
      .join('|')}|`,
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');

function apply(page: FactPage, text: string, models: readonly Model[]) {
  const parsed = page.parse(text, DAY);
  if (!parsed) throw new Error('the page was not recognised');
  const result = applyFacts({ models, parsed, provider: 'acme', provenance });
  if (result.type === 'rejected') throw new Error(result.reasons.join(' '));
  const find = (id: string) => result.models.find((one) => one.id === id);
  return { find, events: result.events };
}
const types = (events: readonly RegistryEvent[]) => events.map(({ type }) => type).sort();

const OPENAI = `## Upcoming\n\n### 2026-06-11: Old models\n\n${table(
  'Shutdown date | Model / system | Recommended replacement',
  'Dec 11, 2026 | `gpt-5-2025-08-07` | `gpt-5.5`',
  '2026‑10‑23 | `gpt-4-0613` \\| `gpt-4`, `gpt-4-completions` | `gpt-5.5` or `gpt-5.4`',
  '2026-10-28 | New fine-tuning training on `gpt-4o` | `gpt-5.5`',
  'Dec 1, 2026 | Videos API | ---',
  'Jan 20, 2027 | `gpt-4o-2024-08-06` | `gpt-5.5`',
)}`;

test('a last day becomes that of the model whose only snapshot ends, with the announcement and the replacement', () => {
  const snapshot = [{ id: 'gpt-5-2025-08-07', kind: 'snapshot' as const }];
  const { find, events } = apply(openaiDeprecations, OPENAI, [model('gpt-5', { aliases: snapshot }), model('gpt-5.5')]);
  expect(find('gpt-5')).toMatchObject({
    status: 'deprecated',
    deprecatedOn: '2026-06-11',
    retires: { on: '2026-12-11', exact: true },
    replacement: 'gpt-5.5',
  });
  expect(types(events)).toEqual(['lifecycle_changed', 'lifecycle_changed', 'lifecycle_changed', 'model_deprecated']);
});

test('days that are over retire; training that ends and one snapshot of several do not', () => {
  const snapshots = ['gpt-4o-2024-08-06', 'gpt-4o-2024-11-20'].map((id) => ({ id, kind: 'snapshot' as const }));
  const models = [
    model('gpt-4'),
    model('gpt-4o', { aliases: snapshots }),
    model('gpt-5.5'),
    model('gpt-5.6'),
    model('o9'),
  ];
  const { find, events } = apply(openaiDeprecations, OPENAI, models);
  expect(find('gpt-4')).toMatchObject({ status: 'retired', retires: { on: '2026-10-23', exact: true } });
  expect(find('gpt-4o')).toEqual(models[1]);
  expect(events).toContainEqual(expect.objectContaining({ type: 'model_retired', model: 'gpt-4', reason: 'page' }));
});

test('what is pinned, or known from a later day, stays', () => {
  const pinned = model('gpt-4', { provenance: { ...model('gpt-4').provenance, pinned: true } });
  const later = model('gpt-5', { provenance: { ...model('gpt-5').provenance, fetchedAt: '2026-12-02T00:00:00.000Z' } });
  const { find, events } = apply(openaiDeprecations, OPENAI, [pinned, later]);
  expect([find('gpt-4'), find('gpt-5'), events]).toEqual([pinned, later, []]);
});

const STATES = table(
  'API model name | Current state | Deprecated | Tentative retirement date',
  'claude-opus-5 | Active | N/A | Not sooner than July 24, 2027',
  '`claude-opus-4-1-20250805` | Retired | June 5, 2026 | August 5, 2026',
  'claude-sonnet-5 | Deprecated | November 30, 2026 | January 31, 2027',
);
const REPLACED = table(
  'Retirement date | Deprecated model | Recommended replacement',
  'January 31, 2027 | `claude-sonnet-5` | `claude-opus-5`',
);

test('states, earliest days and replacements of the second vendor', () => {
  const alias = [{ id: 'claude-opus-4-1-20250805', kind: 'snapshot' as const }];
  const others = ['a', 'b', 'c'].map((id) => model(id));
  const models = [
    model('claude-opus-5'),
    model('claude-opus-4-1', { aliases: alias }),
    model('claude-sonnet-5'),
    ...others,
  ];
  const { find } = apply(anthropicDeprecations, `${STATES}\n${REPLACED}`, models);
  expect(find('claude-opus-5')).toMatchObject({ status: 'active', retires: { on: '2027-07-24', exact: false } });
  expect(find('claude-opus-4-1')).toMatchObject({ status: 'retired', deprecatedOn: '2026-06-05' });
  expect(find('claude-sonnet-5')).toMatchObject({
    status: 'deprecated',
    retires: { on: '2027-01-31', exact: true },
    replacement: 'claude-opus-5',
  });
});

test('the third vendor: earliest days retire nobody, redirects do, on their day', () => {
  const text = `## Preview\n\n${table(
    'Model | Release date | Shutdown date | Recommended replacement',
    '`gemini-3-pro` | May 1, 2026 | June 1, 2026 | `gemini-9`',
    '`gemini-2.5-pro` | June 17, 2025 | December 1, 2026 | `gemini-9` (requests are redirected)',
    '`gemini-2.5-flash` | June 17, 2025 | December 24, 2026 | `gemini-9` (redirected)',
    '`gemini-9` | May 1, 2026 | No shutdown date announced |  ',
  )}`;
  const models = ['gemini-3-pro', 'gemini-2.5-pro', 'gemini-2.5-flash', 'gemini-9', 'x', 'y'].map((id) => model(id));
  const { find, events } = apply(googleDeprecations, text, models);
  expect(find('gemini-3-pro')).toMatchObject({ status: 'deprecated', retires: { on: '2026-06-01', exact: false } });
  expect(find('gemini-2.5-pro')).toMatchObject({ status: 'redirected', redirectsTo: 'gemini-9' });
  expect(find('gemini-2.5-flash')).toMatchObject({ status: 'deprecated', redirectsTo: 'gemini-9' });
  expect(find('gemini-9')).toEqual(models[3]);
  expect(events).toContainEqual(expect.objectContaining({ type: 'model_redirected', to: 'gemini-9' }));
});

const OVERVIEW = table(
  'Feature | Claude Opus 9 | Claude Haiku 4.5',
  '**Claude API ID** | claude-opus-9 | claude-haiku-4-5-20251001',
  '**Context window** | <Tooltip>1M tokens</Tooltip> | 200k tokens / 1M tokens (beta)3',
  '**Max output** | 128k tokens | 64K tokens',
  '**Reliable knowledge cutoff** | Jan 20262 | <sup>3</sup>',
);

test('limits are read from the overview, footnotes and all, and a new snapshot becomes an alias', () => {
  const { find, events } = apply(anthropicOverview, OVERVIEW, [model('claude-opus-9'), model('claude-haiku-4-5')]);
  expect(find('claude-opus-9')).toMatchObject({
    context: { window: 1_000_000, maxOutput: 128_000 },
    knowledgeCutoff: '2026-01',
  });
  expect(find('claude-haiku-4-5')).toMatchObject({
    context: { window: 200_000, maxOutput: 64_000 },
    knowledgeCutoff: null,
    aliases: [{ id: 'claude-haiku-4-5-20251001', kind: 'snapshot' }],
  });
  expect(types(events)).toEqual(['alias_moved', ...Array(5).fill('limits_changed')]);
});

test.each([
  ['another model in the row of ids', ['claude-opus-9 |', 'claude-opus-8 |']],
  ['a size without a unit', ['128k tokens', '128 tokens']],
  ['a lost cell', ['| 64K tokens |', '|']],
])('an overview with %s is not believed', (_, [from = '', to = '']) => {
  const parsed = anthropicOverview.parse(OVERVIEW.replace(from, to), DAY);
  const result = parsed && applyFacts({ models: [model('claude-opus-9')], parsed, provider: 'acme', provenance });
  expect(result?.type ?? 'rejected').toBe('rejected');
});

test('a limit that changes by more than ten times is told and not taken', () => {
  const small = model('claude-opus-9', { context: { window: 10_000, maxInput: null, maxOutput: 128_000 } });
  const { find, events } = apply(anthropicOverview, OVERVIEW, [small]);
  expect(find('claude-opus-9')?.context.window).toBe(10_000);
  expect(events[0]).toMatchObject({ type: 'page_warning', message: expect.stringContaining('not believed') });
});

test('a page that ends many models at once is not believed', () => {
  const rows = ['a', 'b', 'c', 'd'].map((id) => `Oct 1, 2026 | \`gpt-${id}\` | \`gpt-e\``);
  const text = table('Shutdown date | Model / system | Recommended replacement', ...rows);
  const parsed = openaiDeprecations.parse(text, DAY);
  if (!parsed) throw new Error('it is the page');
  const models = ['a', 'b', 'c', 'd', 'e'].map((id) => model(`gpt-${id}`));
  expect(applyFacts({ models, parsed, provider: 'acme', provenance })).toEqual({
    type: 'rejected',
    reasons: ['It ends 4 of 5 models at once.'],
  });
});

test.each(FACT_PAGES.map((page) => [page.id, page] as const))(
  '%s is not a challenge, an empty page or another one',
  (_, page) => {
    for (const text of ['', '<script>window._cf_chl_opt={}</script>', '# Hello', table('Model | Input', 'x | $1')])
      expect(page.parse(text, DAY)).toBeNull();
  },
);

const PAGES = join(import.meta.dir, '../../../shared/registry/pages');
if (!existsSync(PAGES)) console.log('Skipped: saved pages of facts, because ../shared/registry/pages is not there.');

test.skipIf(!existsSync(PAGES))('every saved page of facts is read with hardly a row left over', async () => {
  let pages = 0;
  for (const page of FACT_PAGES) {
    for (const { url, text, fetchedAt } of await readSavedPages(PAGES, page.provider, page.fileName)) {
      const parsed = page.parse(text, fetchedAt.slice(0, 10));
      expect(`${url}: ${parsed === null ? 'refused' : 'read'}`).toBe(`${url}: read`);
      // OpenAI's oldest block says "at earliest 2024-06-13" of gpt-4-0314, which a newer one ends on a day.
      expect(parsed?.errors.filter(({ where }) => !where.endsWith('gpt-4-0314'))).toEqual([]);
      pages++;
    }
  }
  expect(pages).toBeGreaterThanOrEqual(40);
});
