import { and, desc, eq, gte, type SQL, sql, sum } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type HourlySpend, hourlySpend, type RequestRow } from '../schema.ts';
import { placeholders } from './placeholders.ts';

const HOUR_MS = 3_600_000;

export type SpendTotals = Omit<HourlySpend, 'hour' | 'keyId' | 'provider' | 'model' | 'durationMs'> & {
  averageMs: number;
};

const COUNTS = [
  'requests',
  'errors',
  'cacheHits',
  'unpriced',
  'durationMs',
  'promptTokens',
  'outputTokens',
  'costNanoUsd',
  'simulatedNanoUsd',
  'savedNanoUsd',
  'cacheSavedNanoUsd',
] as const satisfies (keyof HourlySpend)[];

/** Adds requests to the sums of their hours. To be called inside the transaction that stores the requests. */
export function addToHours(db: Db, requests: readonly RequestRow[]): void {
  const hours = new Map<string, HourlySpend>();
  for (const request of requests) {
    const row = hourOf(request);
    const key = `${row.hour} ${row.keyId} ${row.provider} ${row.model}`;
    const seen = hours.get(key);
    if (seen) for (const count of COUNTS) seen[count] += row[count];
    else hours.set(key, row);
  }
  const add = prepared(db);
  for (const row of hours.values()) add.run(row);
}

/** Everything in the hours since a moment, of one key or of all. */
export async function sumSpend(db: Db, filter: { since: number; keyId?: string }): Promise<SpendTotals> {
  const [totals] = await db.select(SUMS).from(hourlySpend).where(matching(filter));
  if (!totals) throw new Error('an aggregate without GROUP BY always has one row');
  return totals;
}

/** The same by model, the most used first. */
export async function sumSpendByModel(db: Db, filter: { since: number; keyId?: string }) {
  const rows = await db
    .select({ provider: hourlySpend.provider, model: hourlySpend.model, ...SUMS })
    .from(hourlySpend)
    .where(matching(filter))
    .groupBy(hourlySpend.provider, hourlySpend.model)
    .orderBy(desc(sum(hourlySpend.requests)));
  return rows.map((row) => ({ ...row, provider: row.provider || null, model: row.model || null }));
}

export async function sumSpendByKey(db: Db, since: number) {
  return await db
    .select({ keyId: hourlySpend.keyId, ...SUMS })
    .from(hourlySpend)
    .where(gte(hourlySpend.hour, startOfHour(since)))
    .groupBy(hourlySpend.keyId);
}

function total(count: (typeof COUNTS)[number]): SQL<number> {
  // SQLite's total() is a float and never overflows; sums of whole nano-dollars stay exact in it up to nine million dollars.
  return sql<number>`total(${hourlySpend[count]})`.mapWith(Number);
}

const SUMS = {
  requests: total('requests'),
  errors: total('errors'),
  cacheHits: total('cacheHits'),
  unpriced: total('unpriced'),
  averageMs: sql<number>`coalesce(${total('durationMs')} / nullif(${total('requests')}, 0), 0)`.mapWith(Number),
  promptTokens: total('promptTokens'),
  outputTokens: total('outputTokens'),
  costNanoUsd: total('costNanoUsd'),
  simulatedNanoUsd: total('simulatedNanoUsd'),
  savedNanoUsd: total('savedNanoUsd'),
  cacheSavedNanoUsd: total('cacheSavedNanoUsd'),
};

function matching({ since, keyId }: { since: number; keyId?: string }) {
  const recent = gte(hourlySpend.hour, startOfHour(since));
  return keyId === undefined ? recent : and(recent, eq(hourlySpend.keyId, keyId));
}

function startOfHour(at: number): number {
  return at - (at % HOUR_MS);
}

function hourOf(request: RequestRow): HourlySpend {
  const { isSimulated, costNanoUsd } = request;
  const real = (nanoUsd: number | null | undefined): number => (isSimulated ? 0 : (nanoUsd ?? 0));
  return {
    hour: startOfHour(request.startedAt),
    keyId: request.keyId,
    provider: request.provider ?? '',
    model: request.model ?? '',
    requests: 1,
    errors: Number(request.outcome === 'error' || request.outcome === 'refused'),
    cacheHits: Number(request.cache === 'hit'),
    unpriced: Number(request.model !== null && costNanoUsd === null),
    durationMs: request.durationMs,
    promptTokens:
      request.inputTokens +
      request.cacheReadTokens +
      request.cacheWriteShortTokens +
      request.cacheWriteLongTokens +
      request.audioInputTokens,
    outputTokens: request.outputTokens + request.audioOutputTokens,
    costNanoUsd: real(costNanoUsd),
    simulatedNanoUsd: isSimulated ? (costNanoUsd ?? 0) : 0,
    savedNanoUsd: real(request.savedNanoUsd),
    cacheSavedNanoUsd: real(request.cacheSavedNanoUsd),
  };
}

const statements = new WeakMap<Db, ReturnType<typeof prepare>>();

function prepared(db: Db) {
  const known = statements.get(db) ?? prepare(db);
  statements.set(db, known);
  return known;
}

function prepare(db: Db) {
  const set = Object.fromEntries(
    COUNTS.map((count) => [count, sql`${hourlySpend[count]} + excluded.${sql.identifier(snakeCase(count))}`]),
  );
  const { hour, keyId, provider, model } = hourlySpend;
  return db
    .insert(hourlySpend)
    .values(placeholders(hourlySpend))
    .onConflictDoUpdate({ target: [hour, keyId, provider, model], set })
    .prepare();
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
