import { and, desc, eq, gte, inArray, like, lt, ne, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type Request, type RequestRow, requests } from '../schema.ts';

/** Which requests of the ledger. What is absent does not matter. */
export interface RequestFilter {
  /** Times: from, and up to but without. */
  since?: number | undefined;
  until?: number | undefined;
  keyIds?: readonly string[] | undefined;
  userId?: string | undefined;
  /** The model that answered. */
  model?: string | undefined;
  provider?: string | undefined;
  /** `failed` is every outcome but `ok`. */
  outcome?: RequestRow['outcome'] | 'failed' | undefined;
  status?: number | undefined;
  complexity?: NonNullable<RequestRow['complexity']> | undefined;
  cache?: RequestRow['cache'] | undefined;
  minCostNanoUsd?: number | undefined;
  isUnpriced?: boolean | undefined;
  /** The beginning of an id, or the end. */
  id?: string | undefined;
}

export interface Page {
  limit: number;
  /** The id of the last request of the page before. */
  before?: string | undefined;
}

/** The newest first. Ids are in the order of time, so the last one of a page is where the next begins. */
export async function listRequests(db: Db, filter: RequestFilter, { limit, before }: Page): Promise<Request[]> {
  return await db
    .select()
    .from(requests)
    .where(and(...conditions(filter), before === undefined ? undefined : beforeId(before)))
    .orderBy(desc(requests.startedAt), desc(requests.id))
    .limit(limit);
}

/** The oldest first, from after an id on: for those who read all of them. */
export async function listRequestsAfter(
  db: Db,
  filter: RequestFilter,
  { limit, after }: { limit: number; after: string },
) {
  return await db
    .select()
    .from(requests)
    .where(and(...conditions(filter), sql`${requests.id} > ${after}`))
    .orderBy(requests.id)
    .limit(limit);
}

/** The time of the last row comes along, so that the index by time can be used. */
function beforeId(id: string): SQL {
  const startedAt = sql`(select started_at from requests where id = ${id})`;
  return sql`(${requests.startedAt}, ${requests.id}) < (${startedAt}, ${id})`;
}

/** What a filter asks of a row. */
export function conditions(filter: RequestFilter): (SQL | undefined)[] {
  const { since, until, keyIds, userId, model, provider, outcome, status, complexity, cache, id } = filter;
  return [
    // Also where no time is asked for: with a bound of it the database never thinks of reading everything instead of the index.
    gte(requests.startedAt, since ?? 0),
    until === undefined ? undefined : lt(requests.startedAt, until),
    keyIds && inArray(requests.keyId, [...keyIds]),
    userId === undefined ? undefined : eq(requests.userId, userId),
    model === undefined ? undefined : eq(requests.model, model),
    provider === undefined ? undefined : eq(requests.provider, provider),
    // Written as the index of failed requests has it.
    outcome === undefined
      ? undefined
      : outcome === 'failed'
        ? sql`${requests.outcome} <> 'ok'`
        : and(eq(requests.outcome, outcome), outcome === 'ok' ? undefined : ne(requests.outcome, 'ok')),
    status === undefined ? undefined : eq(requests.status, status),
    complexity === undefined ? undefined : eq(requests.complexity, complexity),
    cache === undefined ? undefined : eq(requests.cache, cache),
    filter.minCostNanoUsd === undefined ? undefined : gte(requests.costNanoUsd, filter.minCostNanoUsd),
    filter.isUnpriced ? sql`${requests.costNanoUsd} is null and ${requests.model} is not null` : undefined,
    id === undefined ? undefined : idLike(id),
  ];
}

/** A whole id is found at once; a part of one is looked for where people copy it from: the beginning and the end. */
function idLike(part: string): SQL {
  const literal = part.replace(/[\\%_]/g, '\\$&');
  if (part.length === 36) return eq(requests.id, part);
  return sql`(${like(requests.id, `${literal}%`)} escape '\\' or ${like(requests.id, `%${literal}`)} escape '\\')`;
}
