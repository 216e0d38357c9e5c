import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { flattenRates, isSamePrice } from './flat-rates.ts';
import { rowOn } from './offers.ts';
import { type Page, readSavedPages } from './pages.ts';
import { readRun } from './read-run.ts';
import type { Model } from './schema.ts';
import { SCRAPERS } from './scrapers/index.ts';
import type { Scraper } from './scrapers/scraper.ts';
import { newState } from './test-pages.ts';

const PAGES = join(import.meta.dir, '../../shared/registry/pages');
const isThere = existsSync(PAGES);
if (!isThere)
  console.log('Skipped: spoilt copies of saved price pages, because ../shared/registry/pages is not there.');

type State = ReturnType<typeof newState>;
interface Base {
  shape: string;
  scraper: Scraper;
  page: Page;
  state: State;
}

/** Every saved page that is taken by itself, and the catalogue it makes. */
const bases: [string, Base][] = [];
if (isThere) {
  for (const scraper of SCRAPERS) {
    for (const page of await readSavedPages(PAGES, scraper.id)) {
      const result = readRun(page, scraper, newState());
      const shape = scraper.detectShape(page.text);
      if (result.type !== 'taken' || shape === null || /slice/.test(page.url)) continue;
      const state = { ...result.state, approved: new Set<string>() };
      // The last two pages of each shape: the others are much the same.
      const [oldest, ...others] = bases.filter(([, base]) => base.shape === `${scraper.id} ${shape}`);
      if (oldest && others.length > 0) bases.splice(bases.indexOf(oldest), 1);
      bases.push([page.url.slice(PAGES.length + 1), { scraper, page, state, shape: `${scraper.id} ${shape}` }]);
    }
  }
}

