import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { FlatRates, RateField } from './flat-rates.ts';
import { isSamePrice } from './flat-rates.ts';
import { readSavedPages } from './pages.ts';
import { readRun } from './read-run.ts';
import { SCRAPERS } from './scrapers/index.ts';
import type { ScrapedRow } from './scrapers/scraper.ts';
import { newState } from './test-pages.ts';

const PAGES = join(import.meta.dir, '../../shared/registry/pages');
const isThere = existsSync(PAGES);
if (!isThere) console.log('The replay of saved price pages is skipped: ../shared/registry/pages is not there.');

/** Pages nothing may be taken from, and why. The other pages are all taken. */
const BROKEN: Record<string, string> = {
  'openai/2026-02-26_pricing.md': 'its components were stripped, and every token price with them',
  'openai/2026-05-08_pricing-BLOCKED.html': 'a browser check',
  'openai/2026-05-08_pricing.jina.md': 'the rendering of a reader proxy',
  'anthropic/2026-05-08_claude.com-pricing.html': 'another page: cards, without ids and tiers',
  'anthropic/2026-08-04_pricing.slice.html': 'a part of the page, with 6 of 18 models',
  'google/2026-05-07_gemini-pricing.jina.md': 'the rendering of a reader proxy',
  'google/2026-05-08_vertex-pricing.html': 'another page: of another product',
  'google/2026-06-02_gemini-pricing.jina.md': 'the rendering of a reader proxy',
  'google/2026-07-21_gemini-pricing_handpatched.jina.md': 'the rendering of a reader proxy, edited by hand',
  'google/2026-08-04_gemini-pricing.slice.html': 'a part of the page, with 2 models',
};

/** Every change of a price from page to page, as `day model tier>size field ratio`; prices that came or went are not changes. */
const TRUE_RATIOS: Record<string, Record<string, number[]>> = {
  '2026-08-21': { 'gpt-5.6-terra': [0.8], 'gpt-5.6-luna': [0.2] },
  '2026-08-22': { 'gpt-5.6-sol': [0.667, 0.8] },
};

/** How an independent reading of the pages differs from ours: by whom, where, and who is right. */
const EXPLAINED: readonly { page: RegExp; row: RegExp; why: string }[] = [
  {
    page: /openai\/2025-11-25/,
    row: /^gpt-\S*(image|realtime|audio)\S* fast /,
    why: 'The reading lets the label "Priority" leak into the sections after it: images and audio have no tabs there. Ours: standard.',
  },
  {
    page: /openai\/2026-0[47]/,
    row: /^ours only: (o\d\S*-deep-research|computer-use-preview|text-embedding-\S+) standard >0$/,
    why: 'The reading leaves out what is left of the specialized models in damaged copies; the prices are those of the later pages.',
  },
  {
    page: /openai\/2026-08-21/,
    row: /^ours only: (gpt-\S*(cyber|realtime|audio|image|tts|codex|search)\S*|chatgpt-image-latest|chat-latest|text-embedding-\S+) /,
    why: 'The reading decodes only the flagship components of the page; ours the grouped ones, too, which the Markdown of the day after confirms.',
  },
  {
    page: /openai\/2026-08-22/,
    row: /^(gpt-image|chatgpt-image)\S* \S+ cacheRead /,
    why: 'Cached image input: the catalogue has no price class for it, and the price of cached text would be another one.',
  },
  {
    page: /openai\/2026-08-22/,
    row: /^ours only: gpt-\S*(realtime|audio|tts)\S* standard >0$/,
    why: 'The reading leaves out the table of audio models.',
  },
  {
    page: /google\/2025-11-25/,
    row: /^gemini-\S*-image\S* \S+ (input 0\.00|output 0\.)/,
    why: 'Prices of one image, in a table of prices per million tokens: taken for the latter they would be wrong.',
  },
];

const relative = (path: string) => path.slice(PAGES.length + 1);

test.skipIf(!isThere)(
  'every broken page is rejected with everything kept, every other one is taken, in the order of days',
  async () => {
    for (const scraper of SCRAPERS) {
      let state = newState();
      for (const page of await readSavedPages(PAGES, scraper.id)) {
        const name = relative(page.url);
        const result = readRun(page, scraper, state);
        expect(`${name}: ${result.type}`).toBe(
          `${name}: ${name in BROKEN ? 'rejected' : KNOWN_LATER.test(name) ? result.type : 'taken'}`,
        );
        if (result.type === 'taken') state = { ...result.state, approved: new Set() };
      }
    }
  },
);

/** Saved parts of later pages may come to the folder; whether they are whole enough to be taken is for the guard to say. */
const KNOWN_LATER = /transcribed|slice/;

