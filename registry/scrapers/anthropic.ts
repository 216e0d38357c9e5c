import type { FlatRates, RateField } from '../flat-rates.ts';
import { fieldsOf } from '../flat-rates.ts';
import type { ServiceTier } from '../schema.ts';
import { findModels, type NamedModels, readModelCell } from './anthropic-name.ts';
import { type HtmlElement, readHtml, textOf } from './html.ts';
import { cleanCell, readCell } from './money.ts';
import { normalizeHeading, type PipeTable, readBlocks } from './pipe-table.ts';
import { findRefusal } from './refused-page.ts';
import { emptyPage, type ParsedPage, type ScrapedRow, type Scraper } from './scraper.ts';

const URL = 'https://platform.claude.com/docs/en/about-claude/pricing';

const TIER_BY_SECTION: Readonly<Record<string, ServiceTier>> = {
  'model pricing': 'standard',
  'batch processing': 'batch',
  'fast mode pricing': 'fast',
  'ultrafast mode pricing': 'ultrafast',
};

const FIELD_BY_HEADING: Readonly<Record<string, RateField>> = {
  'base input tokens': 'input',
  'input tokens': 'input',
  '5m cache writes': 'cacheWrite.300',
  '5-minute cache writes': 'cacheWrite.300',
  '1h cache writes': 'cacheWrite.3600',
  '1-hour cache writes': 'cacheWrite.3600',
  'cache hits and refreshes': 'cacheRead',
  'cache hits': 'cacheRead',
  'cache reads': 'cacheRead',
  'output tokens': 'output',
  'batch input': 'input',
  'batch output': 'output',
  input: 'input',
  output: 'output',
};

/** Anthropic's price page: the Markdown, or the tables of the page itself. */
export const anthropic: Scraper = {
  id: 'anthropic',
  anchors: ['claude-opus-5', 'claude-sonnet-5', 'claude-opus-4-5', 'claude-sonnet-4-5', 'claude-haiku-4-5'],
  sources: () => [
    { url: `${URL}.md`, contentType: 'text/markdown' },
    { url: URL, contentType: 'text/html' },
  ],
  detectShape(text) {
    if (findRefusal(text) !== null) return null;
    if (/^\|\s*Model\s*\|\s*Base input tokens\s*\|/im.test(text)) return 'pipe-tables';
    return /<th[^>]*>\s*Base input tokens\s*</i.test(text) ? 'html-tables' : null;
  },
  parse(text, shape) {
    const page = emptyPage();
    for (const { section, table } of shape === 'html-tables' ? readHtmlTables(text) : readPipeTables(text)) {
      if (section === 'long context pricing') readLongContext(table, page);
      else readTable(table, { tier: TIER_BY_SECTION[section], section }, page);
    }
    dropContradictions(page);
    page.rows = page.rows.flatMap((row, _, rows) => withCachePrices(row, rows));
    return page;
  },
};

/** A model with two prices for the same has none: which of them is its own cannot be known. */
function dropContradictions(page: ParsedPage): void {
  const lists = Map.groupBy(page.rows, ({ model, tier, promptOver, from, until }) =>
    [model, tier, promptOver, from, until].join('|'),
  );
  for (const rows of lists.values()) {
    const [first] = rows;
    if (!first || rows.length === 1) continue;
    const isSame = rows.every(({ prices }) => JSON.stringify(prices) === JSON.stringify(first.prices));
    page.rows = page.rows.filter((row) => !rows.includes(row) || (isSame && row === first));
    if (isSame) continue;
    page.errors.push({
      where: `${first.tier}: ${first.name}`,
      message: 'It is on the page with two different prices.',
    });
    page.unread.push(first.model);
  }
}

function readPipeTables(text: string): { section: string; table: PipeTable }[] {
  const tables: { section: string; table: PipeTable }[] = [];
  let section = '';
  for (const block of readBlocks(text)) {
    if (block.type === 'heading') section = normalizeHeading(block.text);
    else if (block.type === 'table') tables.push({ section, table: block.table });
  }
  return tables;
}

