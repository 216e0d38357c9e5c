import { and, desc, eq, getTableColumns, isNull } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type GatewayKey, gatewayKeys } from '../schema.ts';

/** A key as people see it: the hash stays in the database and in memory. */
export type GatewayKeySummary = Omit<GatewayKey, 'hash'>;

const { hash: _hash, ...summary } = getTableColumns(gatewayKeys);

/** All rows, revoked and expired ones too, so that whoever presents such a key can be told what became of it. */
export async function listAllKeys(db: Db): Promise<GatewayKey[]> {
  return await db.select().from(gatewayKeys);
}

/** The newest first; only one person's where `userId` is given. */
export async function listGatewayKeys(db: Db, userId: string | null): Promise<GatewayKeySummary[]> {
  const owner = userId === null ? undefined : eq(gatewayKeys.userId, userId);
  const order = [desc(gatewayKeys.createdAt), desc(gatewayKeys.id)];
  return await db
    .select(summary)
    .from(gatewayKeys)
    .where(owner)
    .orderBy(...order);
}

export async function insertGatewayKey(db: Db, row: GatewayKey): Promise<void> {
  await db.insert(gatewayKeys).values(row);
}

/**
 * False when there is no such key, when it was revoked before, or when `userId` is given and the key is somebody else's. The
 * owner is part of the statement, so that no caller can forget to check.
 */
export async function revokeGatewayKey(
  db: Db,
  { id, userId, revokedAt }: { id: string; userId: string | null; revokedAt: number },
): Promise<boolean> {
  const owner = userId === null ? undefined : eq(gatewayKeys.userId, userId);
  const changed = await db
    .update(gatewayKeys)
    .set({ revokedAt })
    .where(and(eq(gatewayKeys.id, id), isNull(gatewayKeys.revokedAt), owner))
    .returning({ id: gatewayKeys.id });
  return changed.length > 0;
}

/** What of a key can be changed after it was made. */
export type KeyChange = Partial<
  Pick<GatewayKey, 'name' | 'strategy' | 'policy' | 'fallbackModels' | 'expiresAt' | 'limits' | 'storesBodies'>
>;

/**
 * The key before and after; null when there is no such key, or `userId` is given and it is somebody else's. Nobody comes
 * between the reading and the writing; what `change` throws is passed on.
 */
export function changeGatewayKey(
  db: Db,
  { id, userId }: { id: string; userId: string | null },
  change: (row: GatewayKeySummary) => KeyChange,
): { before: GatewayKeySummary; after: GatewayKeySummary } | null {
  const isMeant = and(eq(gatewayKeys.id, id), userId === null ? undefined : eq(gatewayKeys.userId, userId));
  return db.transaction(
    (transaction) => {
      const before = transaction.select(summary).from(gatewayKeys).where(isMeant).get();
      if (!before) return null;
      const fields = change(before);
      if (Object.keys(fields).length > 0) transaction.update(gatewayKeys).set(fields).where(isMeant).run();
      return { before, after: { ...before, ...fields } };
    },
    { behavior: 'immediate' },
  );
}
