import { type HtmlElement, readHtml, textOf } from './html.ts';
import { readBlocks } from './pipe-table.ts';

/** One table of a model's section: of one service tier. */
export interface TierTable {
  heading: string;
  ids: readonly string[];
  /** The label of the tab; empty where the section has no tabs. */
  label: string;
  headings: readonly string[];
  rows: readonly (readonly string[])[];
}

/** The tables of the page itself: an `h2` per model, its ids in `code`, its tiers as `h3` of sections. */
export function readHtmlSections(text: string): TierTable[] {
  const tables: TierTable[] = [];
  let place = { heading: '', ids: [] as string[], label: '' };
  for (const element of readHtml(text).querySelectorAll('h2, h3, em code, table')) {
    const tag = element.tagName.toLowerCase();
    if (tag === 'h2') place = { heading: textOf(element), ids: [], label: '' };
    else if (tag === 'h3') place.label = textOf(element);
    else if (tag === 'code') {
      // Further down, prose mentions other models.
      if (place.label === '') addIds(place.ids, textOf(element));
    } else tables.push({ ...place, ids: [...place.ids], ...cellsOf(element) });
  }
  return tables;
}

/** The same of the page's text variant, where a line of code spans follows each heading. */
export function readTextSections(text: string): TierTable[] {
  const tables: TierTable[] = [];
  let place = { heading: '', ids: [] as string[], label: '' };
  for (const block of readBlocks(text)) {
    if (block.type === 'table') tables.push({ ...place, ids: [...place.ids], ...block.table });
    else if (block.type === 'heading' && block.level === 2) place = { heading: block.text, ids: [], label: '' };
    else if (block.type === 'heading') place.label = block.text;
    else if (place.label === '' && /^[*_]\[?`/.test(block.text)) {
      for (const [, id = ''] of block.text.matchAll(/`([^`]+)`/g)) addIds(place.ids, id);
    }
  }
  return tables;
}

function addIds(ids: string[], text: string): void {
  if (/^[a-z][a-z0-9.-]*$/.test(text) && !ids.includes(text)) ids.push(text);
}

function cellsOf(table: HtmlElement) {
  const [headings = [], ...rows] = [...table.querySelectorAll('tr')].map((row) =>
    [...row.querySelectorAll('th, td')].map((cell) => textOf(cell)),
  );
  return { headings, rows };
}