test.skipIf(!isThere)('the changes are the true ones', async () => {
  const found: Record<string, Record<string, number[]>> = {};
  for (const scraper of SCRAPERS) {
    let state = newState();
    for (const page of await readSavedPages(PAGES, scraper.id)) {
      const result = readRun(page, scraper, state);
      if (result.type === 'rejected' || KNOWN_LATER.test(page.url)) continue;
      state = { ...result.state, approved: new Set() };
      for (const event of result.events) {
        expect(event.type).not.toMatch(/price_held|price_quarantined|row_error/);
        if (event.type !== 'price_changed' || event.ratio === null) continue;
        const day = page.fetchedAt.slice(0, 10);
        found[day] ??= {};
        const ofDay = found[day];
        const ratio = Number(event.ratio.toFixed(3));
        ofDay[event.model] = [...new Set([...(ofDay[event.model] ?? []), ratio])].sort((a, b) => a - b);
      }
    }
  }
  expect(found).toEqual(TRUE_RATIOS);
});

const Reading = z.looseObject({
  id: z.string().optional(),
  ids: z.array(z.string()).optional(),
  tier: z.string().optional(),
  effective_from: z.string().optional(),
});
type Reading = z.infer<typeof Reading>;

test.skipIf(!isThere)('an independent reading agrees, or the difference is explained', async () => {
  const unexplained: string[] = [];
  const used = new Set<unknown>();
  for (const scraper of SCRAPERS) {
    for (const page of await readSavedPages(PAGES, scraper.id)) {
      const name = relative(page.url);
      const file = Bun.file(join(PAGES, 'expected', `${name}.json`));
      const shape = scraper.detectShape(page.text);
      if (shape === null || !(await file.exists())) continue;
      const readings = z.array(Reading).parse(await file.json());
      for (const row of compare(readings, scraper.parse(page.text, shape).rows)) {
        const known = EXPLAINED.find((one) => one.page.test(name) && one.row.test(row));
        if (known) used.add(known);
        else unexplained.push(`${name}: ${row}`);
      }
    }
  }
  expect(unexplained).toEqual([]);
  expect(EXPLAINED.filter((one) => !used.has(one))).toEqual([]);
});

const SAME_MODEL: Record<string, string> = {
  'claude-opus-4': 'claude-opus-4-0',
  'claude-sonnet-4': 'claude-sonnet-4-0',
  'claude-3-7-sonnet': 'claude-3-7-sonnet-20250219',
  'claude-sonnet-3-7': 'claude-3-7-sonnet-20250219',
  'claude-3-5-haiku': 'claude-3-5-haiku-20241022',
  'claude-haiku-3-5': 'claude-3-5-haiku-20241022',
  'claude-3-opus': 'claude-3-opus-20240229',
  'claude-opus-3': 'claude-3-opus-20240229',
  'claude-3-haiku': 'claude-3-haiku-20240307',
  'claude-haiku-3': 'claude-3-haiku-20240307',
};

/** Where the reading has a price that ours has not, of any kind of content, and where ours has a row that it has not. */
function compare(readings: readonly Reading[], rows: readonly ScrapedRow[]): string[] {
  const differences: string[] = [];
  const seen = new Set<ScrapedRow>();
  for (const reading of readings) {
    for (const said of reading.ids ?? (reading.id === undefined ? [] : [reading.id])) {
      const id = SAME_MODEL[said] ?? said;
      const tier = reading.tier === 'priority' ? 'fast' : (reading.tier ?? 'standard');
      const own = rows.filter((row) => row.model === id && row.tier === tier);
      for (const row of own) seen.add(row);
      for (const price of pricesIn(reading)) {
        const has = own.some((row) => price.fields.some((field) => isSamePrice(row.prices[field], price.usd)));
        if (!has) differences.push(`${id} ${tier} ${price.fields[0]} ${price.usd}`);
      }
    }
  }
  for (const row of rows)
    if (!seen.has(row)) differences.push(`ours only: ${row.model} ${row.tier} >${row.promptOver}`);
  return differences;
}

const FIELDS: Record<string, RateField[]> = {
  input: ['input', 'audioInput', 'imageInput', 'videoInput'],
  output: ['output', 'audioOutput', 'imageOutput'],
  cached_input: ['cacheRead', 'audioCacheRead'],
  cache_read: ['cacheRead', 'audioCacheRead', 'cacheStorageHour'],
  cache_write: ['cacheWrite.1800'],
  cache_write_5m: ['cacheWrite.300'],
  cache_write_1h: ['cacheWrite.3600'],
};
const Prices = z.union([z.number(), z.array(z.looseObject({ usd: z.number() }))]);

function pricesIn(reading: Record<string, unknown>): { fields: (keyof FlatRates)[]; usd: number }[] {
  const long = z.record(z.string(), z.unknown()).safeParse(reading.long).data ?? {};
  return [...Object.entries(reading), ...Object.entries(long)].flatMap(([name, value]) => {
    const fields = FIELDS[name];
    const prices = Prices.safeParse(value).data;
    if (!fields || prices === undefined) return [];
    return (typeof prices === 'number' ? [prices] : prices.map(({ usd }) => usd)).map((usd) => ({ fields, usd }));
  });
}
