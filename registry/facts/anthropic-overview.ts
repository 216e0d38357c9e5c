import { readModelCell } from '../scrapers/anthropic-name.ts';
import { normalizeHeading, type PipeTable } from '../scrapers/pipe-table.ts';
import { findRefusal } from '../scrapers/refused-page.ts';
import { readPlacedTables } from '../scrapers/tables.ts';
import { plainText } from './cells.ts';
import type { FactPage, ModelFacts, ParsedFacts } from './fact-page.ts';

const URL = 'https://platform.claude.com/docs/en/about-claude/models/overview';

const SIZE = String.raw`\d+(?:\.\d+)?[km]`;
/** Behind the size may stand a beta's, another platform's, or the number of a footnote that a renderer glued on. */
const TOKENS = new RegExp(
  String.raw`^(${SIZE})(?: tokens\d?)?(?: / ${SIZE} tokens \(beta\)\d?| \(or ${SIZE}\d?\) tokens)?$`,
  'i',
);
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Anthropic's overview: tables with a column for each model and a row for each feature. */
export const anthropicOverview: FactPage = {
  id: 'anthropic/overview',
  provider: 'anthropic',
  sources: [
    { url: `${URL}.md`, contentType: 'text/markdown' },
    { url: URL, contentType: 'text/html' },
  ],
  fileName: /models-overview/,
  parse(text) {
    if (findRefusal(text) !== null) return null;
    const parsed: ParsedFacts = { facts: [], errors: [] };
    const tables = readPlacedTables(text).filter(
      ({ table }) => normalizeHeading(table.headings[0] ?? '') === 'feature',
    );
    for (const { table } of tables) readComparison(table, parsed);
    return tables.length === 0 || parsed.facts.length === 0 ? null : parsed;
  },
};

function readComparison({ headings, rows }: PipeTable, { facts, errors }: ParsedFacts): void {
  const features = new Map(
    rows.map((cells) => [
      plainText(cells[0] ?? '')
        .toLowerCase()
        .replace(/\d$/, ''),
      cells,
    ]),
  );
  const isWhole = rows.every((cells) => cells.length === headings.length);
  for (const [index, heading] of headings.entries()) {
    if (index === 0) continue;
    const name = plainText(heading);
    const cell = (feature: string) => plainText(features.get(feature)?.[index] ?? '');
    const fact = isWhole ? readModel(name, cell) : null;
    if (fact) facts.push(fact);
    else errors.push({ where: `models overview: ${name}`, message: 'Its column is not understood.' });
  }
}

function readModel(name: string, cell: (feature: string) => string): ModelFacts | null {
  const model = readModelCell(name)?.models[0]?.id;
  const id = cell('claude api id');
  const window = readTokens(cell('context window'));
  const maxOutput = readTokens(cell('max output'));
  // The id has to be that of the name: a column that slipped would give one model another's limits.
  if (!model || (id !== model && !isSnapshotOf(id, model)) || window === null || maxOutput === null) return null;
  const fact: ModelFacts = { model, window, maxOutput };
  if (id !== model) fact.aliases = [id];
  const knowledge = readMonth(cell('reliable knowledge cutoff'));
  if (knowledge) fact.knowledgeCutoff = knowledge;
  return fact;
}

function isSnapshotOf(id: string, model: string): boolean {
  return id.startsWith(`${model.replace(/-0$/, '')}-`) && /-\d{8}$/.test(id);
}

function readTokens(text: string): number | null {
  const size = TOKENS.exec(text)?.[1];
  if (!size) return null;
  return Number(size.slice(0, -1)) * (size.toLowerCase().endsWith('m') ? 1_000_000 : 1000);
}

/** `Jan 2026`, to which the number of a footnote may have been glued. */
function readMonth(text: string): string | null {
  const match = /^([A-Z][a-z]{2}) (20\d{2})\d?$/.exec(text);
  const month = MONTHS.indexOf(match?.[1]?.toLowerCase() ?? '') + 1;
  return match?.[2] && month > 0 ? `${match[2]}-${String(month).padStart(2, '0')}` : null;
}
