import { normalizeHeading } from '../scrapers/pipe-table.ts';
import { findRefusal } from '../scrapers/refused-page.ts';
import { readPlacedTables } from '../scrapers/tables.ts';
import { readDay, readIds } from './cells.ts';
import type { FactPage, ModelFacts, ParsedFacts } from './fact-page.ts';

const URL = 'https://developers.openai.com/api/docs/deprecations';

const MODEL_HEADINGS = new Set(['model / system', 'model snapshot', 'deprecated model', 'legacy model']);
const REPLACEMENT_HEADINGS = new Set(['recommended replacement', 'substitute model']);

/** OpenAI's deprecations: under a heading with the day of the announcement, tables of models and their last days. */
export const openaiDeprecations: FactPage = {
  id: 'openai/deprecations',
  provider: 'openai',
  sources: [
    { url: `${URL}.md`, contentType: 'text/markdown' },
    { url: URL, contentType: 'text/html' },
  ],
  fileName: /deprecations/,
  parse(text, day) {
    if (findRefusal(text) !== null) return null;
    const parsed: ParsedFacts = { facts: [], errors: [] };
    let tables = 0;
    let announced = '';
    for (const { section, table } of readPlacedTables(text)) {
      const headings = table.headings.map(normalizeHeading);
      const model = headings.findIndex((heading) => MODEL_HEADINGS.has(heading));
      const replacement = headings.findIndex((heading) => REPLACEMENT_HEADINGS.has(heading));
      // Prices of training belong to tables of fine-tuned models; the model itself stays.
      const isOfModels = headings[0] === 'shutdown date' && model !== -1 && replacement !== -1;
      if (!isOfModels || headings.includes('training price')) continue;
      tables++;
      announced = /^(\d{4}-\d{2}-\d{2})/.exec(section)?.[1] ?? announced;
      for (const cells of table.rows) readRow({ cells, model, replacement, announced, day }, parsed);
    }
    return tables === 0 ? null : parsed;
  },
};

interface Row {
  cells: readonly string[];
  model: number;
  replacement: number;
  announced: string;
  day: string;
}

function readRow({ cells, model, replacement, announced, day }: Row, { facts, errors }: ParsedFacts): void {
  const ids = readIds(cells[model] ?? '');
  // Endpoints and other systems stand among the models.
  if (ids.length === 0) return;
  const on = readDay(cells[0] ?? '');
  if (on === null) {
    errors.push({ where: `deprecations: ${ids.join(', ')}`, message: `It has no last day: ${cells[0]}` });
    return;
  }
  const [successor] = readIds(cells[replacement] ?? '');
  for (const id of ids) {
    // The newest announcement stands first; an older one does not undo it.
    if (facts.some((known) => known.model === id)) continue;
    const fact: ModelFacts = { model: id, status: on <= day ? 'retired' : 'deprecated', retires: { on, exact: true } };
    if (announced !== '') fact.deprecatedOn = announced;
    if (successor) fact.replacement = successor;
    facts.push(fact);
  }
}
