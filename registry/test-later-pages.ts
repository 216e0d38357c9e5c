import { findPriceRow } from './price.ts';
import type { Model, Rates, RegistryFile, ServiceTier } from './schema.ts';

/** What a page of a day says of each tier, as cells by row; tests change single rows of it. */
export type Panes = Partial<Record<ServiceTier, string[][]>>;

const LONG_PROMPT = 1_000_000;
const usd = (price: number | undefined, suffix = '') => (price === undefined ? '-' : `$${price}${suffix}`);
const writeOf = (rates: Rates | undefined, ttl: number) =>
  rates?.cacheWrite?.find(({ ttlSeconds }) => ttlSeconds === ttl)?.price;

function ratesOf(model: Model, tier: ServiceTier, { promptTokens, day }: { promptTokens: number; day: string }) {
  return findPriceRow(model, { tier, promptTokens, at: Date.parse(day) })?.rates;
}

function listed({ models }: RegistryFile, provider: string): Model[] {
  return models.filter((model) => model.provider === provider && !['retired', 'redirected'].includes(model.status));
}

/** OpenAI's panes as the catalogue has them: name, then short and long input, cached input, cache writes and output. */
export function openaiPanes(file: RegistryFile, day: string): Panes {
  const cells = (rates: Rates | undefined) => [
    usd(rates?.input),
    usd(rates?.cacheRead),
    usd(writeOf(rates, 1800)),
    usd(rates?.output),
  ];
  const panes: Panes = {};
  for (const tier of ['standard', 'batch', 'flex', 'fast', 'ultrafast'] as const) {
    panes[tier] = listed(file, 'openai').flatMap((model) => {
      const short = ratesOf(model, tier, { promptTokens: 1, day });
      if (!short?.input) return [];
      const isBanded = model.prices.some(({ promptOver }) => promptOver > 0);
      const name = isBanded && short.cacheWrite === undefined ? `${model.id} (<272K context length)` : model.id;
      return [
        [name, ...cells(short), ...cells(isBanded ? ratesOf(model, tier, { promptTokens: LONG_PROMPT, day }) : {})],
      ];
    });
  }
  return panes;
}

/** The panes with other rows in place of those whose name cell is `name`; of every tier that is given. */
export function replaced(panes: Panes, name: string, rows: Panes): Panes {
  const copy = { ...panes };
  for (const tier of ['standard', 'batch', 'flex', 'fast', 'ultrafast'] as const) {
    const own = rows[tier];
    if (own) copy[tier] = (panes[tier] ?? []).flatMap((cells) => (cells[0] === name ? own : [cells]));
  }
  return copy;
}

const LABELS = { standard: 'Standard', batch: 'Batch', flex: 'Flex', fast: 'Fast mode', ultrafast: 'Ultrafast mode' };
export const OPENAI_COLUMNS = ['short', 'long'].flatMap((size) =>
  ['input', 'cached input', 'cache writes', 'output'].map(
    (name) => `${size === 'short' ? 'Short' : 'Long'} context ${name}`,
  ),
);

/** The page around the panes, in the shape of October 2026. */
export function openaiText(panes: Panes, { columns = OPENAI_COLUMNS, after = '' } = {}): string {
  const tables = (['standard', 'batch', 'flex', 'fast', 'ultrafast'] as const).map((tier) => {
    const heading = LABELS[tier].replace(' mode', '');
    return `${LABELS[tier]}\n\n### ${heading} pricing data\n\n${pipes(['Model', ...columns], panes[tier] ?? [])}\n`;
  });
  const size = 'Short context: ≤272K input tokens. Long context: >272K input tokens.';
  return `# Pricing\n\nFlagship models\n\nPrices per 1M tokens.\n\n${size}\n\n${tables.join('\n')}\n${after}`;
}

/** Anthropic's tables as the catalogue has them: name, input, writes of 5 minutes and an hour, cache hits, output. */
export function anthropicPanes(file: RegistryFile, day: string): Panes {
  const panes: Panes = {};
  const per = (price: number | undefined) => usd(price, ' / MTok');
  for (const tier of ['standard', 'batch', 'fast'] as const) {
    panes[tier] = listed(file, 'anthropic').flatMap((model) => {
      const sizes = [...new Set(model.prices.flatMap((row) => (row.tier === tier ? row.promptOver : [])))];
      return sizes.map((size) => {
        const rates = ratesOf(model, tier, { promptTokens: size + 1, day });
        const band = sizes.length > 1 ? ` (for prompts ${size === 0 ? 'up to 100,000' : 'over 100,000'} tokens)` : '';
        const caches = [writeOf(rates, 300), writeOf(rates, 3600), rates?.cacheRead].map(per);
        return [`${model.name}${band}`, per(rates?.input), ...(tier === 'standard' ? caches : []), per(rates?.output)];
      });
    });
  }
  return panes;
}

