import { and, desc, eq, gte, inArray, lt, type SQL, sql, sum } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { preparedOnce } from '../prepared.ts';
import { type RequestRow, type Spend, spend } from '../schema.ts';
import { SHADOW_KEY_ID } from '../shadow-key.ts';
import { addingUp } from './adding-up.ts';
import { placeholders } from './placeholders.ts';
import { prepareInsert } from './prepare-insert.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

type Dimension = 'span' | 'start' | 'keyId' | 'provider' | 'model';
export type SpendTotals = Omit<Spend, Dimension | 'durationMs'> & { averageMs: number };

export const SPEND_SUMS = [
  'requests',
  'errors',
  'refused',
  'aborted',
  'cacheHits',
  'unpriced',
  'estimated',
  'durationMs',
  'promptTokens',
  'cacheReadTokens',
  'outputTokens',
  'reasoningTokens',
  'costNanoUsd',
  'simulatedNanoUsd',
  'baselineNanoUsd',
  'savedNanoUsd',
  'cacheSavedNanoUsd',
] as const satisfies Exclude<keyof Spend, Dimension>[];

/** Which sums: `since` and `until` (exclusive) are taken to the hour or, in days, to the UTC day they lie in. */
export interface SpendFilter {
  span?: Spend['span'];
  since: number;
  until?: number | undefined;
  /** Of these keys only. */
  keyIds?: readonly string[] | undefined;
}

/** Stands for all keys together. */
export const ALL_KEYS = '';

/** Adds requests to the sums of their hours and days. To be called inside the transaction that stores the requests. */
export function addToSpend(db: Db, requests: readonly RequestRow[]): void {
  addSpend(db, requests.map(spendOf));
}

type SpendSums = Pick<Spend, (typeof SPEND_SUMS)[number]>;

/** What one request adds to the sums. */
export type SpendPart = Omit<Spend, 'span' | 'start'> & { startedAt: number };

/** Adds parts, which may be negative where a request is booked anew. Inside a transaction, too. */
export function addSpend(db: Db, parts: readonly SpendPart[]): void {
  const rows = new Map<string, Spend>();
  for (const { startedAt, ...part } of addedUpByHour(parts)) {
    for (const { span, keyId } of placesOf(part.keyId)) {
      const start = startOf(span, startedAt);
      const key = `${span} ${start} ${keyId} ${part.provider} ${part.model}`;
      const seen = rows.get(key);
      if (seen) addPart(seen, part);
      else rows.set(key, { ...part, span, start, keyId });
    }
  }
  const add = prepared(db);
  for (const row of rows.values()) add(row);
}

/** Few of a batch are of different hours, keys or models, so what is left to be done for each place is little. */
function addedUpByHour(parts: readonly SpendPart[]): Iterable<SpendPart> {
  const sums = new Map<string, SpendPart>();
  for (const part of parts) {
    const key = `${startOf('hour', part.startedAt)} ${part.keyId} ${part.provider} ${part.model}`;
    const seen = sums.get(key);
    if (seen) addPart(seen, part);
    else sums.set(key, { ...part });
  }
  return sums.values();
}

function addPart(sums: SpendSums, part: SpendSums): void {
  for (const name of SPEND_SUMS) sums[name] += part[name];
}

/** Where what a key does is added: to its own sums and to everybody's, by hour and by day. */
export function placesOf(keyId: string): { span: Spend['span']; keyId: string }[] {
  return (['hour', 'day'] as const).flatMap((span) => [keyId, ALL_KEYS].map((id) => ({ span, keyId: id })));
}

/** Everything there was, of some keys or of all. */
export async function sumSpend(db: Db, filter: SpendFilter): Promise<SpendTotals> {
  const [totals] = await db.select(SUMS).from(spend).where(matching(filter));
  if (!totals) throw new Error('an aggregate without GROUP BY always has one row');
  return totals;
}

/** The same by model, the most used first. */
export async function sumSpendByModel(db: Db, filter: SpendFilter) {
  const rows = await db
    .select({ provider: spend.provider, model: spend.model, ...SUMS })
    .from(spend)
    .where(matching(filter))
    .groupBy(spend.provider, spend.model)
    .orderBy(desc(sum(spend.requests)));
  return rows.map((row) => ({ ...row, provider: row.provider || null, model: row.model || null }));
}

/** Only how often each model was used, the most used first: a fraction of what all its sums cost to read. */
export async function countByModel(db: Db, filter: SpendFilter) {
  const rows = await db
    .select({ provider: spend.provider, model: spend.model, requests: SUMS.requests })
    .from(spend)
    .where(matching(filter))
    .groupBy(spend.provider, spend.model)
    .orderBy(desc(sum(spend.requests)));
  return rows.map((row) => ({ ...row, provider: row.provider || null, model: row.model || null }));
}

/** How much each of some keys was used; for all of them at once, so only what a list shows. */
export async function sumSpendByKey(db: Db, filter: SpendFilter & { keyIds: readonly string[] }) {
  const { requests, errors, costNanoUsd, simulatedNanoUsd } = SUMS;
  return await db
    .select({ keyId: spend.keyId, requests, errors, costNanoUsd, simulatedNanoUsd })
    .from(spend)
    .where(matching(filter))
    .groupBy(spend.keyId);
}

