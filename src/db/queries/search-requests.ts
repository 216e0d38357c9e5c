import { and, asc, desc, eq, gt, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type Request, requests } from '../schema.ts';
import { conditions, type RequestFilter } from './requests.ts';

/** A place in the ledger, between two requests. */
export interface Cursor {
  startedAt: number;
  id: string;
}

interface Search {
  limit: number;
  /** Where to begin, without it; undefined = at the end the search comes from. */
  from?: Cursor | undefined;
  direction: 'older' | 'newer';
  /** How many rows are looked at, at most: what makes a search quick that finds nothing. */
  most: number;
}

export interface Found {
  /** In the order of the search. */
  rows: Request[];
  /** Where to go on; null when there is nothing more. */
  next: Cursor | null;
}

/** One page of the ledger. It looks at so many rows and no more, so it may find few and still have more to look at. */
export async function searchRequests(db: Db, filter: RequestFilter, search: Search): Promise<Found> {
  const { limit, from, direction, most } = search;
  const { driving, rest } = split(filter);
  const order = direction === 'older' ? desc : asc;
  const looked = db
    .select()
    .from(requests)
    .where(and(...conditions(driving), from && beyond(from, direction)))
    .orderBy(order(requests.startedAt), order(requests.id))
    .limit(most);
  const inner = looked.as('requests');
  const rows = await db
    .select()
    .from(inner)
    .where(and(...conditions(rest)))
    .limit(limit + 1);
  if (rows.length > limit) {
    rows.pop();
    return { rows, next: cursorOf(rows.at(-1)) };
  }
  const [last] = await db
    .select({ startedAt: requests.startedAt, id: requests.id })
    .from(requests)
    .where(and(...conditions(driving), from && beyond(from, direction)))
    .orderBy(order(requests.startedAt), order(requests.id))
    .limit(1)
    .offset(most - 1);
  return { rows, next: cursorOf(last) };
}

/** What one index can look for, which is the time and one thing more, and what is asked of each row it finds. */
function split(filter: RequestFilter): { driving: RequestFilter; rest: RequestFilter } {
  const { since, until, outcome, keyIds, userId, model, ...others } = filter;
  const time = { since, until };
  if (outcome !== undefined && outcome !== 'ok') {
    return { driving: { ...time, outcome: 'failed' }, rest: { ...others, outcome, keyIds, userId, model } };
  }
  if (keyIds?.length === 1) return { driving: { ...time, keyIds }, rest: { ...others, outcome, userId, model } };
  if (userId !== undefined) return { driving: { ...time, userId }, rest: { ...others, outcome, keyIds, model } };
  if (model !== undefined) return { driving: { ...time, model }, rest: { ...others, outcome, keyIds } };
  return { driving: time, rest: { ...others, outcome, keyIds } };
}

function beyond({ startedAt, id }: Cursor, direction: Search['direction']): SQL | undefined {
  const past = direction === 'older' ? lt : gt;
  const bound =
    direction === 'older' ? sql`${requests.startedAt} <= ${startedAt}` : sql`${requests.startedAt} >= ${startedAt}`;
  return and(
    bound,
    or(past(requests.startedAt, startedAt), and(eq(requests.startedAt, startedAt), past(requests.id, id))),
  );
}

function cursorOf(row: Cursor | undefined): Cursor | null {
  return row ? { startedAt: row.startedAt, id: row.id } : null;
}
