import { type HtmlElement, readHtml } from './html.ts';
import { readValue } from './money.ts';
import {
  addRow,
  type Column,
  DOCUMENTED_LONG_CONTEXT,
  forModality,
  hasPrice,
  hasTwins,
  readColumn,
  readModelName,
  readPrices,
  tierOf,
} from './openai-rows.ts';
import { normalizeHeading } from './pipe-table.ts';
import { emptyPage, type ParsedPage } from './scraper.ts';

const PRICE_HEADINGS = ['Model', 'Input', 'Cached input', 'Output'];
const PRICE_HEADINGS_WITH_WRITES = ['Model', 'Input', 'Cached input', 'Cache writes', 'Output'];

/** The rows of one component: its tier's label, its column names, and cells that are numbers or text. */
interface Component {
  label: string;
  headings: readonly unknown[];
  rows: readonly (readonly unknown[])[];
}

/** Reads the page as source text with components: `<TextTokenPricingTables tier="standard" rows={[…]} />`. */
export function readMdx(text: string): ParsedPage {
  const page = emptyPage();
  // Split, so that a component whose rows were lost does not take those of the next one.
  for (const source of text.split(/<TextTokenPricingTables\b/).slice(1)) {
    const label = /\btier="([^"]*)"/.exec(source)?.[1] ?? '';
    const rows = readLiteral(source, source.indexOf('rows={') + 'rows={'.length);
    if (source.indexOf('rows={') === -1 || !isTable(rows)) {
      page.errors.push({ where: `the table of tier "${label}"`, message: 'Its rows could not be read.' });
      continue;
    }
    for (const row of rows) readComponent({ label, headings: headingsFor(row), rows: [row] }, page);
  }
  readSpecialized(text, page);
  return page;
}

/** Reads the page itself. Its tables show three models each; the properties of its components have all of them. */
export function readIslands(text: string): ParsedPage {
  const page = emptyPage();
  for (const island of readHtml(text).querySelectorAll('astro-island')) {
    const kind = island.getAttribute('component-export');
    if (kind !== 'TextTokenPricingTables' && kind !== 'GroupedPricingTable') continue;
    const props = decodeProps(island.getAttribute('props') ?? '');
    if (!props) {
      page.errors.push({ where: `a component ${kind}`, message: 'Its properties could not be read.' });
    } else if (kind === 'TextTokenPricingTables') {
      const rows = isTable(props.rows) ? props.rows : [];
      if (rows.length === 0) page.errors.push({ where: `a component ${kind}`, message: 'It has no rows.' });
      for (const row of rows)
        readComponent({ label: String(props.tier), headings: headingsFor(row), rows: [row] }, page);
    } else {
      readGroups(props, { label: labelOf(island), page });
    }
  }
  return page;
}

/** Rows of four cells have no column for cache writes. */
function headingsFor(row: readonly unknown[]): readonly string[] {
  return row.length === PRICE_HEADINGS.length ? PRICE_HEADINGS : PRICE_HEADINGS_WITH_WRITES;
}

function readComponent({ label, headings, rows }: Component, page: ParsedPage): void {
  const tier = tierOf(label);
  const columns = headings.map((heading) =>
    readColumn(normalizeHeading(typeof heading === 'string' ? heading : labelIn(heading))),
  );
  if (!tier) {
    page.warnings.push(`A table has the unknown tier "${label}".`);
    return;
  }
  for (const cells of rows) readCells({ cells, columns, tier }, page);
}

interface Cells {
  cells: readonly unknown[];
  columns: readonly Column[];
  tier: NonNullable<ReturnType<typeof tierOf>>;
}

function readCells({ cells, columns, tier }: Cells, page: ParsedPage): void {
  const text = String(cells[columns.findIndex(({ type }) => type === 'model')]);
  const where = `${tier}: ${text}`;
  const prices = readPrices(cells.map(readValue), columns);
  const name = readModelName(text);
  if (prices === 'other-unit') page.warnings.push(`${where} is not priced in tokens.`);
  else if (!name) page.quarantined.push({ where, message: 'The name is not the id of a model.' });
  else if (prices === 'error' || cells.length !== columns.length) {
    page.errors.push({ where, message: `Not every cell is a price: ${cells.map(String).join(' | ')}` });
    page.unread.push(name.id);
  } else {
    const modality = cells[columns.findIndex(({ type }) => type === 'modality')];
    const short = modality === undefined ? prices.short : forModality(prices.short, String(modality));
    if (!short || !hasPrice(short)) {
      page.warnings.push(`${where} has no price.`);
      return;
    }
    addRow({ where, name, tier, promptOver: 0, prices: short }, page);
    // A price of prompts up to a size is none of larger ones.
    if (!prices.long && name.threshold) addRow({ where, name, tier, promptOver: name.threshold, prices: {} }, page);
    if (!prices.long || !hasPrice(prices.long)) return;
    const promptOver = name.threshold ?? DOCUMENTED_LONG_CONTEXT;
    addRow({ where, name, tier, promptOver, prices: prices.long }, page);
  }
}

