import { type HtmlElement, readHtml, textOf } from './html.ts';
import { readBlocks } from './pipe-table.ts';

/** One table of a model's section: of one service tier. */
export interface TierTable {
  heading: string;
  ids: readonly string[];
  /** Models its links lead to in the playground. The list goes on growing until the next section. */
  links: ReadonlySet<string>;
  /** The label of the tab; empty where the section has no tabs. */
  label: string;
  headings: readonly string[];
  rows: readonly (readonly string[])[];
}

/** The tables of the page itself: an `h2` per model, its ids in `code`, its tiers as `h3` of sections. */
export function readHtmlSections(text: string): TierTable[] {
  const tables: TierTable[] = [];
  let place = newPlace('');
  for (const element of readHtml(text).querySelectorAll('h2, h3, em code, a[href*="model="], table')) {
    const tag = element.tagName.toLowerCase();
    if (tag === 'h2') place = newPlace(textOf(element));
    else if (tag === 'h3') place.label = textOf(element);
    else if (tag === 'a') addLinks(place.links, element.getAttribute('href') ?? '');
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
  let place = newPlace('');
  for (const block of readBlocks(text)) {
    if (block.type === 'table') tables.push({ ...place, ids: [...place.ids], ...block.table });
    else if (block.type === 'heading' && block.level === 2) place = newPlace(block.text);
    else if (block.type === 'heading') place.label = block.text;
    else addLinks(place.links, block.text);
    if (block.type !== 'line') continue;
    if (place.label === '' && /^[*_[]+`/.test(block.text)) {
      for (const [, id = ''] of block.text.matchAll(/`([^`]+)`/g)) addIds(place.ids, id);
    }
  }
  return tables;
}

function newPlace(heading: string) {
  return { heading, ids: [] as string[], links: new Set<string>(), label: '' };
}

/** `https://aistudio.google.com?model=gemini-2.5-pro`: the button beside a model's heading. */
function addLinks(links: Set<string>, text: string): void {
  for (const [, id = ''] of text.matchAll(/aistudio\.google\.com[^\s)"]*[?&]model=([a-z][a-z0-9.-]*)/g)) links.add(id);
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
