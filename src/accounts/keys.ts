import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { RoutePolicy } from '../chat/route-policy.ts';
import type { Db } from '../db/client.ts';
import { limitSet } from '../db/limit-set.ts';
import {
  changeGatewayKey,
  type GatewayKeySummary,
  insertGatewayKey,
  type KeyChange,
  listGatewayKeys,
  revokeGatewayKey,
} from '../db/queries/gateway-keys.ts';
import { findUser } from '../db/queries/users.ts';
import type { GatewayKey } from '../db/schema.ts';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { KeyedHash } from '../lib/secret-box.ts';
import type { Audit } from './audit.ts';
import { check } from './check.ts';
import { demandNotWider, patchLimits } from './limits.ts';
import { type Account, demand, may } from './permissions.ts';

const PREFIX = 'gw-';
const SHOWN_LENGTH = PREFIX.length + 6;

export const STRATEGIES = ['cost', 'quality', 'speed', 'balanced'] as const;

/** What can be asked of a new key. Fields left out, or null, are the gateway's defaults. */
export const keyRequest = z.strictObject({
  name: z.string().trim().min(1, 'A key needs a name.').max(100, 'A name has at most 100 characters.'),
  strategy: z.enum(STRATEGIES, `A strategy is one of ${STRATEGIES.join(', ')}.`).nullish(),
  /** Milliseconds since 1970. */
  expiresAt: z.int('An expiry is a time in whole milliseconds since 1970.').nullish(),
  limits: limitSet.nullish(),
  policy: RoutePolicy.nullish(),
  fallbackModels: z
    .array(z.string().trim().min(1, 'A model has a name.').max(200, 'A model name has at most 200 characters.'))
    .max(10, 'A key has at most 10 fallback models.')
    .nullish(),
  /** Whether prompts and answers are kept for a while; they are not unless this is true. */
  storesBodies: z.boolean('Whether bodies are kept is true or false.').nullish(),
});

export type KeyRequest = z.input<typeof keyRequest>;

/** The same before anybody has looked at it, as a form or a program sent it. */
export type UncheckedKeyRequest = { [Field in keyof KeyRequest]: unknown };

/** What can be changed of a key. Of `limits`, those that are named change, and null takes one away. */
const keyChange = z.strictObject({ ...keyRequest.shape, limits: z.record(z.string(), z.unknown()) }).partial();

interface KeysOptions {
  db: Db;
  /** Keyed hash of whole keys; the one `auth` looks them up by. */
  hash: KeyedHash;
  now: Clock;
  /** Called after every change, before the promise of the change resolves, so that a change holds from the next request on. */
  onChange?: (() => void | Promise<void>) | undefined;
  onAudit?: Audit | undefined;
  /** What a key without a number of its own has; 0 = no limit. */
  defaultRequestsPerMinute?: number | undefined;
}

export type Keys = ReturnType<typeof createKeys>;

/** The keys programs use the gateway with, and who may make, see and revoke them. */
export function createKeys({ db, hash, now, onChange, onAudit, defaultRequestsPerMinute = 0 }: KeysOptions) {
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
      limits: wish.limits ?? {},
      policy: wish.policy ?? null,
      storesBodies: wish.storesBodies ?? false,
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
    if (wish.limits && !may(account, 'set-key-limits')) {
      const own = (await findUser(db, account.id))?.limits ?? {};
      demandNotWider(wish.limits, { requestsPerMinute: defaultRequestsPerMinute, ...own });
    }
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

  /**
   * Changes a key; it holds from the next request on. Members change their own, but not its limits or expiry, which somebody
   * may have set for them. Null when there is no such key, or none this person may know of. Throws `forbidden` or
   * `invalid_request`.
   */
  async function change(account: Account, id: string, request: unknown): Promise<GatewayKeySummary | null> {
    demand(account, 'change-own-keys');
    const { limits, ...wish } = check(keyChange, request);
    if (limits || wish.expiresAt !== undefined) demand(account, 'set-key-limits');
    const userId = may(account, 'change-all-keys') ? null : account.id;
    const changed = changeGatewayKey(db, { id, userId }, (row) => {
      const fields: KeyChange = {};
      if (wish.name !== undefined) fields.name = wish.name;
      if (wish.strategy !== undefined) fields.strategy = wish.strategy;
      if (wish.policy !== undefined) fields.policy = wish.policy;
      if (wish.expiresAt !== undefined) fields.expiresAt = wish.expiresAt;
      if (wish.fallbackModels !== undefined) fields.fallbackModels = wish.fallbackModels ?? [];
      if (wish.storesBodies !== undefined) fields.storesBodies = wish.storesBodies ?? false;
      if (limits) fields.limits = patchLimits(row.limits, limits);
      checkStrategy({ ...row, ...fields });
      return fields;
    });
    if (!changed) return null;
    await onChange?.();
    onAudit?.({ actorId: account.id, action: 'key.change', subjectId: id, ...changed });
    return changed.after;
  }

  return { create, mint, list, change, revoke };
}

function checkRequest(request: UncheckedKeyRequest, now: number) {
  const wish = check(keyRequest, request);
  const { expiresAt } = wish;
  if (typeof expiresAt === 'number' && expiresAt <= now) {
    throw new GatewayError('invalid_request', 'The expiry of a new key lies in the future.', { param: 'expiresAt' });
  }
  checkStrategy(wish);
  return wish;
}

/** A key that may not do what it does of itself would refuse every request. */
function checkStrategy({ strategy, limits }: Pick<KeyRequest, 'strategy' | 'limits'>): void {
  const allowed = limits?.allowedStrategies;
  if (!strategy || !allowed || allowed.includes(strategy)) return;
  throw new GatewayError('invalid_request', `The key's own strategy, ${strategy}, is not among those it may use.`, {
    param: 'strategy',
  });
}
