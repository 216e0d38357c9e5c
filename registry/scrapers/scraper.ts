import type { FlatRates } from '../flat-rates.ts';
import type { ServiceTier } from '../schema.ts';

/** A page that carries a provider's prices. */
export interface PageSource {
  url: string;
  contentType: 'text/markdown' | 'text/plain' | 'text/html';
}

/** A price list as one page states it. */
export interface ScrapedRow {
  /** The provider's id, of a model or of one of its snapshots. */
  model: string;
  /** What the page calls it. */
  name: string;
  tier: ServiceTier;
  promptOver: number;
  from: string | null;
  /** The first day it no longer holds. */
  until: string | null;
  prices: FlatRates;
  /** What the page says of the model beside its name. */
  status?: 'deprecated' | 'retired' | 'limited';
}

export interface RowProblem {
  /** The table and the row, for people. */
  where: string;
  message: string;
}

export interface ParsedPage {
  rows: ScrapedRow[];
  /** Something the page has and this does not read: unknown columns, other units. */
  warnings: string[];
  /** Rows that ought to be prices and are not. */
  errors: RowProblem[];
  /** Rows of models whose id is not known for certain. They are told about, never published. */
  quarantined: RowProblem[];
  /** Models that are on the page, but whose prices could not be read. They are not missing. */
  unread: string[];
}

/** Reads one provider's price pages. It is strict: a cell that is not a price from end to end is an error, not a guess. */
export interface Scraper {
  /** The provider's id in the catalogue. */
  id: string;
  /** Models no page may lack once a page had them, while they are neither deprecated nor retired. */
  anchors: readonly string[];
  /** Where the prices are, the best first. */
  sources(): readonly PageSource[];
  /** The name of the shape this text has, or null: a challenge, a stripped page, a page of somebody else. */
  detectShape(text: string): string | null;
  /** Reads a text of one of the shapes. Never throws. */
  parse(text: string, shape: string): ParsedPage;
}

export function emptyPage(): ParsedPage {
  return { rows: [], warnings: [], errors: [], quarantined: [], unread: [] };
}
