import { randomBytes } from 'node:crypto';
import type { Db } from '../db/client.ts';
import { isTokenUsable, replaceOneTimeToken } from '../db/queries/one-time-tokens.ts';
import { findUserByEmail, hasAdmin, insertFirstAdmin, listUsers, raiseSessionVersion } from '../db/queries/users.ts';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { KeyedHash } from '../lib/secret-box.ts';
import type { Audit } from './audit.ts';
import { createPasswords, type Passwords } from './password.ts';
import type { Account } from './permissions.ts';
import { checkEmail, checkPassword, checkPersonName, isPossiblePassword, normalizeEmail } from './rules.ts';
import { createThrottle } from './throttle.ts';

const SETUP_TOKEN_LIFE_MS = 24 * 3_600_000;

interface AccountsOptions {
  db: Db;
  /** Keyed hash of one-time tokens. */
  hash: KeyedHash;
  now: Clock;
  onAudit?: Audit | undefined;
  passwords?: Passwords | undefined;
}

interface SetupRequest {
  token: string;
  address?: string | undefined;
  email: string;
  name?: string | undefined;
  password: string;
}

interface SignInRequest {
  email: string;
  password: string;
  /** Where the attempt comes from, as far as we can tell: failures are counted per address and e-mail. */
  address: string;
}

export type Accounts = ReturnType<typeof createAccounts>;

/** The people of this gateway: how the first one gets in, and how everybody proves to be themselves. */
export function createAccounts({ db, hash, now, onAudit, passwords = createPasswords() }: AccountsOptions) {
  const throttle = createThrottle(now);

  /** A new setup token, in place of any unused one; null once there is an admin. It is good for one use within a day. */
  async function issueSetupToken(): Promise<string | null> {
    if (await hasAdmin(db)) return null;
    const token = randomBytes(32).toString('base64url');
    const createdAt = now();
    const row = { id: Bun.randomUUIDv7(), purpose: 'setup', hash: hash(token), createdAt } as const;
    await replaceOneTimeToken(db, { ...row, expiresAt: createdAt + SETUP_TOKEN_LIFE_MS });
    return token;
  }

  function isSetUp(): Promise<boolean> {
    return hasAdmin(db);
  }

  function isSetupToken(token: string): Promise<boolean> {
    return isTokenUsable(db, { purpose: 'setup', hash: hash(token), now: now() });
  }

  /** Makes the first admin and uses the token up, both or neither. Throws `forbidden` or `invalid_request`. */
  async function setup({ token, password, address, ...person }: SetupRequest): Promise<Account> {
    if (await isSetUp()) throw alreadySetUp();
    // Before the password is hashed, so that a stranger cannot make us work.
    if (!(await isSetupToken(token))) throw unusableToken();
    const email = checkEmail(person.email);
    const name = checkPersonName(person.name, email);
    checkPassword(password, email);

    const passwordHash = await passwords.hash(password);
    const user = {
      ...{ id: Bun.randomUUIDv7(), email, name, passwordHash, role: 'admin' as const },
      ...{ sessionVersion: 1, createdAt: now(), disabledAt: null },
    };
    const outcome = await insertFirstAdmin(db, { user, tokenHash: hash(token) });
    if (outcome === 'admin-exists') throw alreadySetUp();
    if (outcome === 'token-unusable') throw unusableToken();
    const account = accountOf(user);
    onAudit?.({ actor: { ...account, address }, action: 'setup', subject: { kind: 'gateway', id: null, name: null } });
    return account;
  }

  /**
   * Throws `invalid_key` for a wrong e-mail or password, without telling which and after the same time, and `rate_limited`
   * after too many of them.
   */
  async function signIn({ email, password, address }: SignInRequest): Promise<Account> {
    const who = normalizeEmail(email);
    const attempt = hash(`${address} ${who}`);
    throttle.begin(attempt);

    const user = await findUserByEmail(db, who);
    const isActive = user !== null && user.disabledAt === null;
    const isRight =
      isPossiblePassword(password) && (await passwords.verify(password, isActive ? user.passwordHash : null));
    if (!isRight || !isActive) {
      // What was typed is not kept: it may be a password in the wrong field.
      const subject = { kind: 'user', id: user?.id ?? null, name: user?.name ?? null } as const;
      onAudit?.({ actor: null, action: 'session.refuse', subject, details: { address } });
      throw new GatewayError('invalid_key', 'The e-mail or the password is wrong.');
    }
    throttle.forgive(attempt);
    const account = accountOf(user);
    const subject = { kind: 'user', id: user.id, name: user.name } as const;
    onAudit?.({ actor: { ...account, address }, action: 'session.sign-in', subject });
    return account;
  }

  /** Ends every session of this person, wherever it is. */
  function signOutEverywhere(userId: string): Promise<void> {
    return raiseSessionVersion(db, userId);
  }

  /** How everybody is called, by their id. */
  async function names(): Promise<Map<string, string>> {
    return new Map((await listUsers(db)).map(({ id, name }) => [id, name]));
  }

  return { names, issueSetupToken, isSetUp, isSetupToken, setup, signIn, signOutEverywhere };
}

export function accountOf({ id, email, name, role }: Account): Account {
  return { id, email, name, role };
}

function alreadySetUp(): GatewayError {
  return new GatewayError('forbidden', 'This gateway has an admin already. Sign in instead.');
}

function unusableToken(): GatewayError {
  return new GatewayError(
    'forbidden',
    'This setup link is not valid any more. Restart the gateway: it prints a new one until there is an admin.',
    { param: 'token' },
  );
}