/** The page around the tables, in the sentence case of September 2026. */
export function anthropicText({ standard = [], batch = [], fast = [] }: Panes): string {
  const columns = [
    'Model',
    'Base input tokens',
    '5m cache writes',
    '1h cache writes',
    'Cache hits and refreshes',
    'Output tokens',
  ];
  return [
    `## Model pricing\n\n${pipes(columns, standard)}`,
    `### Fast mode pricing\n\n${pipes(['Model', 'Input', 'Output'], fast)}`,
    `### Batch processing\n\n${pipes(['Model', 'Batch input', 'Batch output'], batch)}`,
    `### Tool use pricing\n\n${pipes(['Model', 'Tool choice', 'Tokens'], [['Claude Opus 5', '`auto`', '286 tokens']])}`,
  ].join('\n\n');
}

/** Google's sections: a heading, the ids, and for each tier's tab input, output and caching. */
export interface Section {
  heading: string;
  ids: string[];
  tabs: Record<string, readonly [input: string, output: string, caching: string]>;
}

/** Google's sections as the catalogue has them, promotions and prompt sizes included. */
export function googleSections(file: RegistryFile): Section[] {
  return listed(file, 'google').map((model) => {
    const tabs: Section['tabs'] = {};
    for (const [tier, label] of [
      ['standard', 'Standard'],
      ['batch', 'Batch'],
      ['flex', 'Flex'],
      ['fast', 'Priority'],
    ] as const) {
      const rows = model.prices.filter((row) => row.tier === tier);
      const cell = (field: 'input' | 'output' | 'cacheRead') =>
        rows
          .flatMap(({ rates, ...row }) =>
            rates[field] === undefined ? [] : `$${rates[field]}${conditionOf(row, rows)}`,
          )
          .join('<br>') || 'Not available';
      if (rows.length > 0) tabs[label] = [cell('input'), cell('output'), cell('cacheRead')];
    }
    return { heading: model.name, ids: [model.id], tabs };
  });
}

type Place = Pick<Model['prices'][number], 'promptOver' | 'from' | 'until'>;

function conditionOf({ promptOver, from, until }: Place, rows: readonly Place[]): string {
  if (rows.some((row) => row.promptOver > 0)) return `, prompts ${promptOver === 0 ? '<=' : '>'} 200k tokens`;
  if (until) return ` through ${longDay(new Date(Date.parse(until) - 86_400_000))}.`;
  return from ? ` starting ${longDay(new Date(Date.parse(from)))}.` : '';
}

function longDay(date: Date): string {
  return date.toLocaleDateString('en-US', { year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' });
}

const CAPTIONS = ['Input price', 'Output price (including thinking tokens)', 'Context caching price'];
const PAID = 'Paid Tier, per 1M tokens in USD';

/** The page itself, with ids inside of links as since the middle of 2026. */
export function googleHtml(sections: readonly Section[]): string {
  const table = (cells: readonly string[]) =>
    `<table class="pricing-table"><tr><th></th><th>Free Tier</th><th>${PAID}</th></tr>${cells
      .map((cell, index) => `<tr><td>${CAPTIONS[index]}</td><td>Not available</td><td>${cell}</td></tr>`)
      .join('')}</table>`;
  return sections
    .map(({ heading, ids, tabs }) => {
      const codes = ids.map((id) => `<a href="/models/${id}"><code>${id}</code></a>`).join(' and ');
      const panes = Object.entries(tabs).map(([label, cells]) => `<section><h3>${label}</h3>${table(cells)}</section>`);
      return `<h2>${heading} 🍌</h2><em>${codes}</em><div><devsite-selector>${panes.join('')}</devsite-selector></div>`;
    })
    .join('\n');
}

/** The text variant: comparison signs escaped, lines of a cell joined by one space. */
export function googleText(sections: readonly Section[]): string {
  return sections
    .map(({ heading, ids, tabs }) => {
      const panes = Object.entries(tabs).map(([label, cells]) => {
        const rows = cells.map((cell, at) => [
          CAPTIONS[at] ?? '',
          'Not available',
          cell.replaceAll('<br>', ' ').replace(/ (<=|>) /g, ' \\$1 '),
        ]);
        return `### ${label}\n\n${pipes(['', 'Free Tier', PAID], rows)}`;
      });
      return `## ${heading}\n\n*${ids.map((id) => `\`${id}\``).join(' and ')}*\n\n${panes.join('\n\n')}\n`;
    })
    .join('\n');
}

function pipes(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headings), `|${' --- |'.repeat(headings.length)}`, ...rows.map(line)].join('\n');
}
