import { and, eq, gt, isNull, or } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { oneTimeTokens } from '../schema.ts';

export type OneTimeToken = typeof oneTimeTokens.$inferSelect;

/** What runs inside a transaction of `Db`. Synchronous: SQLite would not roll back for a promise. */
export type Transaction = Parameters<Parameters<Db['transaction']>[0]>[0];

interface TokenQuery {
  purpose: OneTimeToken['purpose'];
  hash: string;
  now: number;
}

/** Puts a new token in the place of every unused one of its purpose. */
export async function replaceOneTimeToken(db: Db, token: OneTimeToken): Promise<void> {
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
