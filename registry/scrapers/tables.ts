import { type HtmlElement, readHtml, textOf } from './html.ts';
import { type PipeTable, readBlocks } from './pipe-table.ts';

/** A table and the heading it stands under. */
export interface PlacedTable {
  section: string;
  table: PipeTable;
}

/** Every table of a page, whether it is Markdown or HTML. */
export function readPlacedTables(text: string): PlacedTable[] {
  return /<table\b/i.test(text) ? readHtmlTables(text) : readPipeTables(text);
}

function readPipeTables(text: string): PlacedTable[] {
  const tables: PlacedTable[] = [];
  let section = '';
  for (const block of readBlocks(text)) {
    if (block.type === 'heading') section = block.text;
    else if (block.type === 'table') tables.push({ section, table: block.table });
  }
  return tables;
}

function readHtmlTables(text: string): PlacedTable[] {
  const tables: PlacedTable[] = [];
  let section = '';
  for (const element of readHtml(text).querySelectorAll('h1, h2, h3, h4, table')) {
    if (element.tagName.toLowerCase() !== 'table') section = textOf(element);
    else {
      const [headings = [], ...rows] = [...element.querySelectorAll('tr')].map(cellsOf);
      tables.push({ section, table: { headings, rows } });
    }
  }
  return tables;
}

function cellsOf(row: HtmlElement): string[] {
  return [...row.querySelectorAll('th, td')].map((cell) => textOf(cell));
}
