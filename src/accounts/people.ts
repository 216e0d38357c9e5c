import type { Db } from '../db/client.ts';
import { changeUser, findUser, listUsers, type UserChange, type UserSummary } from '../db/queries/users.ts';
import type { User } from '../db/schema.ts';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import { type Audit, type AuditAction, changesBetween } from './audit.ts';
import type { Passwords } from './password.ts';
import { type Account, demand } from './permissions.ts';
import { checkPassword, checkPersonName, checkRole, isPossiblePassword } from './rules.ts';
import { createThrottle } from './throttle.ts';

interface PeopleOptions {
  db: Db;
  now: Clock;
  passwords: Passwords;
  /** Called after somebody was disabled or enabled, before the promise of it resolves. */
  onChange?: (() => void | Promise<void>) | undefined;
  onAudit?: Audit | undefined;
}

interface Change {
  action: AuditAction;
  change: UserChange;
  endsSessions: boolean;
}

export type People = ReturnType<typeof createPeople>;

/** Who is here, and what becomes of them. What asks for an `id` gives null when there is no such person. */
export function createPeople({ db, now, passwords, onChange, onAudit }: PeopleOptions) {
  const throttle = createThrottle(now);

  /** Everybody, in the order they came. Throws `forbidden`. */
  async function list(account: Account): Promise<UserSummary[]> {
    demand(account, 'manage-people');
    return await listUsers(db);
  }

  /** The new role holds from the person's next click on. Throws `forbidden`, or `invalid_request` about the last admin. */
  async function changeRole(account: Account, id: string, role: unknown): Promise<UserSummary | null> {
    demand(account, 'manage-people');
    return await apply(account, id, { action: 'user.change', change: { role: checkRole(role) }, endsSessions: false });
  }

  /** Ends their sessions; they cannot sign in, and their keys do not work, until they are enabled again. */
  async function disable(account: Account, id: string): Promise<UserSummary | null> {
    demand(account, 'manage-people');
    const user = await findUser(db, id);
    if (user && user.disabledAt !== null) return summaryOf(user);
    return await apply(account, id, { action: 'user.disable', change: { disabledAt: now() }, endsSessions: true });
  }

  async function enable(account: Account, id: string): Promise<UserSummary | null> {
    demand(account, 'manage-people');
    return await apply(account, id, { action: 'user.enable', change: { disabledAt: null }, endsSessions: false });
  }

  /** Everybody may end their own sessions, admins anybody's; this very one ends, too. */
  async function endSessions(account: Account, id: string): Promise<UserSummary | null> {
    if (account.id !== id) demand(account, 'manage-people');
    return await apply(account, id, { action: 'session.end-all', change: {}, endsSessions: true });
  }

  /** One's own name. Throws `invalid_request`. */
  async function rename(account: Account, name: string): Promise<UserSummary | null> {
    const change = { name: checkPersonName(name, account.email) };
    return await apply(account, account.id, { action: 'user.change', change, endsSessions: false });
  }

  /**
   * One's own password, for which the old one is needed: a session that was left open must not be enough to take an account
   * over. Every session ends. Throws `invalid_request`, and `rate_limited` after too many wrong ones.
   */
  async function changePassword(account: Account, { old, fresh }: { old: string; fresh: string }): Promise<void> {
    throttle.begin(account.id);
    const user = await findUser(db, account.id);
    const isRight = isPossiblePassword(old) && (await passwords.verify(old, user?.passwordHash ?? null));
    if (!isRight) throw new GatewayError('invalid_request', 'This is not your password.', { param: 'oldPassword' });
    throttle.forgive(account.id);
    checkPassword(fresh, account.email);
    const change = { passwordHash: await passwords.hash(fresh) };
    await apply(account, account.id, { action: 'password.change', change, endsSessions: true });
  }

  async function apply(account: Account, id: string, { action, ...change }: Change): Promise<UserSummary | null> {
    const changed = changeUser(db, { id, ...change });
    if (changed === null) return null;
    if (changed === 'last-admin') throw lastAdmin();
    await onChange?.();
    const [before, after] = [summaryOf(changed.before), summaryOf(changed.after)];
    const details = action === 'user.change' ? changesBetween(before, after) : {};
    onAudit?.({ actor: account, action, subject: { kind: 'user', id, name: after.name }, details });
    return after;
  }

  return { list, changeRole, disable, enable, endSessions, rename, changePassword };
}

function summaryOf({ passwordHash: _passwordHash, sessionVersion: _sessionVersion, ...user }: User): UserSummary {
  return user;
}

function lastAdmin(): GatewayError {
  const message = 'This is the last admin. Make somebody else an admin first.';
  return new GatewayError('invalid_request', message, { param: 'lastAdmin' });
}