/** Tables whose rows are grouped: by a model, of which the rows are kinds of content, or by a category of models. */
function readGroups(props: Record<string, unknown>, { label, page }: { label: string; page: ParsedPage }): void {
  const headings = Array.isArray(props.headings) ? props.headings : [];
  const columns = headings.map((heading) =>
    readColumn(normalizeHeading(typeof heading === 'string' ? heading : labelIn(heading))),
  );
  const isPriced =
    columns.length > 1 &&
    columns.every(({ type }) => type !== 'unknown') &&
    !hasTwins(columns) &&
    columns.some(({ type }) => type === 'model');
  if (!isPriced || !Array.isArray(props.groups)) return;
  for (const group of props.groups) {
    if (!isRecord(group) || !isTable(group.rows)) continue;
    // A group of one model without a column of its own repeats the model in every row.
    const rows = group.rows.map((row) => (row.length === headings.length ? row : [group.model, ...row]));
    readComponent({ label, headings, rows }, page);
  }
}

/** The tab the component is in; outside of tabs everything is of the standard tier. */
function labelOf(island: HtmlElement): string {
  return island.closest('[data-content-switcher-pane]')?.getAttribute('data-value') ?? 'standard';
}

/** Astro writes `[0, value]` for a value and `[1, array]` for an array: https://docs.astro.build/en/reference/directives-reference/ */
function decodeProps(text: string): Record<string, unknown> | null {
  try {
    const props: unknown = JSON.parse(text);
    if (!isRecord(props)) return null;
    return Object.fromEntries(Object.entries(props).map(([key, value]) => [key, decodeValue(value)]));
  } catch {
    return null;
  }
}

function decodeValue(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const [kind, inner] = value;
  if (kind === 1) return Array.isArray(inner) ? inner.map(decodeValue) : null;
  if (!isRecord(inner)) return inner;
  return Object.fromEntries(Object.entries(inner).map(([key, one]) => [key, decodeValue(one)]));
}

/** A heading with a tooltip is an object around its label. */
function labelIn(heading: unknown): string {
  const inner = isRecord(heading) ? Object.values(heading)[0] : null;
  return isRecord(inner) && typeof inner.label === 'string' ? inner.label : '';
}

/** The groups of the standard tab of "Specialized models"; what is left of them where copies of the page are damaged. */
function readSpecialized(text: string, page: ParsedPage): void {
  const start = text.indexOf('Specialized models');
  if (start === -1) return;
  const end = text.indexOf('Finetuning', start);
  const section = text.slice(start, end === -1 ? undefined : end);
  let label = 'standard';
  for (const match of section.matchAll(/data-value="([^"]+)"|model:\s*"[^"]*",\s*rows:\s*(?=\[)/g)) {
    if (match[1] !== undefined) {
      label = match[1];
      continue;
    }
    const rows = readLiteral(section, match.index + match[0].length);
    if (isTable(rows)) readComponent({ label, headings: PRICE_HEADINGS, rows }, page);
  }
}

/** An array written as a literal of JavaScript with numbers, strings and null in it; null if it is anything else. */
function readLiteral(text: string, start: number): unknown {
  let depth = 0;
  let isQuoted = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (isQuoted && char === '\\') at++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (char === '[') depth++;
    else if (char === ']' && --depth === 0) return parseLiteral(text.slice(start, at + 1));
  }
  return null;
}

function parseLiteral(source: string): unknown {
  try {
    return JSON.parse(source.replace(/,(\s*[\]}])/g, '$1'));
  } catch {
    return null;
  }
}

function isTable(value: unknown): value is unknown[][] {
  return Array.isArray(value) && value.every(Array.isArray);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