/** Which table is which shows in its columns, too, and a saved part of the page may have no headings. */
function readHtmlTables(text: string): { section: string; table: PipeTable }[] {
  const tables: { section: string; table: PipeTable }[] = [];
  let section = '';
  for (const element of readHtml(text).querySelectorAll('h1, h2, h3, h4, table')) {
    if (element.tagName.toLowerCase() !== 'table') {
      section = normalizeHeading(textOf(element));
      continue;
    }
    const [headings = [], ...rows] = [...element.querySelectorAll('tr')].map(cellsOf);
    const names = headings.map(normalizeHeading);
    if (names.includes('base input tokens')) section = 'model pricing';
    else if (names.includes('batch input')) section = 'batch processing';
    tables.push({ section, table: { headings, rows } });
  }
  return tables;
}

function cellsOf(row: HtmlElement): string[] {
  return [...row.querySelectorAll('th, td')].map((cell) => textOf(cell));
}

function readTable(
  table: PipeTable,
  { tier, section }: { tier: ServiceTier | undefined; section: string },
  page: ParsedPage,
) {
  // Tools and clouds have tables of models, too; their prices are not those of tokens.
  if (!tier) return;
  const headings = table.headings.map(normalizeHeading);
  if (headings[0] !== 'model') {
    page.warnings.push(`The table under "${section}" names no models, so it was not read.`);
    return;
  }
  const fields = headings.slice(1).map((heading) => FIELD_BY_HEADING[heading]);
  const known = fields.filter((field) => field !== undefined);
  if (new Set(known).size < known.length) {
    const message = `Two columns have one name: ${table.headings.join(' | ')}`;
    page.errors.push(...table.rows.map((cells) => ({ where: `${section}: ${cleanCell(cells[0] ?? '')}`, message })));
    page.unread.push(...table.rows.flatMap((cells) => findModels(cells[0] ?? '')));
    return;
  }
  for (const [index, heading] of headings.slice(1).entries()) {
    if (!fields[index]) page.warnings.push(`The column "${heading}" under "${section}" is not known.`);
  }
  for (const cells of table.rows) {
    const where = `${section}: ${cleanCell(cells[0] ?? '')}`;
    const named = readModelCell(cells[0] ?? '');
    if (!named) {
      page.quarantined.push({ where, message: 'The name is not one whose model is known for certain.' });
      page.unread.push(...findModels(cells[0] ?? ''));
      continue;
    }
    const prices = readPrices(cells.slice(1), fields);
    if (prices) pushRows({ named, tier, prices }, page);
    else {
      page.errors.push({ where, message: `Not every cell is a price: ${cells.slice(1).join(' | ')}` });
      page.unread.push(...named.models.map(({ id }) => id));
    }
  }
  closeBands(tier, table, page);
}

/** Where the row for larger prompts is missing they have no price here, certainly not that of the smaller ones. */
function closeBands(tier: ServiceTier, table: PipeTable, page: ParsedPage): void {
  for (const cells of table.rows) {
    const named = readModelCell(cells[0] ?? '');
    const { promptUpTo } = named ?? {};
    if (!named || !promptUpTo) continue;
    for (const model of named.models) {
      const isOf = (row: ScrapedRow) => row.model === model.id && row.tier === tier;
      if (!page.rows.some(isOf) || page.rows.some((row) => isOf(row) && row.promptOver === promptUpTo)) continue;
      const unpriced = { models: [model], promptOver: promptUpTo, promptUpTo: null, from: null, until: null };
      pushRows({ named: unpriced, tier, prices: {} }, page);
      page.warnings.push(`${model.id} has no ${tier} price for prompts of more than ${promptUpTo} tokens.`);
    }
  }
}

function readPrices(cells: readonly string[], fields: readonly (RateField | undefined)[]): FlatRates | null {
  const prices: FlatRates = {};
  if (cells.length !== fields.length) return null;
  for (const [index, field] of fields.entries()) {
    if (!field) continue;
    const cell = readCell(cells[index] ?? '');
    if (cell.type === 'price') prices[field] = cell.usd;
    else if (cell.type === 'none') prices[field] = null;
    else return null;
  }
  // A row that prices nothing is one that was not understood.
  return fieldsOf(prices).some(([, price]) => price !== null) ? prices : null;
}

function pushRows(
  { named, tier, prices }: { named: NamedModels; tier: ServiceTier; prices: FlatRates },
  page: ParsedPage,
) {
  const { models, promptOver, from, until, status } = named;
  for (const { id, name } of models) {
    const row: ScrapedRow = { model: id, name, tier, promptOver, from, until, prices: { ...prices } };
    page.rows.push(status ? { ...row, status } : row);
  }
}

