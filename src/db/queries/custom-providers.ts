import { eq } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type CustomProviderRow, customProviders } from '../schema.ts';

/** In the order they were added. */
export async function listCustomProviders(db: Db): Promise<CustomProviderRow[]> {
  return await db.select().from(customProviders).orderBy(customProviders.createdAt, customProviders.id);
}

export async function insertCustomProvider(db: Db, row: CustomProviderRow): Promise<void> {
  await db.insert(customProviders).values(row);
}

/** False when there is none of this id. */
export async function updateCustomProvider(
  db: Db,
  { id, label, baseUrl, models }: Omit<CustomProviderRow, 'createdAt'>,
): Promise<boolean> {
  const changed = await db
    .update(customProviders)
    .set({ label, baseUrl, models })
    .where(eq(customProviders.id, id))
    .returning({ id: customProviders.id });
  return changed.length > 0;
}

export async function deleteCustomProvider(db: Db, id: string): Promise<boolean> {
  const gone = await db.delete(customProviders).where(eq(customProviders.id, id)).returning({ id: customProviders.id });
  return gone.length > 0;
}
