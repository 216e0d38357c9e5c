import { and, eq, inArray, lt } from 'drizzle-orm';
import type { Db } from '../client.ts';
import {
  attempts,
  counts,
  feedback,
  recosts,
  requestBodies,
  requestDetails,
  requests,
  shadowComparisons,
  spend,
} from '../schema.ts';

/** Deletes at most `limit` details of requests before a time. Tells how many there were. */
export async function pruneDetails(db: Db, before: number, limit: number): Promise<number> {
  return await pruneRows(db, requestDetails, { before, limit });
}

/** Deletes at most `limit` prompts with their answers before a time. */
export async function pruneBodies(db: Db, before: number, limit: number): Promise<number> {
  return await pruneRows(db, requestBodies, { before, limit });
}

async function pruneRows(
  db: Db,
  rows: typeof requestDetails | typeof requestBodies,
  { before, limit }: { before: number; limit: number },
): Promise<number> {
  const old = db
    .select({ id: rows.requestId })
    .from(rows)
    .where(lt(rows.startedAt, before))
    .orderBy(rows.startedAt)
    .limit(limit);
  const gone = await db.delete(rows).where(inArray(rows.requestId, old)).returning({ at: rows.startedAt });
  return gone.length;
}

/** Deletes at most `limit` requests before a time, with all that belongs to them. The sums by day stay. */
export async function pruneRequests(db: Db, before: number, limit: number): Promise<number> {
  const old = await db
    .select({ id: requests.id })
    .from(requests)
    .where(lt(requests.startedAt, before))
    .orderBy(requests.startedAt)
    .limit(limit);
  const ids = old.map(({ id }) => id);
  if (ids.length === 0) return 0;
  db.transaction((tx) => {
    tx.delete(attempts).where(inArray(attempts.requestId, ids)).run();
    tx.delete(recosts).where(inArray(recosts.requestId, ids)).run();
    tx.delete(requestDetails).where(inArray(requestDetails.requestId, ids)).run();
    tx.delete(requestBodies).where(inArray(requestBodies.requestId, ids)).run();
    tx.delete(feedback).where(inArray(feedback.requestId, ids)).run();
    tx.delete(shadowComparisons).where(inArray(shadowComparisons.requestId, ids)).run();
    tx.delete(requests).where(inArray(requests.id, ids)).run();
  });
  return ids.length;
}

/** Deletes the sums by hour before a time; those by day tell the same of older times in fewer rows. */
export async function pruneHours(db: Db, before: number): Promise<void> {
  await db.delete(spend).where(and(eq(spend.span, 'hour'), lt(spend.start, before)));
  await db.delete(counts).where(and(eq(counts.span, 'hour'), lt(counts.start, before)));
}
