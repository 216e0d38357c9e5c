import { and, asc, count, desc, eq, isNotNull, isNull, lte, type SQL } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type Delivery, deliveries, type EventRow, events } from '../schema.ts';

/**
 * Keeps events, each once: one whose id is known already is left out. With `delivers`, those that are new are also put on
 * their way to the webhook, in the same transaction. Says how many were new.
 */
export function insertEvents(
  db: Db,
  rows: readonly EventRow[],
  { delivers, at }: { delivers: boolean; at: number },
): number {
  return db.transaction((transaction) => {
    let count = 0;
    for (const row of rows) {
      const added = transaction.insert(events).values(row).onConflictDoNothing().returning({ id: events.id }).all();
      if (added.length === 0) continue;
      count++;
      if (!delivers) continue;
      const delivery = {
        id: `msg_${Bun.randomUUIDv7().replaceAll('-', '')}`,
        eventId: row.id,
        tries: 0,
        nextTryAt: at,
      };
      transaction.insert(deliveries).values(delivery).run();
    }
    return count;
  });
}

/** What is to be sent by now, the longest due first. */
export async function listDueDeliveries(
  db: Db,
  at: number,
  limit: number,
): Promise<{ delivery: Delivery; event: EventRow }[]> {
  return await db
    .select({ delivery: deliveries, event: events })
    .from(deliveries)
    .innerJoin(events, eq(events.id, deliveries.eventId))
    .where(and(isNotNull(deliveries.nextTryAt), lte(deliveries.nextTryAt, at)))
    .orderBy(asc(deliveries.nextTryAt))
    .limit(limit);
}

export async function updateDelivery(db: Db, { id, ...fields }: Omit<Delivery, 'eventId'>): Promise<void> {
  await db.update(deliveries).set(fields).where(eq(deliveries.id, id));
}

/** The newest first. */
export async function listEvents(db: Db, limit: number): Promise<EventRow[]> {
  return await db.select().from(events).orderBy(desc(events.at), desc(events.id)).limit(limit);
}

/** How many messages are still on their way, and how many were given up. */
export async function countDeliveries(db: Db): Promise<{ pending: number; failed: number }> {
  const countOf = async (which: SQL | undefined) => {
    const [row] = await db.select({ count: count() }).from(deliveries).where(which);
    return row?.count ?? 0;
  };
  return {
    pending: await countOf(isNotNull(deliveries.nextTryAt)),
    failed: await countOf(and(isNull(deliveries.nextTryAt), isNull(deliveries.deliveredAt))),
  };
}

/** What became of the message about an event; null when it was not to be sent. */
export async function findDelivery(db: Db, eventId: string): Promise<Delivery | null> {
  const [row] = await db.select().from(deliveries).where(eq(deliveries.eventId, eventId)).limit(1);
  return row ?? null;
}
