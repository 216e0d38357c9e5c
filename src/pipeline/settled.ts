import type { RequestRow } from '../db/schema.ts';
import type { Settled } from './limits/index.ts';

/** What the limits need to know of a request that has ended, from its row in the ledger; null where there is none. */
export function settledOf(row: RequestRow | null): Settled | null {
  if (!row) return null;
  return {
    costNanoUsd: row.costNanoUsd ?? null,
    tokens: row.cache === 'hit' ? 0 : tokensOf(row),
    isSimulated: row.isSimulated,
    model: row.model && row.provider ? `${row.provider}/${row.model}` : null,
    isWhole: row.outcome === 'ok' && row.cache !== 'hit',
  };
}

function tokensOf(row: RequestRow): number {
  const prompt =
    row.inputTokens + row.cacheReadTokens + row.cacheWriteShortTokens + row.cacheWriteLongTokens + row.audioInputTokens;
  return prompt + row.outputTokens + row.audioOutputTokens;
}
