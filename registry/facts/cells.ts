import { cleanCell } from '../scrapers/money.ts';
import { readMonthDay } from '../scrapers/month-day.ts';

const ID = `[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*`;
const IDS = new RegExp(String.raw`^${ID}(?:(?:\s*[|,]\s*|,? or )${ID})*$`);

/** The text of a cell without tags, links, marks of code and emphasis, and with plain hyphens. */
export function plainText(cell: string): string {
  return cleanCell(cell.replace(/<sup\b[^>]*>.*?<\/sup>/gis, ''))
    .replace(/<[^>]*>/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[‐‑–]/g, '-')
    .replace(/[`*]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A day in any of the ways pages write it, `December 11, 2026` or `2026-12-11`; null for what is no day. */
export function readDay(cell: string): string | null {
  const text = plainText(cell);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return readMonthDay(text);
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null;
}

/** The ids of a cell that holds nothing else: "New fine-tuning training on `babbage-002`" is not about babbage-002. */
export function readIds(cell: string): string[] {
  const text = plainText(cell).replace(/ \(including [^()]*\)$/, '');
  return IDS.test(text) ? text.split(/\s*[|,]\s*or |\s*[|,]\s*| or /).map((id) => id.trim()) : [];
}
