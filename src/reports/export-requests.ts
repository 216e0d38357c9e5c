import type { Db } from '../db/client.ts';
import type { RequestFilter } from '../db/queries/requests.ts';
import { type Cursor, searchRequests } from '../db/queries/search-requests.ts';
import type { Request } from '../db/schema.ts';
import { formatNanoUsd } from '../lib/nano-usd.ts';

/** Rows of one read: few enough that other requests are served in between. */
const BATCH = 500;
/** Rows that are looked at in one read, for the same reason. */
const LOOKED_AT = 5000;

export type ExportFormat = 'csv' | 'json';

export const EXPORT_TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

type Cell = string | number | boolean | null;

/** A request as programs are told of it: the columns of an export. */
export function renderRequest(row: Request): Record<string, Cell> {
  return Object.fromEntries(NAMES.map((name) => [name, cellOf(name, row)]));
}

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
  let from: Cursor | undefined;
  let isFirstRead = true;
  let hasRows = false;

  /** The text of one read; where nothing was found, it may be empty. */
  async function read(): Promise<{ text: string; isLast: boolean }> {
    const { rows, next } = await searchRequests(db, filter, {
      ...{ limit: BATCH, from, direction: 'newer', most: LOOKED_AT },
    });
    const head = isFirstRead ? HEADS[format] : '';
    const body = format === 'csv' ? renderCsv(rows) : renderJson(rows, hasRows);
    isFirstRead = false;
    hasRows ||= rows.length > 0;
    from = next ?? undefined;
    return { text: head + body + (next === null ? TAILS[format] : ''), isLast: next === null };
  }

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      let part = await read();
      while (part.text === '' && !part.isLast) {
        // Lets others have a turn.
        await Bun.sleep(0);
        part = await read();
      }
      controller.enqueue(encoder.encode(part.text));
      if (part.isLast) controller.close();
    },
  });
}

const HEADS: Record<ExportFormat, string> = { csv: `${NAMES.join(',')}\r\n`, json: '[\n' };
const TAILS: Record<ExportFormat, string> = { csv: '', json: '\n]\n' };

function renderJson(rows: readonly Request[], hasRows: boolean): string {
  if (rows.length === 0) return '';
  return (hasRows ? ',\n' : '') + rows.map((row) => JSON.stringify(renderRequest(row))).join(',\n');
}

function renderCsv(rows: readonly Request[]): string {
  return rows.map((row) => `${NAMES.map((name) => csvCell(cellOf(name, row))).join(',')}\r\n`).join('');
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
