import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Db } from '../db/client.ts';
import {
  type GatewayKeySummary,
  insertGatewayKey,
  listGatewayKeys,
  revokeGatewayKey,
} from '../db/queries/gateway-keys.ts';
import type { GatewayKey } from '../db/schema.ts';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { KeyedHash } from '../lib/secret-box.ts';
import { type Account, demand, may } from './permissions.ts';

const PREFIX = 'gw-';
const SHOWN_LENGTH = PREFIX.length + 6;

export const STRATEGIES = ['cost', 'quality', 'speed', 'balanced'] as const;

/** What can be asked of a new key. Fields left out, or null, are the gateway's defaults. */
export const keyRequest = z.object({
  name: z.string().trim().min(1, 'A key needs a name.').max(100, 'A name has at most 100 characters.'),
  strategy: z.enum(STRATEGIES, `A strategy is one of ${STRATEGIES.join(', ')}.`).nullish(),
  /** Milliseconds since 1970. */
  expiresAt: z.int('An expiry is a time in whole milliseconds since 1970.').nullish(),
  /** 0 = no limit. */
  requestsPerMinute: z
    .int('A limit is a whole number of requests.')
    .min(0, 'A limit is at least 0, which means none.')
    .max(1_000_000, 'A limit is at most 1000000.')
    .nullish(),
  fallbackModels: z
    .array(z.string().trim().min(1, 'A model has a name.').max(200, 'A model name has at most 200 characters.'))
    .max(10, 'A key has at most 10 fallback models.')
    .nullish(),
});

export type KeyRequest = z.input<typeof keyRequest>;

/** The same before anybody has looked at it, as a form or a program sent it. */
export type UncheckedKeyRequest = { [Field in keyof KeyRequest]: unknown };

interface KeysOptions {
  db: Db;
  /** Keyed hash of whole keys; the one `auth` looks them up by. */
  hash: KeyedHash;
  now: Clock;
  /** Called after every change, before the promise of the change resolves, so that a change holds from the next request on. */
  onChange?: (() => void | Promise<void>) | undefined;
}

export type Keys = ReturnType<typeof createKeys>;

/** The keys programs use the gateway with, and who may make, see and revoke them. */
export function createKeys({ db, hash, now, onChange }: KeysOptions) {
  /**
   * Makes a key without asking who wants it. `key` is its whole text, which is nowhere kept and cannot be had again.
   * Throws `invalid_request`.
   */
  async function create({ userId, ...request }: KeyRequest & { userId: string | null }) {
    const wish = checkRequest(request, now());
    const key = PREFIX + randomBytes(32).toString('base64url');
    const row: GatewayKeySummary = {
      id: Bun.randomUUIDv7(),
      userId,
      name: wish.name,
      prefix: key.slice(0, SHOWN_LENGTH),
      strategy: wish.strategy ?? null,
      fallbackModels: wish.fallbackModels ?? [],
      requestsPerMinute: wish.requestsPerMinute ?? null,
      createdAt: now(),
      expiresAt: wish.expiresAt ?? null,
      revokedAt: null,
      lastUsedAt: null,
    };
    const stored: GatewayKey = { ...row, hash: hash(key) };
    await insertGatewayKey(db, stored);
    await onChange?.();
    return { key, row };
  }

  /** Makes a key for a person. It is theirs and can do no more than they can. Throws `forbidden` or `invalid_request`. */
  async function mint(account: Account, request: UncheckedKeyRequest) {
    demand(account, 'make-keys');
    const wish = checkRequest(request, now());
    if (typeof wish.requestsPerMinute === 'number') demand(account, 'set-key-limits');
    return await create({ ...wish, userId: account.id });
  }

  /** Admins and viewers see every key, members their own. The newest first, revoked ones too. */
  function list(account: Account): Promise<GatewayKeySummary[]> {
    return listGatewayKeys(db, may(account, 'see-all-keys') ? null : account.id);
  }

  /** False when there is no such key to revoke, or none this person may know of. Throws `forbidden` to viewers. */
  async function revoke(account: Account, id: string): Promise<boolean> {
    demand(account, 'revoke-own-keys');
    const userId = may(account, 'revoke-all-keys') ? null : account.id;
    if (!(await revokeGatewayKey(db, { id, userId, revokedAt: now() }))) return false;
    await onChange?.();
    return true;
  }

  return { create, mint, list, revoke };
}

function checkRequest(request: UncheckedKeyRequest, now: number) {
  const parsed = keyRequest.safeParse(request);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const param = z.core.toDotPath(issue?.path ?? []);
    throw new GatewayError('invalid_request', issue?.message ?? 'This key cannot be made.', { param });
  }
  const { expiresAt } = parsed.data;
  if (typeof expiresAt === 'number' && expiresAt <= now) {
    throw new GatewayError('invalid_request', 'The expiry of a new key lies in the future.', { param: 'expiresAt' });
  }
  return parsed.data;
}
