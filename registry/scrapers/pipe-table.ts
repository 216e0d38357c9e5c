/** A Markdown table and what stands around it. */
export interface PipeTable {
  headings: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A line of a Markdown page that matters to where tables belong. */
export type MarkdownBlock =
  | { type: 'heading'; level: number; text: string }
  | { type: 'line'; text: string }
  | { type: 'table'; table: PipeTable };

/** A page as headings, loose lines and tables, in their order. What is in a fenced block of code is left out. */
export function readBlocks(markdown: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  let table: string[][] = [];
  let fence: string | null = null;
  const closeTable = () => {
    const [headings, ...rows] = table.filter((cells) => !isRule(cells));
    if (headings && headings.length > 1) blocks.push({ type: 'table', table: { headings, rows } });
    table = [];
  };

  for (const raw of markdown.split(/\r?\n/)) {
    const line = raw.trim();
    const mark = /^(```|~~~)/.exec(line)?.[1] ?? null;
    if (fence !== null || mark !== null) {
      if (fence === null) fence = mark;
      else if (mark === fence) fence = null;
      continue;
    }
    if (line.startsWith('|')) {
      table.push(splitRow(line));
      continue;
    }
    closeTable();
    const heading = /^(#{1,6})\s+(.+)$/.exec(line);
    if (heading) blocks.push({ type: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' });
    else if (line !== '') blocks.push({ type: 'line', text: line });
  }
  closeTable();
  return blocks;
}

/** A column's name so that spellings of it compare: `Cache Hits & Refreshes` and `Cache hits and refreshes` are one. */
export function normalizeHeading(text: string): string {
  return text
    .replace(/<sup\b[^>]*>.*?<\/sup>/gi, '')
    .replace(/<br\s*\/?>/gi, ' ')
    .replace(/&amp;|&/g, 'and')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

/** The cells of a line. An escaped pipe is text. */
function splitRow(line: string): string[] {
  const inner = line.replace(/^\|/, '').replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

function isRule(cells: readonly string[]): boolean {
  return cells.every((cell) => /^:?-+:?$/.test(cell));
}
