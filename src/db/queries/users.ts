import { eq, sql } from 'drizzle-orm';
import type { Db } from '../client.ts';
import type { LimitSet } from '../limit-set.ts';
import { type User, users } from '../schema.ts';
import { useToken } from './one-time-tokens.ts';

/** A person to be added: without limits, unless somebody names some. */
type NewUser = Omit<User, 'limits'> & Partial<Pick<User, 'limits'>>;

/** `email` as it is kept: trimmed and in lower case. */
export async function findUserByEmail(db: Db, email: string): Promise<User | null> {
  const [user] = await db.select().from(users).where(eq(users.email, email)).limit(1);
  return user ?? null;
}

export async function findUser(db: Db, id: string): Promise<User | null> {
  const [user] = await db.select().from(users).where(eq(users.id, id)).limit(1);
  return user ?? null;
}

/** Whether there is an admin; a disabled one counts, or else disabling would open the setup link to anybody again. */
export async function hasAdmin(db: Db): Promise<boolean> {
  const found = await db.select({ id: users.id }).from(users).where(eq(users.role, 'admin')).limit(1);
  return found.length > 0;
}

export async function insertUser(db: Db, user: NewUser): Promise<void> {
  await db.insert(users).values(user);
}

/**
 * Makes the first admin and uses up the setup token, both or neither: of two people with the same link only one becomes
 * admin. Says why when it could not.
 */
export async function insertFirstAdmin(
  db: Db,
  { user, tokenHash }: { user: NewUser; tokenHash: string },
): Promise<'done' | 'admin-exists' | 'token-unusable'> {
  return db.transaction(
    (transaction) => {
      if (transaction.select({ id: users.id }).from(users).where(eq(users.role, 'admin')).limit(1).all().length > 0) {
        return 'admin-exists';
      }
      if (!useToken(transaction, { purpose: 'setup', hash: tokenHash, now: user.createdAt })) return 'token-unusable';
      transaction.insert(users).values(user).run();
      return 'done';
    },
    { behavior: 'immediate' },
  );
}

/** Makes every session of this person worthless. */
export async function raiseSessionVersion(db: Db, id: string): Promise<void> {
  await db
    .update(users)
    .set({ sessionVersion: sql`${users.sessionVersion} + 1` })
    .where(eq(users.id, id));
}

/** The limits of everybody, by their id. */
export async function listUserLimits(db: Db): Promise<Map<string, LimitSet>> {
  const rows = await db.select({ id: users.id, limits: users.limits }).from(users);
  return new Map(rows.map(({ id, limits }) => [id, limits]));
}

/** Nobody comes between the reading and the writing. Null when there is no such person; what `change` throws is passed on. */
export function changeUserLimits(
  db: Db,
  id: string,
  change: (limits: LimitSet) => LimitSet,
): { before: LimitSet; after: LimitSet } | null {
  return db.transaction(
    (transaction) => {
      const row = transaction.select({ limits: users.limits }).from(users).where(eq(users.id, id)).get();
      if (!row) return null;
      const after = change(row.limits);
      transaction.update(users).set({ limits: after }).where(eq(users.id, id)).run();
      return { before: row.limits, after };
    },
    { behavior: 'immediate' },
  );
}

/** What everybody is called, by their id. */
export async function listUserNames(db: Db): Promise<Map<string, string>> {
  const rows = await db.select({ id: users.id, name: users.name }).from(users);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
