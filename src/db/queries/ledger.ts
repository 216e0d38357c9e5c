import { and, count, desc, eq, getTableColumns, gte, type Placeholder, sql, sum } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Db } from '../client.ts';
import { type AttemptRow, attempts, type RequestRow, requests } from '../schema.ts';

/** Stores finished requests with their attempts, all or none. */
export async function insertLedgerRows(db: Db, rows: { request: RequestRow; attempts: AttemptRow[] }[]): Promise<void> {
  const { insertRequest, insertAttempt } = prepared(db);
  // A transaction with an async callback is not rolled back by bun:sqlite.
  db.transaction(() => {
    for (const row of rows) {
      insertRequest.run(row.request);
      for (const attempt of row.attempts) insertAttempt.run(attempt);
    }
  });
}

export interface SpendTotals {
  requests: number;
  costNanoUsd: number;
  simulatedNanoUsd: number;
  unpriced: number;
  savedNanoUsd: number;
  cacheSavedNanoUsd: number;
  cacheHits: number;
  errors: number;
  averageMs: number;
  promptTokens: number;
  outputTokens: number;
}

const isReal = sql`${requests.isSimulated} = 0`;

/** Simulated requests are in every count but no real money; what they would have cost is told apart. */
const TOTALS = {
  requests: count(),
  costNanoUsd: sql<number>`coalesce(sum(case when ${isReal} then ${requests.costNanoUsd} end), 0)`.mapWith(Number),
  simulatedNanoUsd: sql<number>`coalesce(sum(case when not ${isReal} then ${requests.costNanoUsd} end), 0)`.mapWith(
    Number,
  ),
  unpriced: sql<number>`coalesce(sum(${requests.model} is not null and ${requests.costNanoUsd} is null), 0)`.mapWith(
    Number,
  ),
  savedNanoUsd: sql<number>`coalesce(sum(case when ${isReal} then ${requests.savedNanoUsd} end), 0)`.mapWith(Number),
  cacheSavedNanoUsd: sql<number>`coalesce(sum(case when ${isReal} then ${requests.cacheSavedNanoUsd} end), 0)`.mapWith(
    Number,
  ),
  cacheHits: sql<number>`coalesce(sum(${requests.cache} = 'hit'), 0)`.mapWith(Number),
  errors: sql<number>`coalesce(sum(${requests.outcome} in ('error', 'refused')), 0)`.mapWith(Number),
  averageMs: sql<number>`coalesce(avg(${requests.durationMs}), 0)`.mapWith(Number),
  promptTokens:
    sql<number>`coalesce(sum(${requests.inputTokens} + ${requests.cacheReadTokens} + ${requests.cacheWriteShortTokens} + ${requests.cacheWriteLongTokens} + ${requests.audioInputTokens}), 0)`.mapWith(
      Number,
    ),
  outputTokens: sql<number>`coalesce(sum(${requests.outputTokens} + ${requests.audioOutputTokens}), 0)`.mapWith(Number),
};

/** Everything since a moment, of one key or of all. */
export async function sumSpend(db: Db, filter: { since: number; keyId?: string }): Promise<SpendTotals> {
  const [totals] = await db.select(TOTALS).from(requests).where(since(filter));
  if (!totals) throw new Error('an aggregate without GROUP BY always has one row');
  return totals;
}

export async function sumSpendByModel(db: Db, filter: { since: number; keyId?: string }) {
  return await db
    .select({ provider: requests.provider, model: requests.model, ...TOTALS })
    .from(requests)
    .where(since(filter))
    .groupBy(requests.provider, requests.model)
    .orderBy(desc(count()));
}

export async function sumSpendByKey(db: Db, since: number) {
  return await db
    .select({ keyId: requests.keyId, requests: count(), costNanoUsd: sum(requests.costNanoUsd).mapWith(Number) })
    .from(requests)
    .where(and(gte(requests.startedAt, since), isReal))
    .groupBy(requests.keyId);
}

/** The newest first. */
export async function listLatestRequests(db: Db, limit: number) {
  return await db.select().from(requests).orderBy(desc(requests.startedAt), desc(requests.id)).limit(limit);
}

export async function findRequest(db: Db, id: string) {
  const [request] = await db.select().from(requests).where(eq(requests.id, id));
  return request;
}

export async function listAttempts(db: Db, requestId: string) {
  return await db.select().from(attempts).where(eq(attempts.requestId, requestId)).orderBy(attempts.position);
}

function since(filter: { since: number; keyId?: string }) {
  const recent = gte(requests.startedAt, filter.since);
  return filter.keyId === undefined ? recent : and(recent, eq(requests.keyId, filter.keyId));
}

const statements = new WeakMap<Db, ReturnType<typeof prepare>>();

function prepared(db: Db) {
  const known = statements.get(db) ?? prepare(db);
  statements.set(db, known);
  return known;
}

function prepare(db: Db) {
  return {
    insertRequest: db.insert(requests).values(placeholders(requests)).prepare(),
    insertAttempt: db.insert(attempts).values(placeholders(attempts)).prepare(),
  };
}

/** A placeholder for each column, under the column's own name. The type says what `fromEntries` cannot. */
function placeholders<T extends SQLiteTable>(table: T) {
  const entries = Object.keys(getTableColumns(table)).map((name) => [name, sql.placeholder(name)]);
  return Object.fromEntries(entries) as { [K in keyof T['$inferInsert']]-?: Placeholder };
}
