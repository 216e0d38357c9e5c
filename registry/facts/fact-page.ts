import type { PageSource, RowProblem } from '../scrapers/scraper.ts';

/** What a page beside the price page says of a model. What it does not speak of is absent. */
export interface ModelFacts {
  /** An id, or the name of a snapshot. */
  model: string;
  status?: 'legacy' | 'deprecated' | 'retired';
  deprecatedOn?: string;
  /** `exact: false` = "not sooner than". */
  retires?: { on: string; exact: boolean };
  replacement?: string;
  redirectsTo?: string;
  window?: number;
  maxOutput?: number;
  knowledgeCutoff?: string;
  /** Other names of the model. */
  aliases?: string[];
}

export interface ParsedFacts {
  facts: ModelFacts[];
  errors: RowProblem[];
}

/** A page of a provider that tells of life cycles or limits. As strict as the price pages; never throws. */
export interface FactPage {
  /** `anthropic/deprecations`. */
  id: string;
  provider: string;
  sources: readonly PageSource[];
  /** How saved copies of it are called. */
  fileName: RegExp;
  /** Reads the page as of a day; null for a text that is not this page. */
  parse(text: string, day: string): ParsedFacts | null;
}
