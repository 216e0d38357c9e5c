import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type ProviderKey, providerKeys } from '../schema.ts';

/** Keys that may be used, the newest first. */
export async function listProviderKeys(db: Db): Promise<ProviderKey[]> {
  const order = [desc(providerKeys.createdAt), desc(providerKeys.id)];
  return await db
    .select()
    .from(providerKeys)
    .where(isNull(providerKeys.revokedAt))
    .orderBy(...order);
}

export async function insertProviderKey(db: Db, row: ProviderKey): Promise<void> {
  await db.insert(providerKeys).values(row);
}

/** False when there is no such key in use. */
export async function changeProviderKeyWeight(db: Db, id: string, weight: number): Promise<boolean> {
  const changed = await db
    .update(providerKeys)
    .set({ weight })
    .where(and(eq(providerKeys.id, id), isNull(providerKeys.revokedAt)))
    .returning({ id: providerKeys.id });
  return changed.length > 0;
}

/** False when there is no such key, or it was revoked before. What was sealed is erased with it: nobody needs it again. */
export async function revokeProviderKey(db: Db, id: string, revokedAt: number): Promise<boolean> {
  const changed = await db
    .update(providerKeys)
    .set({ revokedAt, sealed: '' })
    .where(and(eq(providerKeys.id, id), isNull(providerKeys.revokedAt)))
    .returning({ id: providerKeys.id });
  return changed.length > 0;
}
