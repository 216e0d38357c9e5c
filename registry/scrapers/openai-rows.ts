import type { FlatRates, RateField } from '../flat-rates.ts';
import { fieldsOf, isSamePrice } from '../flat-rates.ts';
import type { ServiceTier } from '../schema.ts';
import type { Cell } from './money.ts';
import type { ParsedPage, ScrapedRow } from './scraper.ts';

/** https://developers.openai.com/api/docs/models: where long prompts start, for pages that do not say it themselves. */
export const DOCUMENTED_LONG_CONTEXT = 272_000;

const TIER_BY_LABEL: Readonly<Record<string, ServiceTier>> = {
  standard: 'standard',
  batch: 'batch',
  flex: 'flex',
  priority: 'fast',
  fast: 'fast',
  'fast mode': 'fast',
  ultrafast: 'ultrafast',
  'ultrafast mode': 'ultrafast',
};

/** The tier of a tab, by its label. */
export function tierOf(label: string): ServiceTier | null {
  const name = label.trim().toLowerCase();
  return Object.hasOwn(TIER_BY_LABEL, name) ? (TIER_BY_LABEL[name] ?? null) : null;
}

/** What a table's columns mean: a price of short or long prompts, or something beside the prices. */
export type Column =
  /** What a table with a price of training says is about models of one's own making. */
  | { type: 'model' | 'category' | 'modality' | 'training' | 'unknown' }
  | { type: 'price'; field: RateField; isLong: boolean };

/** A column's meaning by its normalized name. */
export function readColumn(heading: string): Column {
  if (heading === 'model' || heading === 'category' || heading === 'modality') return { type: heading };
  if (/^training\b/.test(heading)) return { type: 'training' };
  const match = /^(?:(short|long) context )?(.+)$/.exec(heading);
  const field = fieldOf(match?.[2] ?? '');
  if (field) return { type: 'price', field, isLong: match?.[1] === 'long' };
  return { type: 'unknown' };
}

function fieldOf(name: string): RateField | null {
  if (name === 'input') return 'input';
  if (name === 'cached input') return 'cacheRead';
  if (name === 'output' || name === 'output / cost') return 'output';
  const write =
    /^(?:(\d+)[ -]?(h|hours?|m|min|minutes?) )?cache writes?(?: \((\d+)[ -]?(h|hours?|m|min|minutes?)\))?$/.exec(name);
  if (!write) return null;
  const [amount = '30', unit = 'm'] = [write[1] ?? write[3], write[2] ?? write[4]];
  return `cacheWrite.${Number(amount) * (unit.startsWith('h') ? 3600 : 60)}`;
}

/** How ids begin. What begins otherwise is a name that was torn, or of a kind whose prices are to be looked at first. */
const KNOWN_NAMES =
  /^(?:gpt-[a-z\d]|o\d|chat|codex-|computer-use-|text-|tts-|whisper-|omni-|davinci-|babbage-|sora-|dall-e-)/;

/** A model's name cell: the id and what the brackets behind it say of prompt sizes. Null for what is no id. */
export function readModelName(cell: string): { id: string; threshold: number | null } | null {
  const match = /^`?([a-z][a-z0-9]*(?:[.-][a-z0-9]+)*)`?(?: \([<≤] ?(\d+)K context length\))?$/.exec(cell.trim());
  if (!match?.[1] || !KNOWN_NAMES.test(match[1])) return null;
  return { id: match[1], threshold: match[2] ? Number(match[2]) * 1000 : null };
}

/** A row's cells by column; `error` if one of them is no price, `other-unit` if one is a price of something else. */
export function readPrices(cells: readonly Cell[], columns: readonly Column[]) {
  const short: FlatRates = {};
  const long: FlatRates = {};
  let statesLong = false;
  for (const [index, column] of columns.entries()) {
    if (column.type !== 'price') continue;
    const cell = cells[index] ?? { type: 'error' as const };
    if (cell.type === 'error' || cell.type === 'other-unit') return cell.type;
    const side = column.isLong ? long : short;
    statesLong ||= column.isLong;
    side[column.field] = cell.type === 'price' ? cell.usd : null;
  }
  return { short, long: statesLong ? long : null };
}

/** Whether anything in it is a price. */
export function hasPrice(prices: FlatRates): boolean {
  return fieldsOf(prices).some(([, price]) => price !== null);
}

const AUDIO: Partial<Record<RateField, RateField>> = {
  input: 'audioInput',
  cacheRead: 'audioCacheRead',
  output: 'audioOutput',
};
const IMAGE: Partial<Record<RateField, RateField>> = { input: 'imageInput', output: 'imageOutput' };

/** The prices of a row that is about one kind of content only. Null for a kind that is not known. */
export function forModality(prices: FlatRates, modality: string): FlatRates | null {
  const kind = modality.trim().toLowerCase();
  if (kind === 'text') return prices;
  const names = kind === 'audio' ? AUDIO : kind === 'image' ? IMAGE : null;
  if (!names) return null;
  const moved: FlatRates = {};
  for (const [field, price] of fieldsOf(prices)) {
    const name = names[field];
    if (name && price !== null) moved[name] = price;
  }
  return moved;
}

interface Stated {
  where: string;
  model: string;
  tier: ServiceTier;
  promptOver: number;
  prices: FlatRates;
}

/** Adds to the page what a row states. A model may be in several tables; where they contradict, neither is believed. */
export function addRow({ where, ...stated }: Stated, page: ParsedPage): void {
  const { model, tier, promptOver } = stated;
  const earlier = page.rows.find((row) => row.model === model && row.tier === tier && row.promptOver === promptOver);
  if (!earlier) {
    const row: ScrapedRow = { ...stated, name: model, from: null, until: null };
    page.rows.push(row);
    return;
  }
  for (const [field, price] of fieldsOf(stated.prices)) {
    const known = earlier.prices[field];
    if (known === undefined || known === null) earlier.prices[field] = price;
    else if (price !== null && !isSamePrice(known, price)) {
      page.errors.push({
        where,
        message: `Another table of the page has ${known} instead of ${price} as its ${field}.`,
      });
      delete earlier.prices[field];
      page.unread.push(model);
    }
  }
}
