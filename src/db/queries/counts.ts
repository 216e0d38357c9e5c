import { and, eq, gte, inArray, sql } from 'drizzle-orm';
import { timeClass } from '../../lib/histogram.ts';
import type { Db } from '../client.ts';
import { preparedOnce } from '../prepared.ts';
import { type Count, counts, type RequestRow } from '../schema.ts';
import { SHADOW_KEY_ID } from '../shadow-key.ts';
import { addingUp } from './adding-up.ts';
import { placeholders } from './placeholders.ts';
import { prepareInsert } from './prepare-insert.ts';
import { ALL_KEYS, placesOf, type SpendFilter, startOf } from './spend.ts';

/** Adds requests to the counts of their hours and days. To be called inside the transaction that stores the requests. */
export function addToCounts(db: Db, requests: readonly RequestRow[]): void {
  const rows = new Map<string, Count>();
  for (const { start: hour, ...count } of countedByHour(requests)) {
    for (const { span, keyId } of placesOf(count.keyId)) {
      const start = startOf(span, hour);
      const key = `${span} ${start} ${keyId} ${count.kind} ${count.value}`;
      const seen = rows.get(key);
      if (seen) seen.requests += count.requests;
      else rows.set(key, { ...count, span, start, keyId });
    }
  }
  const add = prepared(db);
  for (const row of rows.values()) add(row);
}

/** Few of a batch are of different hours or keys, so what is left to be done for each place is little. */
function countedByHour(requests: readonly RequestRow[]): Iterable<Omit<Count, 'span'>> {
  const found = new Map<string, Omit<Count, 'span'>>();
  for (const request of requests) {
    const { keyId } = request;
    if (keyId === SHADOW_KEY_ID) continue;
    const start = startOf('hour', request.startedAt);
    for (const { kind, value } of countsOf(request)) {
      const key = `${start} ${keyId} ${kind} ${value}`;
      const seen = found.get(key);
      if (seen) seen.requests++;
      else found.set(key, { start, keyId, kind, value, requests: 1 });
    }
  }
  return found.values();
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
  const target = [span, kind, start, keyId, value];
  const insert = db.insert(counts).values(placeholders(counts));
  return prepareInsert<Count>(db, insert.onConflictDoUpdate({ target, set: addingUp(['requests']) }));
}
