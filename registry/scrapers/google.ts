import type { FlatRates, RateField } from '../flat-rates.ts';
import type { ServiceTier } from '../schema.ts';
import { type Clause, readClauses } from './google-cell.ts';
import { readHtmlSections, readTextSections, type TierTable } from './google-sections.ts';
import { findRefusal } from './refused-page.ts';
import { emptyPage, type ParsedPage, type ScrapedRow, type Scraper } from './scraper.ts';

const URL = 'https://ai.google.dev/gemini-api/docs/pricing';

const TIERS: Readonly<Record<string, ServiceTier>> = {
  '': 'standard',
  standard: 'standard',
  batch: 'batch',
  flex: 'flex',
  priority: 'fast',
  fast: 'fast',
  ultrafast: 'ultrafast',
};

/** The rows that price tokens, by the beginning of their name. */
const ROWS: readonly [RegExp, 'input' | 'output' | 'cache'][] = [
  [/^(?:text )?input price/i, 'input'],
  [/^output price/i, 'output'],
  [/^context caching(?: price| \(storage\))?/i, 'cache'],
];

/** An image of a few hundred tokens is priced whole in some cells of tables of tokens; a factor like this gives it away. */
const IMPLAUSIBLE_FACTOR = 50;

/** Google's price page: the page itself, or its text variant. */
export const google: Scraper = {
  id: 'google',
  anchors: [
    'gemini-3.6-flash',
    'gemini-3.1-pro-preview',
    'gemini-2.5-flash-lite',
    'gemini-2.5-flash',
    'gemini-2.5-pro',
  ],
  sources: () => [
    { url: URL, contentType: 'text/html' },
    { url: `${URL}.md.txt`, contentType: 'text/plain' },
  ],
  detectShape(text) {
    if (findRefusal(text) !== null) return null;
    if (/<table[^>]*class="pricing-table"/.test(text)) return 'html-sections';
    return /^\|\s*\|\s*Free Tier\s*\|\s*Paid Tier, per 1M tokens in USD\s*\|/m.test(text) && /^## /m.test(text)
      ? 'text-sections'
      : null;
  },
  parse(text, shape) {
    const page = emptyPage();
    if (shape === 'html-sections' && isTorn(text)) {
      page.errors.push({ where: 'the page', message: 'Its sections and tables do not end where they should.' });
      return page;
    }
    const tables = shape === 'html-sections' ? readHtmlSections(text) : readTextSections(text);
    // What a section has in common is one object for all of its tables.
    for (const [links, own] of Map.groupBy(tables, ({ links }) => links)) readSection(own, links, page);
    return page;
  },
};

/** Where something was cut out of the page, tags are left without their other half. */
function isTorn(text: string): boolean {
  return ['section', 'table', 'h2', 'h3', 'devsite-selector'].some((tag) => {
    const opened = text.match(new RegExp(`<${tag}\\b`, 'gi'))?.length ?? 0;
    return opened !== (text.match(new RegExp(`</${tag}>`, 'gi'))?.length ?? 0);
  });
}

/**
 * A model's section. Where the heading of the next one was lost, the section goes on with another model's tables: then a tab
 * comes twice, or the button leads to a model the section does not name. Nothing of such a section is believed.
 */
function readSection(tables: readonly TierTable[], links: ReadonlySet<string>, page: ParsedPage): void {
  const own = emptyPage();
  for (const table of tables) readTable(table, own);
  const { heading = '', ids = [] } = tables[0] ?? {};
  const tiers = own.rows.filter(({ model }) => model === ids[0]);
  const isTwice = tiers.some((row, index) => tiers.findIndex((other) => isSamePlaceOf(row, other)) !== index);
  const isForeign = ids.length > 0 && links.size > 0 && [...links].some((id) => !ids.includes(id));
  const isChanged = tables.some((table) => table.ids.length !== ids.length);
  page.errors.push(...own.errors);
  if (own.errors.length > 0) page.unread.push(...ids);
  page.warnings.push(...own.warnings);
  page.quarantined.push(...own.quarantined);
  if (own.rows.length > 0 && (isTwice || isForeign || isChanged)) {
    const message = 'It has the price lists of more than one model; the heading between them is missing.';
    page.errors.push({ where: heading, message });
    page.unread.push(...ids);
    return;
  }
  for (const row of own.rows) pushRow(row, page);
}