/** One row for each hour or day that had requests, in their order, with what charts show of it. */
export async function sumSpendByStart(db: Db, filter: SpendFilter) {
  const { requests, errors, costNanoUsd, simulatedNanoUsd } = SUMS;
  const rows = await db
    .select({ start: spend.start, requests, errors, costNanoUsd, simulatedNanoUsd })
    .from(spend)
    .where(matching(filter))
    // As the index has them, so that nothing is sorted; keys are put together here.
    .groupBy(spend.keyId, spend.start);
  const byStart = new Map<number, (typeof rows)[number]>();
  for (const row of rows) {
    const seen = byStart.get(row.start);
    if (!seen) byStart.set(row.start, row);
    else for (const name of ['requests', 'errors', 'costNanoUsd', 'simulatedNanoUsd'] as const) seen[name] += row[name];
  }
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}

/** The same for each model, as far as a chart shows it. */
export async function sumSpendByStartAndModel(db: Db, filter: SpendFilter) {
  const { requests, errors, costNanoUsd, simulatedNanoUsd } = SUMS;
  return await db
    .select({ start: spend.start, model: spend.model, requests, errors, costNanoUsd, simulatedNanoUsd })
    .from(spend)
    .where(matching(filter))
    .groupBy(spend.start, spend.model)
    .orderBy(spend.start);
}

/** The first millisecond of the hour or UTC day. */
export function startOf(span: Spend['span'], at: number): number {
  return at - (at % (span === 'hour' ? HOUR_MS : DAY_MS));
}

function total(name: (typeof SPEND_SUMS)[number]): SQL<number> {
  // SQLite's total() is a float and never overflows; sums of whole nano-dollars stay exact in it up to nine million dollars.
  return sql<number>`total(${spend[name]})`.mapWith(Number);
}

const SUMS = {
  requests: total('requests'),
  errors: total('errors'),
  refused: total('refused'),
  aborted: total('aborted'),
  cacheHits: total('cacheHits'),
  unpriced: total('unpriced'),
  estimated: total('estimated'),
  averageMs: sql<number>`coalesce(${total('durationMs')} / nullif(${total('requests')}, 0), 0)`.mapWith(Number),
  promptTokens: total('promptTokens'),
  cacheReadTokens: total('cacheReadTokens'),
  outputTokens: total('outputTokens'),
  reasoningTokens: total('reasoningTokens'),
  costNanoUsd: total('costNanoUsd'),
  simulatedNanoUsd: total('simulatedNanoUsd'),
  baselineNanoUsd: total('baselineNanoUsd'),
  savedNanoUsd: total('savedNanoUsd'),
  cacheSavedNanoUsd: total('cacheSavedNanoUsd'),
};

function matching({ span = 'hour', since, until, keyIds }: SpendFilter) {
  return and(
    eq(spend.span, span),
    gte(spend.start, startOf(span, since)),
    until === undefined ? undefined : lt(spend.start, until),
    inArray(spend.keyId, [...(keyIds ?? [ALL_KEYS])]),
  );
}

/** What a request adds to the sums; simulated money is kept apart, and the gateway's own calls are nobody's requests. */
export function spendOf(request: RequestRow): SpendPart {
  const { isSimulated, costNanoUsd, outcome } = request;
  const asked = Number(request.keyId !== SHADOW_KEY_ID);
  const real = (nanoUsd: number | null | undefined): number => (isSimulated ? 0 : (nanoUsd ?? 0));
  return {
    startedAt: request.startedAt,
    keyId: request.keyId,
    provider: request.provider ?? '',
    model: request.model ?? '',
    requests: asked,
    errors: asked * Number(outcome === 'error' || outcome === 'refused'),
    refused: asked * Number(outcome === 'refused'),
    aborted: asked * Number(outcome === 'aborted'),
    cacheHits: Number(request.cache === 'hit'),
    unpriced: Number(request.model != null && costNanoUsd == null),
    estimated: Number(request.isUsageEstimated),
    durationMs: asked * request.durationMs,
    promptTokens:
      request.inputTokens +
      request.cacheReadTokens +
      request.cacheWriteShortTokens +
      request.cacheWriteLongTokens +
      request.audioInputTokens,
    cacheReadTokens: request.cacheReadTokens,
    outputTokens: request.outputTokens + request.audioOutputTokens,
    reasoningTokens: request.reasoningTokens,
    costNanoUsd: real(costNanoUsd),
    simulatedNanoUsd: isSimulated ? (costNanoUsd ?? 0) : 0,
    baselineNanoUsd: real(request.baselineNanoUsd),
    savedNanoUsd: real(request.savedNanoUsd),
    cacheSavedNanoUsd: real(request.cacheSavedNanoUsd),
  };
}

const prepared = preparedOnce(prepare);

function prepare(db: Db) {
  const { span, start, keyId, provider, model } = spend;
  const target = [span, start, keyId, provider, model];
  const insert = db.insert(spend).values(placeholders(spend));
  return prepareInsert<Spend>(db, insert.onConflictDoUpdate({ target, set: addingUp(SPEND_SUMS) }));
}