/**
 * The table of prompts above a size, in its two shapes: `Input: $6 / MTok` over two lines of which the second names no
 * model, or one column for each of input and output.
 */
function readLongContext(table: PipeTable, page: ParsedPage): void {
  const headings = table.headings.map(normalizeHeading);
  const columns = headings.flatMap((heading, index) => (heading.startsWith('>') ? [index] : []));
  const sizes = new Set(columns.map((index) => /^> (\d+)k input tokens/.exec(headings[index] ?? '')?.[1]));
  const [size] = sizes;
  if (headings[0] !== 'model' || size === undefined || sizes.size > 1) {
    page.warnings.push('The table under "long context pricing" names no models or no size, so it was not read.');
    return;
  }
  const long = (cells: readonly string[]) => columns.map((index) => cells[index] ?? '');
  let named: NamedModels | null = null;
  for (const cells of table.rows) {
    const name = cells[0] ?? '';
    if (name !== '') named = readModelCell(name);
    const prices = readLongPrices(long(cells), long(headings));
    const where = `long context pricing: ${name}`;
    if (!named) page.quarantined.push({ where, message: 'The name is not one whose model is known for certain.' });
    else if (!prices) page.errors.push({ where, message: `Not every cell is a price: ${long(cells).join(' | ')}` });
    else addLongRow({ ...named, promptOver: Number(size) * 1000 }, prices, page);
  }
}

function readLongPrices(cells: readonly string[], headings: readonly string[]): FlatRates | null {
  const prices: FlatRates = {};
  for (const [index, text] of cells.entries()) {
    const label = /^(input|output): (.+)$/i.exec(cleanCell(text));
    const field = (label?.[1] ?? / (input|output)$/.exec(headings[index] ?? '')?.[1])?.toLowerCase();
    const cell = readCell(label?.[2] ?? text);
    if ((field !== 'input' && field !== 'output') || cell.type !== 'price') return null;
    prices[field] = cell.usd;
  }
  return cells.length > 0 ? prices : null;
}

function addLongRow(named: NamedModels, prices: FlatRates, page: ParsedPage): void {
  for (const { id } of named.models) {
    const row = page.rows.find(
      (one) => one.model === id && one.tier === 'standard' && one.promptOver === named.promptOver,
    );
    if (row) Object.assign(row.prices, prices);
    else
      pushRows(
        { named: { ...named, models: named.models.filter((model) => model.id === id) }, tier: 'standard', prices },
        page,
      );
  }
}

/**
 * Only the standard table prices caching; its multipliers apply on top of batch, fast and long-prompt prices. Where they change
 * on a day and the row does not, it becomes one for each period.
 */
function withCachePrices(row: ScrapedRow, rows: readonly ScrapedRow[]): ScrapedRow[] {
  if (row.prices.cacheRead !== undefined || typeof row.prices.input !== 'number') return [row];
  const standard = rows.filter(
    (one) => one.model === row.model && one.tier === 'standard' && one.prices.cacheRead !== undefined,
  );
  const own = standard.filter((one) => one.promptOver === row.promptOver);
  const bases = own.length > 0 ? own : standard.filter((one) => one.promptOver === 0);
  const base = bases.find((one) => one.from === row.from && one.until === row.until);
  if (base) return [cachedLike(base, row)];
  const isAlways = bases.some(({ from }) => from === null) && bases.some(({ until }) => until === null);
  if (row.from !== null || row.until !== null || !isAlways) return [row];
  const periods = bases.map((one) => ({ ...cachedLike(one, row), from: one.from, until: one.until }));
  const [first] = periods;
  const isSame = periods.every(({ prices }) => JSON.stringify(prices) === JSON.stringify(first?.prices));
  return first && isSame ? [{ ...row, prices: first.prices }] : periods;
}

function cachedLike(base: ScrapedRow, row: ScrapedRow): ScrapedRow {
  const prices = { ...row.prices };
  if (typeof base.prices.input !== 'number' || base.prices.input === 0 || typeof prices.input !== 'number') return row;
  const factor = prices.input / base.prices.input;
  for (const [field, price] of fieldsOf(base.prices)) {
    if (field.startsWith('cache') && price !== null) prices[field] = Number((price * factor).toPrecision(12));
  }
  return { ...row, prices };
}
