import type { Db } from '../client.ts';
import { type FeedbackRow, feedback, type LearnedRow, learned } from '../schema.ts';

export async function listLearned(db: Db): Promise<LearnedRow[]> {
  return await db.select().from(learned);
}

/** Writes what was learned, in place of what stood there. */
export async function saveLearned(db: Db, rows: readonly LearnedRow[]): Promise<void> {
  if (rows.length === 0) return;
  db.transaction((tx) => {
    for (const row of rows) {
      tx.insert(learned).values(row).onConflictDoUpdate({ target: learned.ownerId, set: row }).run();
    }
  });
}

export async function deleteLearned(db: Db): Promise<void> {
  await db.delete(learned);
}

/** Writes what clients' next moves have said; the first word on an answer stays. */
export async function insertSignals(db: Db, rows: readonly FeedbackRow[]): Promise<void> {
  if (rows.length === 0) return;
  db.transaction((tx) => {
    for (const row of rows) tx.insert(feedback).values(row).onConflictDoNothing().run();
  });
}
