import { normalizeHeading } from '../scrapers/pipe-table.ts';
import { findRefusal } from '../scrapers/refused-page.ts';
import { readPlacedTables } from '../scrapers/tables.ts';
import { plainText, readDay, readIds } from './cells.ts';
import type { FactPage, ModelFacts, ParsedFacts } from './fact-page.ts';

const URL = 'https://ai.google.dev/gemini-api/docs/deprecations';

/**
 * Google's deprecations. A day there is the earliest possible one, unless the section is about models that are gone. Where
 * the page says that requests are redirected, the replacement answers from that day on, and bills.
 */
export const googleDeprecations: FactPage = {
  id: 'google/deprecations',
  provider: 'google',
  sources: [
    { url: `${URL}.md.txt`, contentType: 'text/plain' },
    { url: URL, contentType: 'text/html' },
  ],
  fileName: /deprecations/,
  parse(text, day) {
    if (findRefusal(text) !== null) return null;
    const parsed: ParsedFacts = { facts: [], errors: [] };
    let tables = 0;
    for (const { section, table } of readPlacedTables(text)) {
      const headings = table.headings.map(normalizeHeading);
      const at = {
        model: headings.findIndex((heading) => heading === 'model' || heading === 'model code'),
        shutdown: headings.indexOf('shutdown date'),
        replacement: headings.indexOf('recommended replacement'),
        redirect: headings.findIndex((heading) => /^redirect(s|ed)? to$/.test(heading)),
      };
      if (at.model === -1 || at.shutdown === -1) continue;
      tables++;
      const isPast = /\b(?:past|previous|retired|shut ?down) /i.test(`${section} `);
      for (const cells of table.rows) readRow({ cells, at, day, isPast, columns: headings.length }, parsed);
    }
    return tables === 0 ? null : parsed;
  },
};

interface Row {
  cells: readonly string[];
  at: { model: number; shutdown: number; replacement: number; redirect: number };
  day: string;
  /** The section says of its models that they are gone. */
  isPast: boolean;
  columns: number;
}

function readRow({ cells, at, day, isPast, columns }: Row, { facts, errors }: ParsedFacts): void {
  // A row of one cell is a heading of its group, "Preview models".
  if (cells.length === 1) return;
  const ids = readIds(cells[at.model] ?? '');
  if (ids.length === 0) return;
  const shutdown = plainText(cells[at.shutdown] ?? '');
  const isOpen = shutdown === '' || shutdown === '-' || /^no shutdown date announced$/i.test(shutdown);
  const on = isOpen ? undefined : readDay(shutdown.replace(/^(?:earliest|not (?:sooner|earlier) than):? /i, ''));
  if (on === null || cells.length !== columns) {
    errors.push({ where: `deprecations: ${ids.join(', ')}`, message: `It is not understood: ${cells.join(' | ')}` });
    return;
  }
  const replacement = plainText(cells[at.replacement] ?? '');
  const redirect = /^(\S+) \((?:requests are |automatically )?redirected\)$/i.exec(replacement)?.[1];
  const [successor] = readIds(redirect ?? replacement);
  const [target] = at.redirect === -1 ? readIds(redirect ?? '') : readIds(cells[at.redirect] ?? '');
  for (const model of ids) {
    const fact: ModelFacts = { model };
    if (on) {
      const isExact = target !== undefined || isPast;
      fact.retires = { on, exact: isExact };
      // The earliest possible day may pass without anything happening.
      if (isExact && on <= day) fact.status = 'retired';
      else if (successor) fact.status = 'deprecated';
    }
    if (successor) fact.replacement = successor;
    if (target) fact.redirectsTo = target;
    facts.push(fact);
  }
}