function readTable(table: TierTable, page: ParsedPage): void {
  const where = `${table.heading}, ${table.label || 'no tab'}`;
  const column = table.headings.findIndex((heading) => /^paid tier/i.test(heading));
  if (column === -1) return;
  if (!/^paid tier, per 1m tokens in usd$/i.test(table.headings[column] ?? '')) {
    page.warnings.push(`${where} is not priced in tokens: ${table.headings[column]}`);
    return;
  }
  const tier = tierOf(table.label);
  if (!tier) {
    page.warnings.push(`${where} is no tier that is known.`);
    return;
  }
  if (table.ids.length === 0) {
    // Open models are free of charge and are listed without an id.
    const isPriced = table.rows.some((cells) => /\$/.test(cells[column] ?? '') && kindOf(cells[0] ?? ''));
    if (isPriced) page.quarantined.push({ where, message: 'The section names no id.' });
    return;
  }
  const strange = table.ids.filter((id) => !id.startsWith('gemini-'));
  if (strange.length > 0) {
    // Models of images, videos and music are not priced in tokens: another model's heading was lost above this table.
    page.quarantined.push({ where, message: `No prices of tokens are known of ${strange.join(', ')}.` });
    return;
  }
  const stated = readCells(table.rows, { column, where, page });
  if (stated.length === 0) return;
  const segments = toSegments(stated);
  for (const id of table.ids) {
    for (const segment of segments) page.rows.push({ model: id, name: table.heading, tier, ...segment });
  }
}

interface Stated extends Clause {
  field: RateField;
}

function readCells(
  rows: TierTable['rows'],
  { column, where, page }: { column: number; where: string; page: ParsedPage },
): Stated[] {
  const stated: Stated[] = [];
  for (const cells of rows) {
    const kind = kindOf(cells[0] ?? '');
    if (!kind) continue;
    const clauses = readClauses(cells[column] ?? '');
    if (!clauses) {
      page.errors.push({ where: `${where}: ${cells[0]}`, message: `Not all of it is prices: ${cells[column]}` });
      // Half a price list would leave the other half at prices of another day.
      return [];
    }
    const said = clauses.flatMap((clause) => fieldsFor(clause, kind).map((field) => ({ ...clause, field })));
    if (said.some((one, index) => said.some((other, at) => at < index && isSamePlace(one, other)))) {
      page.errors.push({ where: `${where}: ${cells[0]}`, message: `It has two prices for the same: ${cells[column]}` });
      return [];
    }
    stated.push(...said);
    if (clauses.some(({ isOtherUnit }) => isOtherUnit))
      page.warnings.push(`${where}: ${cells[0]} has prices of other units.`);
  }
  return dropImplausible(stated, { where, page });
}

/** Whether two prices are for the same. One with days goes before one without; two with days must not share any. */
function isSamePlace(one: Stated, other: Stated): boolean {
  if (one.field !== other.field || one.promptOver !== other.promptOver || isDated(one) !== isDated(other)) return false;
  return !isBefore(one.until, other.from) && !isBefore(other.until, one.from);
}

function isDated({ from, until }: Pick<Clause, 'from' | 'until'>): boolean {
  return from !== null || until !== null;
}

function isBefore(until: string | null, from: string | null): boolean {
  return until !== null && from !== null && until <= from;
}

function kindOf(name: string) {
  return ROWS.find(([pattern]) => pattern.test(name.trim()))?.[1] ?? null;
}

