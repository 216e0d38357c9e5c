/** What a cell says: a price, that there is none, or something that is neither. */
export type Cell =
  | { type: 'price'; usd: number }
  | { type: 'none' }
  /** A price of something other than tokens: characters, minutes, hours. */
  | { type: 'other-unit' }
  | { type: 'error' };

const AMOUNT = String.raw`\$(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)`;
const PER_MILLION = new RegExp(`^${AMOUNT}(?: / (?:MTok|1M tokens|1,000,000 tokens))?$`);
const OTHER_UNIT = new RegExp(`^${AMOUNT} / (?:1M characters|minute|min|hour|second|image)$`);
const NONE = new Set(['', '-', '–', '—', 'n/a', 'free', 'not available']);

/** Reads a cell of a table of prices per million tokens. The whole cell has to be a price; anything left over is an error. */
export function readCell(text: string): Cell {
  const cell = cleanCell(text);
  const price = PER_MILLION.exec(cell)?.[1];
  if (price !== undefined) return { type: 'price', usd: toNumber(price) };
  if (NONE.has(cell.toLowerCase())) return { type: 'none' };
  return OTHER_UNIT.test(cell) ? { type: 'other-unit' } : { type: 'error' };
}

/** A value that is a number already, in the properties of a component. */
export function readValue(value: unknown): Cell {
  if (value === null || value === undefined) return { type: 'none' };
  if (typeof value === 'number')
    return Number.isFinite(value) && value >= 0 ? { type: 'price', usd: value } : { type: 'error' };
  return typeof value === 'string' ? readCell(value) : { type: 'error' };
}

/** The number of an amount that has been matched, without its commas. */
export function toNumber(amount: string): number {
  return Number(amount.replaceAll(',', ''));
}

/** A cell without footnotes and escapes. `sup` goes first: left in, `$0.25<sup>1</sup>` would read as 0.251. */
export function cleanCell(text: string): string {
  return text
    .replace(/<sup\b[^>]*>.*?<\/sup>/gis, '')
    .replace(/\^(?:\\?\*|\d)+\^/g, '')
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/\\([$<>*_|~[\]()])/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/[ \t\u00a0]+/g, ' ')
    .trim();
}
