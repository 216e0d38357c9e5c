import type { ServiceTier } from '../schema.ts';
import { cleanCell, readCell } from './money.ts';
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
  type Stated,
  tierOf,
} from './openai-rows.ts';
import { normalizeHeading, type PipeTable, readBlocks } from './pipe-table.ts';
import { emptyPage, type ParsedPage } from './scraper.ts';

type SectionKind = 'text' | 'audio' | 'image' | 'skipped';

/** The page's sections by their titles, which are loose lines. A title starts without a tier: no tab's label outlives it. */
const SECTIONS: Readonly<Record<string, SectionKind>> = {
  'flagship models': 'text',
  'cyber models': 'text',
  'specialized models': 'text',
  'text tokens': 'text',
  'legacy models': 'text',
  'realtime and audio generation models': 'text',
  'image generation models': 'text',
  'audio tokens': 'audio',
  'image tokens': 'image',
  'multimodal models': 'skipped',
  video: 'skipped',
  'video generation models': 'skipped',
  'transcription models': 'skipped',
  'transcription and speech generation': 'skipped',
  'image generation': 'skipped',
  embeddings: 'skipped',
  moderation: 'skipped',
  tools: 'skipped',
  'built-in tools': 'skipped',
  agentkit: 'skipped',
  finetuning: 'skipped',
  'fine-tuning': 'skipped',
};

/** The headings of shape 4 that say a table's tier themselves. */
const TIER_HEADING = /^(.+) pricing data$/i;

interface Place {
  section: string;
  kind: SectionKind;
  /** The tier of the next table; null once a table has used it. */
  tier: ServiceTier | null;
  label: string;
}

/** Reads the page as tables between loose lines: the shape of 2025 and, with long prompts, that of August 2026 on. */
export function readTables(text: string): ParsedPage {
  const page = emptyPage();
  const threshold = findThreshold(text);
  if (threshold === null) page.warnings.push('The page does not say where long prompts start.');
  const shortOnly: Stated[] = [];
  let place: Place = { section: '', kind: 'text', tier: null, label: '' };
  for (const block of readBlocks(text)) {
    if (block.type === 'table') {
      readTable(block.table, place, { page, threshold: threshold ?? DOCUMENTED_LONG_CONTEXT, shortOnly });
      place = { ...place, tier: null };
    } else if (block.type === 'heading') {
      const label = TIER_HEADING.exec(block.text)?.[1];
      // "Grouped Pricing Table data" names no tier; its tab did, in a line above.
      if (label !== undefined) place = { ...place, kind: 'text', tier: tierOf(label), label };
      else if (block.level <= 3) place = readLine(block.text, place);
    } else {
      place = readLine(block.text, place);
    }
  }
  // A model whose long prompts have a price in one tier has none for them in a tier that lists none.
  for (const row of shortOnly) {
    const long = page.rows.find(({ model, promptOver }) => model === row.name.id && promptOver > 0);
    if (long) addRow({ ...row, promptOver: long.promptOver }, page);
  }
  return page;
}

function readLine(text: string, place: Place): Place {
  const title = text.toLowerCase();
  const kind = Object.hasOwn(SECTIONS, title) ? SECTIONS[title] : undefined;
  // A section without tabs is of the standard tier, and one that has them says so at once.
  if (kind) return { section: text, kind, tier: 'standard', label: text };
  const tier = tierOf(text);
  return tier ? { ...place, tier, label: text } : place;
}

interface Sink {
  page: ParsedPage;
  threshold: number;
  /** Filled in: what rows say of long prompts that have no price there. */
  shortOnly: Stated[];
}

function readTable(table: PipeTable, { section, kind, tier, label }: Place, sink: Sink): void {
  if (kind === 'skipped') return;
  const columns = table.headings.map((heading) => readColumn(normalizeHeading(heading)));
  if (!columns.some(({ type }) => type === 'model') || columns.some(({ type }) => type === 'training')) return;
  if (!tier) {
    sink.page.warnings.push(`A table under "${section}" has no known tier (the last label was "${label}").`);
    return;
  }
  if (hasTwins(columns)) {
    const message = `Two columns have one name: ${table.headings.join(' | ')}`;
    const names = table.rows.map((cells) => nameIn(cells, columns));
    sink.page.errors.push(...names.map((name) => ({ where: `${section}, ${tier}: ${name}`, message })));
    sink.page.unread.push(...names.flatMap((name) => readModelName(name)?.id ?? []));
    return;
  }
  for (const [index, column] of columns.entries()) {
    if (column.type === 'unknown') sink.page.warnings.push(`The column "${table.headings[index]}" is not known.`);
  }
  // Tables of long prompts list a model's every tier; a tier without a price there has none.
  const banded = new Set(
    table.rows.flatMap((cells) => (readModelName(nameIn(cells, columns))?.threshold ? [nameIn(cells, columns)] : [])),
  );
  for (const cells of table.rows) {
    readRow(
      { cells, columns, tier, where: `${section}, ${tier}`, modality: kind === 'text' ? null : kind, banded },
      sink,
    );
  }
}

interface Row {
  cells: readonly string[];
  columns: readonly Column[];
  tier: ServiceTier;
  where: string;
  modality: 'audio' | 'image' | null;
  banded: ReadonlySet<string>;
}

function readRow({ cells, columns, tier, where, modality, banded }: Row, { page, threshold, shortOnly }: Sink): void {
  const text = nameIn(cells, columns);
  const place = `${where}: ${text}`;
  const prices = readPrices(cells.map(readCell), columns);
  if (prices === 'other-unit') {
    page.warnings.push(`${place} is not priced in tokens.`);
    return;
  }
  const name = readModelName(text);
  if (!name) {
    page.quarantined.push({ where: place, message: 'The name is not the id of a model.' });
    return;
  }
  if (prices === 'error' || cells.length !== columns.length) {
    page.errors.push({ where: place, message: `Not every cell is a price: ${cells.join(' | ')}` });
    page.unread.push(name.id);
    return;
  }
  const kind = modality ?? cellAt(cells, columns, 'modality');
  const short = kind ? forModality(prices.short, kind) : prices.short;
  if (!short || !hasPrice(short)) {
    page.warnings.push(`${place} has no price.`);
    return;
  }
  addRow({ where: place, name, tier, promptOver: 0, prices: short }, page);
  if (!prices.long && name.threshold)
    addRow({ where: place, name, tier, promptOver: name.threshold, prices: {} }, page);
  if (!prices.long) return;
  const long = { where: place, name, tier, promptOver: name.threshold ?? threshold, prices: prices.long };
  if (hasPrice(prices.long) || banded.has(text)) addRow(long, page);
  else shortOnly.push(long);
}

function nameIn(cells: readonly string[], columns: readonly Column[]): string {
  return cleanCell(cellAt(cells, columns, 'model') ?? '');
}

function cellAt(cells: readonly string[], columns: readonly Column[], type: Column['type']): string | null {
  const index = columns.findIndex((column) => column.type === type);
  return index === -1 ? null : (cells[index] ?? null);
}

/** A line of its own in later pages, else the size that all names agree on. */
function findThreshold(text: string): number | null {
  const line = /^[*>\-\s]*Short context: (?:≤|<=|&le;|&lt;=) ?(\d+)(K|,000) input tokens/im.exec(text)?.[1];
  if (line) return Number(line) * 1000;
  const sizes = new Set([...text.matchAll(/\([<≤] ?(\d+)K context length\)/g)].map((match) => match[1]));
  const [only] = sizes;
  return sizes.size === 1 && only ? Number(only) * 1000 : null;
}
