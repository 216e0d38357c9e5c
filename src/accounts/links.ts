import { randomBytes } from 'node:crypto';
import type { Db } from '../db/client.ts';
import {
  deleteResetTokens,
  deleteUnusedToken,
  findUsableToken,
  insertOneTimeToken,
  listUsableTokens,
  type OneTimeToken,
} from '../db/queries/one-time-tokens.ts';
import { findUser, findUserByEmail, insertInvited, replacePassword } from '../db/queries/users.ts';
import type { User } from '../db/schema.ts';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { KeyedHash } from '../lib/secret-box.ts';
import { accountOf } from './accounts.ts';
import type { Audit } from './audit.ts';
import type { Passwords } from './password.ts';
import { type Account, demand } from './permissions.ts';
import { checkEmail, checkPassword, checkPersonName, checkRole } from './rules.ts';

const DAY_MS = 86_400_000;
export const INVITATION_DAYS = 7;
export const RESET_DAYS = 1;

/** An invitation that nobody has used yet. The token itself is nowhere kept. */
export interface Invitation {
  id: string;
  role: User['role'];
  /** The only address it is good for; null = any. */
  email: string | null;
  createdAt: number;
  expiresAt: number;
}

interface AcceptRequest {
  token: string;
  email: string;
  name?: string | undefined;
  password: string;
  address?: string | undefined;
}

interface LinksOptions {
  db: Db;
  /** Keyed hash of one-time tokens. */
  hash: KeyedHash;
  now: Clock;
  passwords: Passwords;
  onAudit?: Audit | undefined;
}

export type Links = ReturnType<typeof createLinks>;

/** Links that work once: an invitation to the gateway, and a new password for somebody who has lost theirs. */
export function createLinks({ db, hash, now, passwords, onAudit }: LinksOptions) {
  const find = (purpose: OneTimeToken['purpose'], token: string) =>
    findUsableToken(db, { purpose, hash: hash(token), now: now() });

  async function issue(token: Partial<OneTimeToken> & Pick<OneTimeToken, 'purpose'>, days: number) {
    const text = randomBytes(32).toString('base64url');
    const createdAt = now();
    const row = { id: Bun.randomUUIDv7(), hash: hash(text), createdAt, expiresAt: createdAt + days * DAY_MS };
    await insertOneTimeToken(db, { ...row, ...token });
    return { ...row, token: text };
  }

  /** An invitation for one person. `token` cannot be had again. Throws `forbidden` or `invalid_request`. */
  async function invite(account: Account, request: { role: unknown; email?: string | undefined }) {
    demand(account, 'manage-people');
    const role = checkRole(request.role);
    const email = request.email?.trim() ? checkEmail(request.email) : null;
    if (email !== null && (await findUserByEmail(db, email))) throw emailTaken();
    const { id, token, createdAt, expiresAt } = await issue({ purpose: 'invite', role, email }, INVITATION_DAYS);
    const subject = { kind: 'invitation', id, name: email } as const;
    onAudit?.({ actor: account, action: 'invitation.make', subject, details: { role } });
    return { token, invitation: { id, role, email, createdAt, expiresAt } satisfies Invitation };
  }

  /** Those that are still open, the newest first. Throws `forbidden`. */
  async function listInvitations(account: Account): Promise<Invitation[]> {
    demand(account, 'manage-people');
    return (await listUsableTokens(db, { purpose: 'invite', now: now() })).map(invitationOf);
  }

  /** False when there is no such invitation (any more). Throws `forbidden`. */
  async function withdraw(account: Account, id: string): Promise<boolean> {
    demand(account, 'manage-people');
    const gone = await deleteUnusedToken(db, { purpose: 'invite', id });
    if (!gone) return false;
    const subject = { kind: 'invitation', id, name: gone.email } as const;
    onAudit?.({ actor: account, action: 'invitation.withdraw', subject });
    return true;
  }

  async function findInvitation(token: string): Promise<Invitation | null> {
    const found = await find('invite', token);
    return found ? invitationOf(found) : null;
  }

  /** Makes the invited person. Throws `forbidden` about the token, or `invalid_request`. */
  async function accept({ token, password, address, ...person }: AcceptRequest): Promise<Account> {
    // Before the password is hashed, so that a stranger cannot make us work.
    const invitation = await findInvitation(token);
    if (!invitation) throw unusableLink();
    const email = checkEmail(invitation.email ?? person.email);
    const name = checkPersonName(person.name, email);
    checkPassword(password, email);
    if (await findUserByEmail(db, email)) throw emailTaken();
    const user = {
      ...{ id: Bun.randomUUIDv7(), email, name, passwordHash: await passwords.hash(password), role: invitation.role },
      ...{ sessionVersion: 1, createdAt: now(), disabledAt: null },
    };
    const outcome = insertInvited(db, { user, tokenHash: hash(token) });
    if (outcome === 'token-unusable') throw unusableLink();
    if (outcome === 'email-taken') throw emailTaken();
    const account = accountOf(user);
    const subject = { kind: 'user', id: user.id, name } as const;
    onAudit?.({ actor: { ...account, address }, action: 'invitation.accept', subject, details: { role: user.role } });
    return account;
  }

  /** The token of a link that sets somebody's password, in place of any before; null when there is no such person. */
  async function issueReset(account: Account, userId: string) {
    demand(account, 'manage-people');
    const user = await findUser(db, userId);
    if (!user) return null;
    await deleteResetTokens(db, userId);
    const { token, expiresAt } = await issue({ purpose: 'reset', userId }, RESET_DAYS);
    onAudit?.({ actor: account, action: 'password.link', subject: { kind: 'user', id: userId, name: user.name } });
    return { token, expiresAt, name: user.name };
  }

  /** Whose password a link sets; null when it is not valid (any more), or the person is disabled. */
  async function findReset(token: string): Promise<Account | null> {
    const found = await find('reset', token);
    const user = found?.userId ? await findUser(db, found.userId) : null;
    return user && user.disabledAt === null ? accountOf(user) : null;
  }

  /** Sets the password, and ends every session of the person. Throws `forbidden` about the token, or `invalid_request`. */
  async function reset({
    token,
    password,
    address,
  }: {
    token: string;
    password: string;
    address?: string | undefined;
  }) {
    const account = await findReset(token);
    if (!account) throw unusableLink();
    checkPassword(password, account.email);
    const passwordHash = await passwords.hash(password);
    const isDone = replacePassword(db, { userId: account.id, passwordHash, tokenHash: hash(token), now: now() });
    if (!isDone) throw unusableLink();
    const subject = { kind: 'user', id: account.id, name: account.name } as const;
    onAudit?.({ actor: { ...account, address }, action: 'password.reset', subject });
    return account;
  }

  return { invite, listInvitations, withdraw, findInvitation, accept, issueReset, findReset, reset };
}

function invitationOf({ id, role, email, createdAt, expiresAt }: OneTimeToken): Invitation {
  return { id, role: role ?? 'viewer', email, createdAt, expiresAt: expiresAt ?? createdAt };
}

function unusableLink(): GatewayError {
  return new GatewayError('forbidden', 'This link is not valid any more. Ask an admin for a new one.', {
    param: 'token',
  });
}

function emailTaken(): GatewayError {
  return new GatewayError('invalid_request', 'Somebody with this e-mail address is here already.', { param: 'taken' });
}
