import { and, eq, gte, inArray, sql } from 'drizzle-orm';
import { timeClass } from '../../lib/histogram.ts';
import type { Db } from '../client.ts';
import { preparedOnce } from '../prepared.ts';
import { type Count, counts, type RequestRow } from '../schema.ts';
import { addingUp } from './adding-up.ts';
import { placeholders } from './placeholders.ts';
import { ALL_KEYS, placesOf, type SpendFilter, startOf } from './spend.ts';

/** Adds requests to the counts of their hours and days. To be called inside the transaction that stores the requests. */
export function addToCounts(db: Db, requests: readonly RequestRow[]): void {
  const rows = new Map<string, Count>();
  for (const request of requests) {
    for (const { kind, value } of countsOf(request)) {
      for (const { span, keyId } of placesOf(request.keyId)) {
        const start = startOf(span, request.startedAt);
        const key = `${span} ${start} ${keyId} ${kind} ${value}`;
        const seen = rows.get(key);
        if (seen) seen.requests++;
        else rows.set(key, { span, start, keyId, kind, value, requests: 1 });
      }
    }
  }
  const add = prepared(db);
  for (const row of rows.values()) add.run(row);
}

/** How many requests there were of each value, the whole time together. */
export async function sumCounts(db: Db, kind: Count['kind'], filter: SpendFilter) {
  return await db
    .select({ value: counts.value, requests: requestsTotal })
    .from(counts)
    .where(matching(kind, filter))
    .groupBy(counts.value);
}

/** The same for each hour or day, in their order. */
export async function sumCountsByStart(db: Db, kind: Count['kind'], filter: SpendFilter) {
  return await db
    .select({ start: counts.start, value: counts.value, requests: requestsTotal })
    .from(counts)
    .where(matching(kind, filter))
    .groupBy(counts.start, counts.value)
    .orderBy(counts.start);
}

const requestsTotal = sql<number>`total(${counts.requests})`.mapWith(Number);

function countsOf(request: RequestRow): Pick<Count, 'kind' | 'value'>[] {
  const found: Pick<Count, 'kind' | 'value'>[] = [];
  if (request.complexity) found.push({ kind: 'complexity', value: request.complexity });
  if (request.outcome === 'ok') {
    found.push({ kind: 'duration', value: String(timeClass(request.durationMs)) });
    if (request.firstContentMs != null)
      found.push({ kind: 'first-content', value: String(timeClass(request.firstContentMs)) });
  } else {
    found.push({ kind: 'failure', value: request.errorCode ?? request.outcome });
  }
  return found;
}

function matching(kind: Count['kind'], { span = 'hour', since, until, keyIds }: SpendFilter) {
  return and(
    eq(counts.span, span),
    eq(counts.kind, kind),
    gte(counts.start, startOf(span, since)),
    until === undefined ? undefined : sql`${counts.start} < ${until}`,
    inArray(counts.keyId, [...(keyIds ?? [ALL_KEYS])]),
  );
}

const prepared = preparedOnce(prepare);

function prepare(db: Db) {
  const { span, start, keyId, kind, value } = counts;
  return db
    .insert(counts)
    .values(placeholders(counts))
    .onConflictDoUpdate({ target: [span, kind, start, keyId, value], set: addingUp(['requests']) })
    .prepare();
}
