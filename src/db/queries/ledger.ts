import { desc, eq } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type AttemptRow, attempts, type RequestRow, requests } from '../schema.ts';
import { addToHours } from './hourly-spend.ts';
import { placeholders } from './placeholders.ts';

/** Stores finished requests with their attempts, all or none. */
export async function insertLedgerRows(db: Db, rows: { request: RequestRow; attempts: AttemptRow[] }[]): Promise<void> {
  const { insertRequest, insertAttempt } = prepared(db);
  // A transaction with an async callback is not rolled back by bun:sqlite.
  db.transaction(() => {
    for (const row of rows) {
      insertRequest.run(row.request);
      for (const attempt of row.attempts) insertAttempt.run(attempt);
    }
    addToHours(
      db,
      rows.map((row) => row.request),
    );
  });
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
