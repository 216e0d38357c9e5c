import { type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { jwt } from '@elysiajs/jwt';
import { z } from 'zod';
import type { Db } from '../db/client.ts';
import { deleteSetting, findSetting, listSettings, saveSetting } from '../db/queries/settings.ts';
import { findUser, touchUser } from '../db/queries/users.ts';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import { createKeyedHash, deriveKey } from '../lib/secret-box.ts';
import { accountOf } from './accounts.ts';
import type { Account } from './permissions.ts';

export const SESSION_SECONDS = 12 * 3600;

/** However often it is renewed, after a week a person signs in again. */
const LONGEST_SECONDS = 7 * 24 * 3600;

/** How exactly it is known when a person was here last. */
const SEEN_MS = 5 * 60_000;

/** Where ended sessions are remembered until their tokens have expired. */
const ENDED = 'ended-session:';

const sessionClaims = z.object({
  sub: z.string(),
  /** The session, which keeps its id when its token is renewed. */
  sid: z.string(),
  /** The user's `sessionVersion` at sign-in. */
  version: z.number(),
  /** When the person signed in, and when this token ends; seconds since 1970. */
  since: z.number(),
  exp: z.number(),
});

type Claims = z.infer<typeof sessionClaims>;

/** A person who is signed in. The role is the one they have now, not the one they signed in with. */
export interface Session {
  id: string;
  account: Account;
  /** Goes into every form, and proves that the form was ours: another site cannot read it. */
  formToken: string;
  /** The user's `sessionVersion` at sign-in. */
  version: number;
  /** When the person signed in, and when this token ends; seconds since 1970. */
  since: number;
  expiresAt: number;
}

interface SessionsOptions {
  db: Db;
  /** Derived from the master key for this purpose. */
  key: KeyObject;
  now: Clock;
}

export type Sessions = ReturnType<typeof createSessions>;

/** Signed tokens (JWT, HS256) that say who somebody is; what may have changed since is looked up on every use. */
export function createSessions({ db, key, now }: SessionsOptions) {
  // The plugin is taken for its signer alone: the edges get a session, never the token's claims.
  const signer = jwt({ name: 'signer', secret: deriveKey(key, 'session token').export(), alg: 'HS256', iat: false })
    .decorator.signer;
  const formTokenOf = createKeyedHash(deriveKey(key, 'form token'));
  const seconds = () => Math.floor(now() / 1000);

  const sign = (claims: Claims) => signer.sign(claims);

  /** Signs a person in: the token of a new session. */
  async function start(userId: string): Promise<string> {
    const user = await findUser(db, userId);
    if (!user || user.disabledAt !== null) throw new GatewayError('forbidden', 'This account cannot sign in.');
    const sid = randomBytes(16).toString('base64url');
    const since = seconds();
    return await sign({ sub: user.id, sid, version: user.sessionVersion, since, exp: since + SESSION_SECONDS });
  }

  /** Null for a token that is absent, forged, expired, signed out, or somebody's who was disabled. */
  async function read(token: string | null): Promise<Session | null> {
    const claims = token === null ? null : await verify(token);
    if (!claims) return null;
    const user = await findUser(db, claims.sub);
    if (!user || user.disabledAt !== null || user.sessionVersion !== claims.version) return null;
    if ((await findSetting(db, ENDED + claims.sid)) !== null) return null;
    if (user.lastSeenAt === null || now() - user.lastSeenAt >= SEEN_MS) await touchUser(db, user.id, now());
    const { sid: id, version, since, exp: expiresAt } = claims;
    return { id, account: accountOf(user), formToken: formTokenOf(id), version, since, expiresAt };
  }

  async function verify(token: string): Promise<Claims | null> {
    const payload = await signer.verify(token, { algorithms: ['HS256'], currentDate: new Date(now()) });
    const claims = sessionClaims.safeParse(payload);
    return claims.success ? claims.data : null;
  }

  /** A fresh token for a session whose own is half spent; null while it is not, or when a new sign-in is due anyway. */
  async function renew(session: Session): Promise<string | null> {
    const isHalfSpent = session.expiresAt - seconds() < SESSION_SECONDS / 2;
    const exp = Math.min(seconds() + SESSION_SECONDS, session.since + LONGEST_SECONDS);
    if (!isHalfSpent || exp <= session.expiresAt) return null;
    const { id: sid, version, since } = session;
    return await sign({ sub: session.account.id, sid, version, since, exp });
  }

  /** Signs out of this session alone. None of its tokens works again, wherever a copy of it may be. */
  async function end(session: Session): Promise<void> {
    for (const { name, value } of await listSettings(db, ENDED)) {
      if (Number(value) < seconds()) await deleteSetting(db, name);
    }
    await saveSetting(db, ENDED + session.id, String(seconds() + SESSION_SECONDS));
  }

  /** Whether a form came from a page of this session. */
  function isFormToken(session: Session, presented: string | null): boolean {
    const [ours, theirs] = [Buffer.from(session.formToken), Buffer.from(presented ?? '')];
    return ours.length === theirs.length && timingSafeEqual(ours, theirs);
  }

  return { start, read, renew, end, isFormToken };
}
