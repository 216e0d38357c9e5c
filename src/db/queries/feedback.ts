import { eq } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type FeedbackRow, feedback, requests } from '../schema.ts';

/** Whose a request was; null = there is none with this id. */
export async function findAsker(db: Db, requestId: string) {
  const [row] = await db
    .select({ keyId: requests.keyId, userId: requests.userId })
    .from(requests)
    .where(eq(requests.id, requestId));
  return row ?? null;
}

/** The last word of a source is the one that counts. */
export async function saveFeedback(db: Db, row: FeedbackRow): Promise<void> {
  const { requestId, source, ...said } = row;
  await db
    .insert(feedback)
    .values(row)
    .onConflictDoUpdate({ target: [feedback.requestId, feedback.source], set: said });
}
