import { and, eq, getTableColumns, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import type { Db } from '../client.ts';
import type { LimitSet } from '../limit-set.ts';
import { type User, users } from '../schema.ts';
import { useToken } from './one-time-tokens.ts';

/** A person to be added: without limits, unless somebody names some. */
export type NewUser = Omit<User, 'limits' | 'lastSeenAt'> & Partial<Pick<User, 'limits' | 'lastSeenAt'>>;

/** A person as others see them: nothing of the password. */
export type UserSummary = Omit<User, 'passwordHash' | 'sessionVersion'>;

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

/** Everybody, in the order they came. */
export async function listUsers(db: Db): Promise<UserSummary[]> {
  const { passwordHash: _passwordHash, sessionVersion: _sessionVersion, ...summary } = getTableColumns(users);
  return await db.select(summary).from(users).orderBy(users.createdAt, users.id);
}

/** Who cannot sign in, and whose keys do not work. */
export async function listDisabledUsers(db: Db): Promise<Set<string>> {
  const rows = await db.select({ id: users.id }).from(users).where(isNotNull(users.disabledAt));
  return new Set(rows.map(({ id }) => id));
}

export async function touchUser(db: Db, id: string, lastSeenAt: number): Promise<void> {
  await db.update(users).set({ lastSeenAt }).where(eq(users.id, id));
}

/** What of a person can be changed. */
export type UserChange = Partial<Pick<User, 'name' | 'role' | 'disabledAt' | 'passwordHash'>>;

interface UserChangeOptions {
  id: string;
  change: UserChange;
  /** Whether every session of theirs ends with it. */
  endsSessions: boolean;
}

/**
 * The person before and after. `last-admin` when there would be no admin left who can sign in: nobody comes between the
 * counting and the writing. Null when there is no such person.
 */
export function changeUser(
  db: Db,
  { id, change, endsSessions }: UserChangeOptions,
): { before: User; after: User } | 'last-admin' | null {
  return db.transaction(
    (transaction) => {
      const before = transaction.select().from(users).where(eq(users.id, id)).get();
      if (!before) return null;
      const sessionVersion = before.sessionVersion + Number(endsSessions);
      const after = { ...before, ...change, sessionVersion };
      if (isActiveAdmin(before) && !isActiveAdmin(after)) {
        const isOther = and(eq(users.role, 'admin'), isNull(users.disabledAt), ne(users.id, id));
        if (!transaction.select({ id: users.id }).from(users).where(isOther).limit(1).get()) return 'last-admin';
      }
      transaction
        .update(users)
        .set({ ...change, sessionVersion })
        .where(eq(users.id, id))
        .run();
      return { before, after };
    },
    { behavior: 'immediate' },
  );
}

function isActiveAdmin({ role, disabledAt }: User): boolean {
  return role === 'admin' && disabledAt === null;
}

/** Makes a person and uses up their invitation, both or neither. Says why when it could not. */
export function insertInvited(
  db: Db,
  { user, tokenHash }: { user: NewUser; tokenHash: string },
): 'done' | 'token-unusable' | 'email-taken' {
  return db.transaction(
    (transaction) => {
      if (transaction.select({ id: users.id }).from(users).where(eq(users.email, user.email)).get())
        return 'email-taken';
      if (!useToken(transaction, { purpose: 'invite', hash: tokenHash, now: user.createdAt })) return 'token-unusable';
      transaction.insert(users).values(user).run();
      return 'done';
    },
    { behavior: 'immediate' },
  );
}

/** Sets a password and uses up the link for it, both or neither; every session of the person ends. */
export function replacePassword(
  db: Db,
  { userId, passwordHash, tokenHash, now }: { userId: string; passwordHash: string; tokenHash: string; now: number },
): boolean {
  return db.transaction(
    (transaction) => {
      if (!useToken(transaction, { purpose: 'reset', hash: tokenHash, now })) return false;
      const sessionVersion = sql`${users.sessionVersion} + 1`;
      transaction.update(users).set({ passwordHash, sessionVersion }).where(eq(users.id, userId)).run();
      return true;
    },
    { behavior: 'immediate' },
  );
}
