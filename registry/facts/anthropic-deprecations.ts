import { normalizeHeading, type PipeTable } from '../scrapers/pipe-table.ts';
import { findRefusal } from '../scrapers/refused-page.ts';
import { readPlacedTables } from '../scrapers/tables.ts';
import { plainText, readDay, readIds } from './cells.ts';
import type { FactPage, ModelFacts, ParsedFacts } from './fact-page.ts';

const URL = 'https://platform.claude.com/docs/en/about-claude/model-deprecations';

const STATES: Readonly<Record<string, ModelFacts['status'] | 'active'>> = {
  active: 'active',
  legacy: 'legacy',
  deprecated: 'deprecated',
  retired: 'retired',
};

/** Anthropic's deprecations: one table of every model's state, and one for each announcement, with the replacement. */
export const anthropicDeprecations: FactPage = {
  id: 'anthropic/deprecations',
  provider: 'anthropic',
  sources: [
    { url: `${URL}.md`, contentType: 'text/markdown' },
    { url: URL, contentType: 'text/html' },
  ],
  fileName: /deprecations/,
  parse(text) {
    if (findRefusal(text) !== null) return null;
    const parsed: ParsedFacts = { facts: [], errors: [] };
    const tables = readPlacedTables(text).map(({ table }) => table);
    const states = tables.find(({ headings }) => normalizeHeading(headings[0] ?? '') === 'api model name');
    if (states?.headings.length !== 4) return null;
    for (const cells of states.rows) readState(cells, parsed);
    for (const table of tables) readReplacements(table, parsed.facts);
    return parsed;
  },
};

function readState(cells: readonly string[], { facts, errors }: ParsedFacts): void {
  const [name = '', state = '', deprecated = '', retirement = ''] = cells.map(plainText);
  const [id, ...others] = readIds(name);
  const status = STATES[state.toLowerCase()];
  const since = deprecated === 'N/A' || deprecated === '' ? undefined : readDay(deprecated);
  const retires = readRetirement(retirement);
  if (!id || others.length > 0 || !status || since === null || retires === null || cells.length !== 4) {
    errors.push({ where: `model status: ${name}`, message: `It is not understood: ${cells.join(' | ')}` });
    return;
  }
  const fact: ModelFacts = { model: id };
  if (status !== 'active') fact.status = status;
  if (since) fact.deprecatedOn = since;
  if (retires) fact.retires = retires;
  facts.push(fact);
}

/** Undefined where there is no date, null where the cell is not understood. */
function readRetirement(text: string): ModelFacts['retires'] | null {
  if (text === 'N/A' || text === '') return undefined;
  const earliest = /^Not sooner than (.+)$/i.exec(text)?.[1];
  const on = readDay(earliest ?? text);
  return on === null ? null : { on, exact: earliest === undefined };
}

function readReplacements({ headings, rows }: PipeTable, facts: readonly ModelFacts[]): void {
  const names = headings.map(normalizeHeading);
  if (names[0] !== 'retirement date' || names[1] !== 'deprecated model' || names[2] !== 'recommended replacement')
    return;
  for (const cells of rows) {
    const [replacement] = readIds(cells[2] ?? '');
    for (const id of readIds(cells[1] ?? '')) {
      const fact = facts.find(({ model }) => model === id);
      if (fact && replacement) fact.replacement ??= replacement;
    }
  }
}
