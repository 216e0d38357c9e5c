import { and, eq } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type FeedbackRow, feedback, requests } from '../schema.ts';

/** Whose a request was, who answered it and what it looked like; null = there is none with this id. */
export async function findAsker(db: Db, requestId: string) {
  const [row] = await db
    .select({
      keyId: requests.keyId,
      userId: requests.userId,
      provider: requests.provider,
      model: requests.model,
      stored: requests.features,
    })
    .from(requests)
    .where(eq(requests.id, requestId));
  return row ?? null;
}

/** What the router learned from the word of a source on a request; null = nothing. */
export async function findLesson(db: Db, requestId: string, source: FeedbackRow['source']): Promise<unknown> {
  const [row] = await db
    .select({ learned: feedback.learned })
    .from(feedback)
    .where(and(eq(feedback.requestId, requestId), eq(feedback.source, source)));
  return row?.learned ?? null;
}

/** The last word of a source is the one that counts. */
export async function saveFeedback(db: Db, row: FeedbackRow): Promise<void> {
  const { requestId, source, ...said } = row;
  await db
    .insert(feedback)
    .values(row)
    .onConflictDoUpdate({ target: [feedback.requestId, feedback.source], set: said });
}