/** The next number of a row that looks random and is the same every time. */
function createRandom(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The spoilt text as the page of the day after. */
function readSpoilt({ scraper, page, state }: Base, text: string) {
  const fetchedAt = new Date(Date.parse(page.fetchedAt) + 86_400_000).toISOString();
  return readRun({ ...page, text, fetchedAt }, scraper, state);
}

/** What a spoilt page published that the whole one did not say, in words. Prices may vanish; none may be wrong. */
function wrongPrices(base: Base, text: string): string[] {
  const result = readSpoilt(base, text);
  if (result.type === 'rejected') return [];
  const day = new Date(Date.parse(base.page.fetchedAt) + 86_400_000).toISOString().slice(0, 10);
  const before = new Map(base.state.file.models.map((model) => [model.id, model]));
  return result.state.file.models.flatMap((model) => differences(before.get(model.id), model, day));
}

function differences(before: Model | undefined, after: Model, day: string): string[] {
  if (!before) return [`${after.id} was made up`];
  return after.prices.flatMap((row) => {
    if (rowOn(after.prices, row, day) !== row) return [];
    const known = rowOn(before.prices, row, day);
    const place = `${after.id} ${row.tier} >${row.promptOver}`;
    if (!known) return [`${place} was made up`];
    const old = flattenRates(known.rates);
    return [...flattenRates(row.rates)].flatMap(([field, price]) =>
      isSamePrice(old.get(field), price) ? [] : [`${place} ${field}: ${price} instead of ${old.get(field)}`],
    );
  });
}

/** Hundreds of whole pages are read. */
const TIMEOUT_MS = 60_000;
const everyPage = (name: string, run: () => void) => test.skipIf(!isThere)(name, run, TIMEOUT_MS);
/** For each page what its spoilt copies published wrongly; nothing, if all is well. */
function check(spoil: (base: Base, random: (below: number) => number) => string[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [index, [name, base]] of bases.entries()) {
    const wrong = spoil(base, createRandom(index + 1)).flatMap((text) => wrongPrices(base, text));
    if (wrong.length > 0) found[name] = [...new Set(wrong)];
  }
  return found;
}
const times = (count: number, make: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => make(at));

everyPage('there are pages of every provider to be spoilt', () => {
  expect(new Set(bases.map(([name]) => name.split('/')[0]))).toEqual(new Set(['openai', 'anthropic', 'google']));
});

everyPage('a page that is cut off anywhere publishes no wrong price', () => {
  expect(check(({ page: { text } }, random) => times(12, () => text.slice(0, random(text.length))))).toEqual({});
});

everyPage('a page that lost lines anywhere publishes no wrong price', () => {
  const loseLines = ({ page: { text } }: Base, random: (below: number) => number): string[] => {
    const lines = text.split('\n');
    return times(12, () => {
      const from = random(lines.length);
      return lines.toSpliced(from, 1 + random(Math.min(60, lines.length - from))).join('\n');
    });
  };
  expect(check(loseLines)).toEqual({});
});

everyPage('a page that lost a section, or only its heading, publishes no wrong price', () => {
  const loseSections = ({ page: { text } }: Base): string[] => {
    const lines = text.split('\n');
    const headings = lines.flatMap((line, at) => (/^#{1,6} |<h[1-4]\b/.test(line) ? [at] : []));
    return headings.slice(0, 25).flatMap((at, index) => {
      const end = headings[index + 1] ?? lines.length;
      return [lines.toSpliced(at, 1), lines.toSpliced(at, Math.min(3, end - at)), lines.toSpliced(at, end - at)].map(
        (rest) => rest.join('\n'),
      );
    });
  };
  expect(check(loseSections)).toEqual({});
});

everyPage('prices of another unit are not published', () => {
  const perThousand = (text: string, digits: number) =>
    text.replace(/\$(\d[\d,]*(?:\.\d+)?)/g, (_, amount: string) => {
      return `$${Number((Number(amount.replaceAll(',', '')) / 10 ** digits).toFixed(9))}`;
    });
  const spoil = ({ page: { text } }: Base) => [
    perThousand(text, 3),
    perThousand(text, 1),
    perThousand(text, -1),
    perThousand(text, -3),
    text.replaceAll('/ MTok', '/ KTok'),
    text.replaceAll('per 1M tokens', 'per 1K tokens'),
    text.replaceAll('$', '€'),
  ];
  // OpenAI's components hold numbers without a unit, and its tables none in their cells.
  expect(check(spoil)).toEqual({});
});

everyPage('footnotes that grow onto prices are not read as their digits', () => {
  const glue = ({ page: { text } }: Base) => [
    text.replace(/(\$\d[\d,]*(?:\.\d+)? \/ MTok)/g, '$11'),
    text.replace(/(\$\d[\d,]*(?:\.\d+)?)(?= ?[|<])/g, '$1<sup>1</sup>'),
    text.replace(/(\$\d[\d,]*(?:\.\d+)?)(?= ?[|<])/g, '$1 (1)'),
    text.replace(/(\$\d[\d,]*(?:\.\d+)?)(?= ?[|<])/g, '$1*'),
  ];
  expect(check(glue)).toEqual({});
});

everyPage('columns that changed places are read by their names, and columns without a known name not at all', () => {
  const swap = ({ page: { text } }: Base): string[] => {
    const lines = text.split('\n');
    const move = (from: number, to: number) =>
      lines
        .map((line) => {
          if (!line.startsWith('|')) return line;
          const cells = line.replace(/^\||\|$/g, '').split(/(?<!\\)\|/);
          if (cells.length <= Math.max(from, to)) return line;
          const [a = '', b = ''] = [cells[from], cells[to]];
          return `|${cells.with(from, b).with(to, a).join('|')}|`;
        })
        .join('\n');
    const rename = (name: RegExp) => text.replaceAll(name, '| Something else |');
    return [move(1, 2), move(2, 4), rename(/\| Output tokens +\|/gi), rename(/\| Cached input +\|/gi)];
  };
  expect(check(swap)).toEqual({});
});

everyPage('a challenge, an empty page and empty tables are rejected', () => {
  for (const [name, base] of bases) {
    const { text } = base.page;
    const isRow = (line: string) => line.startsWith('|') && /\$\d/.test(line);
    const spoilt = [
      '',
      '<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>',
      `${text}<script>window._cf_chl_opt={}</script>`,
      text
        .split('\n')
        .filter((line) => !isRow(line))
        .join('\n')
        .replace(/<t[dr]\b.*?<\/t[dr]>/gs, '')
        .replaceAll('TextTokenPricingTables', 'Nothing')
        .replaceAll('GroupedPricingTable', 'Nothing'),
    ];
    for (const copy of spoilt) expect(`${name}: ${readSpoilt(base, copy).type}`).toBe(`${name}: rejected`);
  }
});

everyPage('a page that lost any piece, of a row or of many, publishes no wrong price but where two halves fit', () => {
  const losePiece = ({ page: { text } }: Base, random: (below: number) => number): string[] =>
    times(40, (index) => {
      const from = random(text.length);
      return text.slice(0, from) + text.slice(from + 1 + random(index % 2 === 0 ? 40 : 4000));
    });
  expect(check(losePiece)).toEqual({});
});
