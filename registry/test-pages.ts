import type { Page } from './pages.ts';
import { readRun } from './read-run.ts';
import type { RegistryFile } from './schema.ts';
import { anthropic } from './scrapers/anthropic.ts';
import { newProviderMemory } from './update-memory.ts';

/** One line of a made-up price table: a name and five prices, in the order of the columns. */
export type PriceLine = readonly [
  name: string,
  input: number,
  write5m: number,
  write1h: number,
  read: number,
  output: number,
];

/** A made-up page of Anthropic's shape. */
export function anthropicPage(lines: readonly PriceLine[], at = '2026-11-23T03:00:00.000Z'): Page {
  const rows = lines.map(
    ([name, ...prices]) => `| ${name} | ${prices.map((price) => `$${price} / MTok`).join(' | ')} |`,
  );
  const text = [
    '## Model pricing',
    '',
    '| Model | Base input tokens | 5m cache writes | 1h cache writes | Cache hits and refreshes | Output tokens |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
  return { url: 'https://example.com/pricing.md', text, fetchedAt: at, etag: null, lastModified: null };
}

export function emptyCatalogue(): RegistryFile {
  return { schema: 1, generatedAt: '2025-01-01T00:00:00.000Z', models: [] };
}

export function newState() {
  return { file: emptyCatalogue(), memory: newProviderMemory(), approved: new Set<string>() };
}

/** The catalogue that comes of reading a made-up page of these prices on a day before the tests'. */
export function catalogueOf(lines: readonly PriceLine[]): RegistryFile {
  const result = readRun(anthropicPage(lines, '2026-11-01T03:00:00.000Z'), anthropic, newState());
  if (result.type === 'rejected') throw new Error(result.reasons.join(' '));
  const models = result.state.file.models.map((model) => ({ ...model, status: 'active' as const }));
  return { schema: 1, generatedAt: '2026-11-01T03:00:00.000Z', models };
}
