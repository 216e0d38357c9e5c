import { eq, inArray } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type Attempt, attempts, type PriceRowEntry, priceRows, type Request, recosts, requests } from '../schema.ts';
import { addSpend, SPEND_SUMS, type SpendPart, spendOf } from './spend.ts';

/** The money columns of a request, as they are to be. */
export type NewMoney = Pick<
  Request,
  | 'costNanoUsd'
  | 'priceId'
  | 'baselineModel'
  | 'baselineNanoUsd'
  | 'baselinePriceId'
  | 'savedNanoUsd'
  | 'cacheSavedNanoUsd'
>;

/** One request that is booked anew. */
export interface Correction {
  request: Request;
  columns: NewMoney;
  attempts: { id: string; costNanoUsd: number | null }[];
  prices: PriceRowEntry[];
}

/** The attempts of several requests, by request, in their order. */
export async function attemptsOf(db: Db, requestIds: readonly string[]): Promise<Map<string, Attempt[]>> {
  const rows = await db
    .select()
    .from(attempts)
    .where(inArray(attempts.requestId, [...requestIds]))
    .orderBy(attempts.requestId, attempts.position);
  return Map.groupBy(rows, ({ requestId }) => requestId);
}

/** Books requests anew: the old values are kept in `recosts`, and every sum they were in moves by the difference. */
export async function correctRequests(db: Db, corrections: readonly Correction[], at: number): Promise<void> {
  db.transaction((tx) => {
    for (const { request, columns, attempts: parts, prices } of corrections) {
      for (const price of prices) tx.insert(priceRows).values(price).onConflictDoNothing().run();
      tx.insert(recosts)
        .values({
          id: Bun.randomUUIDv7(),
          requestId: request.id,
          at,
          oldCostNanoUsd: request.costNanoUsd,
          newCostNanoUsd: columns.costNanoUsd,
          oldPriceId: request.priceId,
          newPriceId: columns.priceId,
          oldBaselineNanoUsd: request.baselineNanoUsd,
          newBaselineNanoUsd: columns.baselineNanoUsd,
        })
        .run();
      tx.update(requests).set(columns).where(eq(requests.id, request.id)).run();
      for (const { id, costNanoUsd } of parts) {
        tx.update(attempts).set({ costNanoUsd }).where(eq(attempts.id, id)).run();
      }
    }
    addSpend(
      db,
      corrections.map(({ request, columns }) => difference(request, { ...request, ...columns })),
    );
  });
}

/** The older values first. */
export async function listRecosts(db: Db, requestId: string) {
  return await db.select().from(recosts).where(eq(recosts.requestId, requestId)).orderBy(recosts.id);
}

function difference(before: Request, after: Request): SpendPart {
  const part = spendOf(after);
  const old = spendOf(before);
  for (const name of SPEND_SUMS) part[name] -= old[name];
  return part;
}
