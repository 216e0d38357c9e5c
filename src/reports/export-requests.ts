import type { Db } from '../db/client.ts';
import { listRequestsAfter, type RequestFilter } from '../db/queries/requests.ts';
import type { Request } from '../db/schema.ts';
import { formatNanoUsd } from '../lib/nano-usd.ts';

/** Rows of one read: few enough that other requests are served in between. */
const BATCH = 500;

export type ExportFormat = 'csv' | 'json';

export const EXPORT_TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

type Cell = string | number | boolean | null;

/** Every column of an export, in its order: money as exact decimal dollars, times in ISO, UTC. */
const COLUMNS: Record<string, (request: Request) => Cell> = {
  id: ({ id }) => id,
  started_at: ({ startedAt }) => new Date(startedAt).toISOString(),
  duration_ms: ({ durationMs }) => durationMs,
  first_content_ms: ({ firstContentMs }) => firstContentMs,
  overhead_us: ({ overheadUs }) => overheadUs,
  key_id: ({ keyId }) => keyId,
  user_id: ({ userId }) => userId,
  endpoint: ({ endpoint }) => endpoint,
  dialect: ({ dialect }) => dialect,
  stream: ({ isStream }) => isStream,
  requested_model: ({ requestedModel }) => requestedModel,
  outcome: ({ outcome }) => outcome,
  status: ({ status }) => status,
  error_code: ({ errorCode }) => errorCode,
  stop_reason: ({ stopReason }) => stopReason,
  cache: ({ cache }) => cache,
  complexity: ({ complexity }) => complexity,
  confidence_percent: ({ confidence }) => confidence,
  strategy: ({ strategy }) => strategy,
  provider: ({ provider }) => provider,
  model: ({ model }) => model,
  reported_model: ({ reportedModel }) => reportedModel,
  service_tier: ({ serviceTier }) => serviceTier,
  attempts: ({ attemptCount }) => attemptCount,
  simulated: ({ isSimulated }) => isSimulated,
  input_tokens: ({ inputTokens }) => inputTokens,
  cache_read_tokens: ({ cacheReadTokens }) => cacheReadTokens,
  cache_write_short_tokens: ({ cacheWriteShortTokens }) => cacheWriteShortTokens,
  cache_write_long_tokens: ({ cacheWriteLongTokens }) => cacheWriteLongTokens,
  audio_input_tokens: ({ audioInputTokens }) => audioInputTokens,
  output_tokens: ({ outputTokens }) => outputTokens,
  reasoning_tokens: ({ reasoningTokens }) => reasoningTokens,
  audio_output_tokens: ({ audioOutputTokens }) => audioOutputTokens,
  /** What is billed beside the token classes, as JSON. */
  usage_extras: ({ usageExtras }) => (usageExtras === null ? null : JSON.stringify(usageExtras)),
  estimated: ({ isUsageEstimated }) => isUsageEstimated,
  cost_usd: ({ costNanoUsd }) => money(costNanoUsd),
  price_id: ({ priceId }) => priceId,
  baseline_model: ({ baselineModel }) => baselineModel,
  baseline_usd: ({ baselineNanoUsd }) => money(baselineNanoUsd),
  saved_usd: ({ savedNanoUsd }) => money(savedNanoUsd),
  cache_saved_usd: ({ cacheSavedNanoUsd }) => money(cacheSavedNanoUsd),
};

const NAMES = Object.keys(COLUMNS);

/**
 * All requests of a filter as a file, the oldest first. It is read while it is sent, so its size does not matter; what is
 * written to the ledger meanwhile is in it, too. An unpriced cost is empty in CSV and `null` in JSON, never 0.
 */
export function exportRequests(db: Db, filter: RequestFilter, format: ExportFormat): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after = '';
  let isFirst = true;

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const rows = await listRequestsAfter(db, filter, { limit: BATCH, after });
      const text = format === 'csv' ? renderCsv(rows, isFirst) : renderJson(rows, isFirst);
      isFirst = false;
      const last = rows.length < BATCH ? undefined : rows.at(-1);
      controller.enqueue(encoder.encode(last || format === 'csv' ? text : `${text}\n]\n`));
      if (last) after = last.id;
      else controller.close();
    },
  });
}

function renderJson(rows: readonly Request[], isFirst: boolean): string {
  const lines = rows.map((row) => JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, cellOf(name, row)]))));
  const separator = isFirst || lines.length === 0 ? '' : ',\n';
  return `${isFirst ? '[\n' : ''}${separator}${lines.join(',\n')}`;
}

function renderCsv(rows: readonly Request[], isFirst: boolean): string {
  const lines = rows.map((row) => NAMES.map((name) => csvCell(cellOf(name, row))).join(','));
  return [...(isFirst ? [NAMES.join(',')] : []), ...lines].map((line) => `${line}\r\n`).join('');
}

function cellOf(name: string, row: Request): Cell {
  return COLUMNS[name]?.(row) ?? null;
}

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe, because it may come from anybody. */
function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const isFormula = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(?:\.\d+)?$/.test(value);
  const safe = isFormula ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function money(nanoUsd: number | null): string | null {
  return nanoUsd === null ? null : formatNanoUsd(nanoUsd);
}
