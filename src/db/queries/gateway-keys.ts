import { and, desc, eq, getTableColumns, gt, isNull, sql } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { type GatewayKey, gatewayKeys } from '../schema.ts';

/** A key as people see it: the hash stays in the database and in memory. */
export type GatewayKeySummary = Omit<GatewayKey, 'hash' | 'previousHash'>;

const { hash: _hash, previousHash: _previousHash, ...summary } = getTableColumns(gatewayKeys);

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

/** Null when there is no such key, or `userId` is given and it is somebody else's. */
export async function findGatewayKey(
  db: Db,
  { id, userId }: { id: string; userId: string | null },
): Promise<GatewayKeySummary | null> {
  const owner = userId === null ? undefined : eq(gatewayKeys.userId, userId);
  const [row] = await db
    .select(summary)
    .from(gatewayKeys)
    .where(and(eq(gatewayKeys.id, id), owner));
  return row ?? null;
}

export async function insertGatewayKey(db: Db, row: GatewayKey): Promise<void> {
  await db.insert(gatewayKeys).values(row);
}

/**
 * Null when there is no such key, when it was revoked before, or when `userId` is given and the key is somebody else's. The
 * owner is part of the statement, so that no caller can forget to check.
 */
export async function revokeGatewayKey(
  db: Db,
  { id, userId, revokedAt }: { id: string; userId: string | null; revokedAt: number },
): Promise<GatewayKeySummary | null> {
  const owner = userId === null ? undefined : eq(gatewayKeys.userId, userId);
  const changed = await db
    .update(gatewayKeys)
    .set({ revokedAt })
    .where(and(eq(gatewayKeys.id, id), isNull(gatewayKeys.revokedAt), owner))
    .returning(summary);
  return changed[0] ?? null;
}

/** Takes a revocation back that happened after `since`. Null where there is none of that kind. */
export async function restoreGatewayKey(
  db: Db,
  { id, userId, since }: { id: string; userId: string | null; since: number },
): Promise<GatewayKeySummary | null> {
  const owner = userId === null ? undefined : eq(gatewayKeys.userId, userId);
  const changed = await db
    .update(gatewayKeys)
    .set({ revokedAt: null })
    .where(and(eq(gatewayKeys.id, id), gt(gatewayKeys.revokedAt, since), owner))
    .returning(summary);
  return changed[0] ?? null;
}

interface Rotation {
  id: string;
  userId: string | null;
  hash: string;
  prefix: string;
  /** Until when the old secret works as well. */
  previousUntil: number;
}

/** Gives a key another text; it keeps everything else. Null when there is no such key that works. */
export async function rotateGatewayKey(db: Db, { id, userId, ...text }: Rotation): Promise<GatewayKeySummary | null> {
  const owner = userId === null ? undefined : eq(gatewayKeys.userId, userId);
  const changed = await db
    .update(gatewayKeys)
    .set({ ...text, previousHash: sql`${gatewayKeys.hash}` })
    .where(and(eq(gatewayKeys.id, id), isNull(gatewayKeys.revokedAt), owner))
    .returning(summary);
  return changed[0] ?? null;
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
