import { eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { preparedOnce } from '../prepared.ts';
import {
  type AttemptRow,
  attempts,
  gatewayKeys,
  type PriceRowEntry,
  priceRows,
  type RequestBodies,
  type RequestDetails,
  type RequestRow,
  requestBodies,
  requestDetails,
  requests,
} from '../schema.ts';
import { addToCounts } from './counts.ts';
import { placeholders } from './placeholders.ts';
import { prepareInsert } from './prepare-insert.ts';
import { addToSpend } from './spend.ts';

/** Everything that is stored of one request. */
export interface StoredRequest {
  request: RequestRow;
  attempts: AttemptRow[];
  details: RequestDetails;
  /** The price rows that the request names. */
  prices: PriceRowEntry[];
  /** Sealed; null where the key does not keep what was said. */
  bodies?: RequestBodies | null;
}

/** Stores finished requests with all that belongs to them, and adds them to every sum: all or nothing. */
export async function insertLedgerRows(db: Db, rows: readonly StoredRequest[]): Promise<void> {
  const statements = prepared(db);
  const { insertRequest, insertAttempt, insertDetails, insertBodies, insertPrice, knownPrices, touchKey } = statements;
  const fresh = new Set<string>();
  // A transaction with an async callback is not rolled back by bun:sqlite.
  db.transaction(() => {
    for (const row of rows) {
      for (const price of row.prices) {
        if (knownPrices.has(price.id) || fresh.has(price.id)) continue;
        insertPrice(price);
        fresh.add(price.id);
      }
      insertRequest(row.request);
      for (const attempt of row.attempts) insertAttempt(attempt);
      insertDetails(row.details);
      if (row.bodies) insertBodies(row.bodies);
    }
    const stored = rows.map((row) => row.request);
    addToSpend(db, stored);
    addToCounts(db, stored);
    for (const [id, at] of lastUses(stored)) touchKey.run({ id, at });
  });
  // Only what was committed is known.
  for (const id of fresh) knownPrices.add(id);
}

export async function findRequest(db: Db, id: string) {
  const [request] = await db.select().from(requests).where(eq(requests.id, id));
  return request;
}

export async function listAttempts(db: Db, requestId: string) {
  return await db.select().from(attempts).where(eq(attempts.requestId, requestId)).orderBy(attempts.position);
}

/** Undefined when it was pruned, or there never was any. */
export async function findRequestDetails(db: Db, requestId: string) {
  const [details] = await db.select().from(requestDetails).where(eq(requestDetails.requestId, requestId));
  return details;
}

/** Still sealed. Undefined when they were pruned, or never kept. */
export async function findRequestBodies(db: Db, requestId: string) {
  const [bodies] = await db.select().from(requestBodies).where(eq(requestBodies.requestId, requestId));
  return bodies;
}

/** Price rows by their ids. */
export async function listPriceRows(db: Db, ids: readonly string[]) {
  return await db
    .select()
    .from(priceRows)
    .where(inArray(priceRows.id, [...ids]));
}

function lastUses(stored: readonly RequestRow[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const { keyId, startedAt } of stored) uses.set(keyId, Math.max(startedAt, uses.get(keyId) ?? 0));
  return uses;
}

const prepared = preparedOnce(prepare);

function prepare(db: Db) {
  return {
    insertRequest: prepareInsert<RequestRow>(db, db.insert(requests).values(placeholders(requests))),
    insertAttempt: prepareInsert<AttemptRow>(db, db.insert(attempts).values(placeholders(attempts))),
    insertDetails: prepareInsert<RequestDetails>(db, db.insert(requestDetails).values(placeholders(requestDetails))),
    insertBodies: prepareInsert<RequestBodies>(db, db.insert(requestBodies).values(placeholders(requestBodies))),
    insertPrice: prepareInsert<PriceRowEntry>(
      db,
      db.insert(priceRows).values(placeholders(priceRows)).onConflictDoNothing(),
    ),
    touchKey: db
      .update(gatewayKeys)
      .set({ lastUsedAt: sql`max(coalesce(${gatewayKeys.lastUsedAt}, 0), ${sql.placeholder('at')})` })
      .where(eq(gatewayKeys.id, sql.placeholder('id')))
      .prepare(),
    knownPrices: new Set<string>(),
  };
}
