import type { FlatRates, RateField } from '../flat-rates.ts';
import { fieldsOf, isSamePrice } from '../flat-rates.ts';
import type { ServiceTier } from '../schema.ts';
import { type Cell, cleanCell } from './money.ts';
import { nextDay, readMonthDay } from './month-day.ts';
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

/** 30 minutes and 12 hours, https://developers.openai.com/api/docs/guides/prompt-caching; others may be these less a digit. */
const CACHE_LIVES: ReadonlySet<number> = new Set([1800, 43_200]);

function fieldOf(name: string): RateField | null {
  if (name === 'input') return 'input';
  if (name === 'cached input') return 'cacheRead';
  if (name === 'output' || name === 'output / cost') return 'output';
  // The time to live stands before or behind: "12-hour cache writes", "cache writes (12h TTL)", "cache writes, 30 min".
  const life = /(?<![\d.])(\d+)[ -]?(h|hrs?|hours?|m|mins?|minutes?)\b/;
  const [, amount = '30', unit = 'm'] = life.exec(name) ?? [];
  if (
    !/^cache writes?(?: ttl| retention)?$/.test(
      name
        .replace(life, '')
        .replace(/[(),\s]+/g, ' ')
        .trim(),
    )
  )
    return null;
  const seconds = Number(amount) * (unit.startsWith('h') ? 3600 : 60);
  return CACHE_LIVES.has(seconds) ? `cacheWrite.${seconds}` : null;
}

/** Whether two columns have one meaning, because what told them apart was lost: then neither is to be read. */
export function hasTwins(columns: readonly Column[]): boolean {
  const meanings = columns.flatMap((column) => (column.type === 'price' ? `${column.field} ${column.isLong}` : []));
  return new Set(meanings).size < meanings.length;
}

/** How ids begin. What begins otherwise is a name that was torn, or of a kind whose prices are to be looked at first. */
const KNOWN_NAMES =
  /^(?:gpt-[a-z\d]|o\d|chat|codex-|computer-use-|text-|tts-|whisper-|omni-|davinci-|babbage-|sora-|dall-e-)/;

/** What a name cell says: the id, and what stands behind it of prompt sizes, days and life. */
export interface ModelName {
  id: string;
  threshold: number | null;
  from: string | null;
  until: string | null;
  status?: NonNullable<ScrapedRow['status']>;
}

const CONDITIONS: readonly [RegExp, (value: string) => Partial<ModelName> | null][] = [
  [/^[<≤] ?(\d+)K context length$/i, (size) => ({ threshold: Number(size) * 1000 })],
  [/^(?:through|until) (.+)$/i, (text) => withDay(text, (day) => ({ until: nextDay(day) }))],
  [/^(?:starting|from|effective) (.+)$/i, (text) => withDay(text, (day) => ({ from: day }))],
  [/^(deprecated)$/i, () => ({ status: 'deprecated' })],
  [/^(retired)$/i, () => ({ status: 'retired' })],
  [/^(legacy|preview|beta|new)$/i, () => ({})],
];

/** A model's name cell. Null for what is no id, or says more than is understood. */
export function readModelName(cell: string): ModelName | null {
  const text = cleanCell(cell)
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\s+/g, ' ');
  const match =
    /^`?([a-z][a-z0-9]*(?:[.-][a-z0-9]+)*)`?((?: \([^()]*\))*)((?: (?:through|until|starting|from) [^()]*)?)$/.exec(
      text,
    );
  if (!match?.[1] || !KNOWN_NAMES.test(match[1])) return null;
  const name: ModelName = { id: match[1], threshold: null, from: null, until: null };
  const bracketed = [...(match[2] ?? '').matchAll(/\(([^()]*)\)/g)].map(([, inside = '']) => inside);
  for (const condition of [...bracketed, match[3] ?? ''].map((one) => one.trim()).filter((one) => one !== '')) {
    const said = readCondition(condition);
    if (!said) return null;
    Object.assign(name, said);
  }
  return name;
}

function readCondition(text: string): Partial<ModelName> | null {
  for (const [pattern, read] of CONDITIONS) {
    const match = pattern.exec(text);
    if (match) return read(match[1] ?? '');
  }
  return null;
}

function withDay(text: string, use: (day: string) => Partial<ModelName>): Partial<ModelName> | null {
  const day = readMonthDay(text);
  return day === null ? null : use(day);
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

/** What one row of a table states of one price list. */
export interface Stated {
  where: string;
  name: ModelName;
  tier: ServiceTier;
  promptOver: number;
  prices: FlatRates;
}

/** Adds to the page what a row states. A model may be in several tables; where they contradict, neither is believed. */
export function addRow({ where, name, tier, promptOver, prices }: Stated, page: ParsedPage): void {
  const { id: model, from, until, status } = name;
  const earlier = page.rows.find(
    (row) =>
      row.model === model &&
      row.tier === tier &&
      row.promptOver === promptOver &&
      row.from === from &&
      row.until === until,
  );
  if (!earlier) {
    const row: ScrapedRow = { model, name: model, tier, promptOver, from, until, prices };
    page.rows.push(status ? { ...row, status } : row);
    return;
  }
  for (const [field, price] of fieldsOf(prices)) {
    const known = earlier.prices[field];
    // Of two tables that contradict each other the third cannot tell which is right.
    if (known === undefined && page.unread.includes(model)) continue;
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
