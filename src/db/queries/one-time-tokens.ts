import { and, desc, eq, gt, isNull, or } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { oneTimeTokens } from '../schema.ts';

export type OneTimeToken = typeof oneTimeTokens.$inferSelect;
export type NewOneTimeToken = typeof oneTimeTokens.$inferInsert;

/** What runs inside a transaction of `Db`. Synchronous: SQLite would not roll back for a promise. */
export type Transaction = Parameters<Parameters<Db['transaction']>[0]>[0];

interface TokenQuery {
  purpose: OneTimeToken['purpose'];
  hash: string;
  now: number;
}

/** Puts a new token in the place of every unused one of its purpose. */
export async function replaceOneTimeToken(db: Db, token: NewOneTimeToken): Promise<void> {
  db.transaction((transaction) => {
    const isUnused = and(eq(oneTimeTokens.purpose, token.purpose), isNull(oneTimeTokens.usedAt));
    transaction.delete(oneTimeTokens).where(isUnused).run();
    transaction.insert(oneTimeTokens).values(token).run();
  });
}

/** Whether the token could be used now. */
export async function isTokenUsable(db: Db, query: TokenQuery): Promise<boolean> {
  const found = await db.select({ id: oneTimeTokens.id }).from(oneTimeTokens).where(isUsable(query)).limit(1);
  return found.length > 0;
}

export async function insertOneTimeToken(db: Db, token: NewOneTimeToken): Promise<void> {
  await db.insert(oneTimeTokens).values(token);
}

/** The token, if it can be used now. */
export async function findUsableToken(db: Db, query: TokenQuery): Promise<OneTimeToken | null> {
  const [found] = await db.select().from(oneTimeTokens).where(isUsable(query)).limit(1);
  return found ?? null;
}

/** Those of a purpose that can be used now, the newest first. */
export async function listUsableTokens(db: Db, { purpose, now }: Omit<TokenQuery, 'hash'>): Promise<OneTimeToken[]> {
  const isOpen = and(
    eq(oneTimeTokens.purpose, purpose),
    isNull(oneTimeTokens.usedAt),
    gt(oneTimeTokens.expiresAt, now),
  );
  return await db
    .select()
    .from(oneTimeTokens)
    .where(isOpen)
    .orderBy(desc(oneTimeTokens.createdAt), desc(oneTimeTokens.id));
}

/** The token that is gone now; null when there was none to use. */
export async function deleteUnusedToken(db: Db, { purpose, id }: Pick<OneTimeToken, 'purpose' | 'id'>) {
  const isMeant = and(eq(oneTimeTokens.purpose, purpose), eq(oneTimeTokens.id, id), isNull(oneTimeTokens.usedAt));
  const [gone] = await db.delete(oneTimeTokens).where(isMeant).returning();
  return gone ?? null;
}

/** Makes the links worthless that were made before to set this person's password. */
export async function deleteResetTokens(db: Db, userId: string): Promise<void> {
  const isTheirs = and(
    eq(oneTimeTokens.purpose, 'reset'),
    eq(oneTimeTokens.userId, userId),
    isNull(oneTimeTokens.usedAt),
  );
  await db.delete(oneTimeTokens).where(isTheirs);
}

/** Uses a token up. False when it cannot be used (any more): of two callers with one token only one gets true. */
export function useToken(transaction: Transaction, query: TokenQuery): boolean {
  const used = transaction
    .update(oneTimeTokens)
    .set({ usedAt: query.now })
    .where(isUsable(query))
    .returning({ id: oneTimeTokens.id })
    .all();
  return used.length > 0;
}

function isUsable({ purpose, hash, now }: TokenQuery) {
  return and(
    eq(oneTimeTokens.purpose, purpose),
    eq(oneTimeTokens.hash, hash),
    isNull(oneTimeTokens.usedAt),
    or(isNull(oneTimeTokens.expiresAt), gt(oneTimeTokens.expiresAt, now)),
  );
}