function fieldsFor({ modalities, isStorage, isOtherUnit }: Clause, kind: 'input' | 'output' | 'cache'): RateField[] {
  if (isOtherUnit) return [];
  if (isStorage) return kind === 'cache' ? ['cacheStorageHour'] : [];
  const isForText = modalities.length === 0 || modalities.includes('text');
  if (kind === 'cache') return isForText ? ['cacheRead'] : modalities.includes('audio') ? ['audioCacheRead'] : [];
  if (kind === 'output') {
    if (isForText) return ['output'];
    return modalities.includes('audio') ? ['audioOutput'] : modalities.includes('image') ? ['imageOutput'] : [];
  }
  if (isForText) return ['input'];
  const fields: RateField[] = [];
  if (modalities.includes('audio')) fields.push('audioInput');
  if (modalities.includes('image')) fields.push('imageInput');
  if (modalities.includes('video')) fields.push('videoInput');
  return fields;
}

function dropImplausible(stated: Stated[], { where, page }: { where: string; page: ParsedPage }): Stated[] {
  const text = stated.find(({ field }) => field === 'input')?.usd;
  return stated.filter(({ field, usd }) => {
    if (field !== 'imageInput' || !text || usd * IMPLAUSIBLE_FACTOR > text) return true;
    page.warnings.push(`${where}: $${usd} for images cannot be a price per million tokens.`);
    return false;
  });
}

/**
 * One row for each prompt size and period any of the cells tells apart; a cell that does not holds for all of them. Cells may
 * change on different days, so the periods lie between all of the days. One of which not every price is known is left out.
 */
function toSegments(stated: readonly Stated[]) {
  // A price of small prompts alone leaves the larger ones without any.
  const sizes = new Set([
    0,
    ...stated.flatMap(({ promptOver, promptUpTo }) => [promptOver ?? [], promptUpTo ?? []].flat()),
  ]);
  const days = [...new Set(stated.flatMap(({ from, until }) => [from ?? [], until ?? []].flat()))].sort();
  const periods = [null, ...days].map((from, index) => ({ from, until: days[index] ?? null }));
  return [...sizes].flatMap((promptOver) => {
    const ofSize = stated.filter((one) => (one.promptOver ?? promptOver) === promptOver);
    const fields = new Set(ofSize.map(({ field }) => field));
    const segments = periods.map((period) => ({ promptOver, ...period, prices: pricesIn(period, ofSize) }));
    return segments.filter(({ prices }) => Object.keys(prices).length === fields.size);
  });
}

function pricesIn(
  { from, until }: { from: string | null; until: string | null },
  stated: readonly Stated[],
): FlatRates {
  const holds = (one: Stated) =>
    (one.from === null || (from !== null && one.from <= from)) &&
    (one.until === null || (until !== null && until <= one.until));
  const prices: FlatRates = {};
  for (const one of [...stated].sort((a, b) => Number(isDated(a)) - Number(isDated(b))))
    if (holds(one)) prices[one.field] = one.usd;
  return prices;
}

/** An id may be in two sections; the first one is its own. */
function pushRow(row: ScrapedRow, page: ParsedPage): void {
  const isElsewhere = page.rows.some(
    (one) => one.model === row.model && one.tier === row.tier && one.name !== row.name,
  );
  if (isElsewhere) page.warnings.push(`${row.model} is in two sections, "${row.name}" being the second.`);
  else page.rows.push(row);
}

function isSamePlaceOf(row: ScrapedRow, other: ScrapedRow): boolean {
  return (
    row.tier === other.tier &&
    row.promptOver === other.promptOver &&
    row.from === other.from &&
    row.until === other.until
  );
}

function tierOf(label: string): ServiceTier | null {
  const name = label.trim().toLowerCase();
  return Object.hasOwn(TIERS, name) ? (TIERS[name] ?? null) : null;
}
