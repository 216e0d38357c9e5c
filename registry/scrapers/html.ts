import { createRequire } from 'node:module';

type Linkedom = typeof import('linkedom');

const require = createRequire(import.meta.url);
/** Only an update of the catalogue reads pages. Loaded at the start it would be the largest thing that lies in memory unused. */
let linkedom: Linkedom | null = null;

export type HtmlDocument = ReturnType<Linkedom['parseHTML']>['document'];
export type HtmlElement = NonNullable<ReturnType<HtmlDocument['querySelector']>>;

/**
 * A page as a tree whose text can be read: footnotes are gone, and a line break is one. Left alone, `textContent` joins the
 * lines of a cell with nothing between them, and a footnote's number grows onto the price before it.
 */
export function readHtml(text: string): HtmlDocument {
  const loaded: Linkedom = linkedom ?? require('linkedom');
  linkedom = loaded;
  const { document } = loaded.parseHTML(text);
  for (const note of document.querySelectorAll('sup')) note.remove();
  for (const lineBreak of document.querySelectorAll('br')) lineBreak.replaceWith('\n');
  return document;
}

/** The text of an element, its lines kept and other white space folded. */
export function textOf(element: Pick<HtmlElement, 'textContent'>): string {
  return String(element.textContent ?? '')
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}
