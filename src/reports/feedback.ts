import { z } from 'zod';
import type { Db } from '../db/client.ts';
import { findAsker, saveFeedback } from '../db/queries/feedback.ts';
import type { GatewayKey } from '../db/schema.ts';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';

/** As many stars as this, or more, say that the answer was good. */
const GOOD_RATING = 4;
const MAX_NOTE = 500;

const feedbackSchema = z
  .strictObject({
    request_id: z.uuid(),
    passed: z.boolean().optional(),
    rating: z.int().min(1).max(5).optional(),
    note: z.string().max(MAX_NOTE).optional(),
  })
  .refine(({ passed, rating }) => (passed === undefined) !== (rating === undefined), {
    message: 'Say either passed or a rating.',
    path: ['passed'],
  });

interface FeedbackOptions {
  db: Db;
  /** What was answered a moment ago may not be in the database yet. */
  writer: { flush: () => Promise<unknown> };
  now: Clock;
}

/** Keeps what callers think of answers, each of their own. Throws `invalid_request` and `not_found`. */
export function createFeedback({ db, writer, now }: FeedbackOptions) {
  return async (key: Pick<GatewayKey, 'id' | 'userId'>, body: unknown): Promise<object> => {
    const read = feedbackSchema.safeParse(body);
    if (!read.success) {
      const [issue] = read.error.issues;
      throw new GatewayError('invalid_request', issue?.message ?? 'This is no feedback.', {
        param: issue?.path.join('.') || 'body',
      });
    }
    const { request_id: requestId, rating = null, note = null } = read.data;
    const passed = read.data.passed ?? (rating !== null && rating >= GOOD_RATING);
    const asker = (await findAsker(db, requestId)) ?? (await findAfterFlush(requestId));
    const isOwn = asker?.keyId === key.id || (key.userId !== null && asker?.userId === key.userId);
    // Somebody else's request is told apart from none by nobody.
    if (!isOwn) throw new GatewayError('not_found', 'This key has no such request.', { param: 'request_id' });
    await saveFeedback(db, { requestId, source: 'caller', at: now(), keyId: key.id, passed, rating, note });
    return { object: 'feedback', request_id: requestId, passed, rating, note };
  };

  async function findAfterFlush(requestId: string) {
    await writer.flush();
    return await findAsker(db, requestId);
  }
}
