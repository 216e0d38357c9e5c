import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { RoutePolicy } from '../chat/route-policy.ts';
import type { Db } from '../db/client.ts';
import { limitSet } from '../db/limit-set.ts';
import {
  changeGatewayKey,
  findGatewayKey,
  type GatewayKeySummary,
  insertGatewayKey,
  type KeyChange,
  listGatewayKeys,
  restoreGatewayKey,
  revokeGatewayKey,
  rotateGatewayKey,
} from '../db/queries/gateway-keys.ts';
import { findUser } from '../db/queries/users.ts';
import type { GatewayKey } from '../db/schema.ts';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { KeyedHash } from '../lib/secret-box.ts';
import { type Audit, type AuditAction, changesBetween } from './audit.ts';
import { check } from './check.ts';
import { demandNotWider, patchLimits } from './limits.ts';
import { demandKnownModels, type IsModel } from './model-names.ts';
import { type Account, demand, may } from './permissions.ts';

const PREFIX = 'gw-';
const SHOWN_LENGTH = PREFIX.length + 6;
const HOUR_MS = 3_600_000;

/** How long a revocation can be taken back. */
export const UNDO_MS = 15 * 60_000;
/** How long the old secret of a rotated key can be made to work. */
export const MAX_OVERLAP_HOURS = 30 * 24;

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
  storesBodies: z.boolean('Whether prompts and answers are kept is true or false.').nullish(),
});

const rotation = z.strictObject({
  overlapHours: z
    .int('The overlap is a whole number of hours.')
    .min(0, 'The overlap is at least 0 hours, which ends the old key now.')
    .max(MAX_OVERLAP_HOURS, `The overlap is at most ${MAX_OVERLAP_HOURS} hours.`)
    .default(24),
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
  /** What a key without a number of its own has at this moment; 0 = no limit. */
  defaultRequestsPerMinute?: (() => number) | undefined;
  /** Left out: every name is taken for one. */
  isModel?: IsModel | undefined;
}

export type Keys = ReturnType<typeof createKeys>;

/** The keys programs use the gateway with, and who may make, see and revoke them. */
export function createKeys({ db, hash, now, onChange, onAudit, ...options }: KeysOptions) {
  const { defaultRequestsPerMinute = () => 0, isModel = () => true } = options;

  /**
   * Makes a key without asking who wants it. `key` is its whole text, which is nowhere kept and cannot be had again.
   * Throws `invalid_request`.
   */
  async function create({ userId, ...request }: KeyRequest & { userId: string | null }) {
    const wish = checkRequest(request, now());
    const { key, prefix } = newText();
    const row: GatewayKeySummary = {
      id: Bun.randomUUIDv7(),
      userId,
      name: wish.name,
      prefix,
      previousUntil: null,
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
    const stored: GatewayKey = { ...row, hash: hash(key), previousHash: null };
    await insertGatewayKey(db, stored);
    await onChange?.();
    return { key, row };
  }

  /**
   * Makes a key for a person, theirs unless they may make it for somebody else (`ownerId`). It can do no more than they can.
   * Throws `forbidden` or `invalid_request`.
   */
  async function mint(
    account: Account,
    { ownerId = account.id, ...request }: UncheckedKeyRequest & { ownerId?: unknown },
  ) {
    demand(account, 'make-keys');
    const userId = await ownerOf(account, ownerId);
    const wish = checkRequest(request, now());
    demandKnownModels(isModel, wish);
    if (wish.limits && !may(account, 'set-key-limits')) {
      const own = (await findUser(db, account.id))?.limits ?? {};
      demandNotWider(wish.limits, { requestsPerMinute: defaultRequestsPerMinute(), ...own });
    }
    const made = await create({ ...wish, userId });
    const { limits, ...details } = wish;
    note(account, 'key.make', made.row, {
      ...details,
      ...limits,
      ...(userId === account.id ? {} : { ownerId: userId }),
    });
    return made;
  }

  async function ownerOf(account: Account, ownerId: unknown): Promise<string> {
    if (ownerId === account.id) return account.id;
    demand(account, 'make-keys-for-others');
    const owner = typeof ownerId === 'string' ? await findUser(db, ownerId) : null;
    if (owner && owner.disabledAt === null) return owner.id;
    throw new GatewayError('invalid_request', 'There is nobody like that to own a key.', { param: 'ownerId' });
  }

  /** Admins and viewers see every key, members their own. The newest first, revoked ones too. */
  function list(account: Account): Promise<GatewayKeySummary[]> {
    return listGatewayKeys(db, may(account, 'see-all-keys') ? null : account.id);
  }

  /** Null when there is no such key, or none this person may know of. */
  function find(account: Account, id: string): Promise<GatewayKeySummary | null> {
    return findGatewayKey(db, { id, userId: may(account, 'see-all-keys') ? null : account.id });
  }

  /** False when there is no such key to revoke, or none this person may know of. Throws `forbidden` to viewers. */
  async function revoke(account: Account, id: string): Promise<boolean> {
    demand(account, 'revoke-own-keys');
    const revoked = await revokeGatewayKey(db, { id, userId: reachOf(account, 'revoke-all-keys'), revokedAt: now() });
    return await told(account, 'key.revoke', revoked);
  }

  /** Takes a revocation back, within a quarter of an hour. False when that is over. Throws `forbidden` to viewers. */
  async function restore(account: Account, id: string): Promise<boolean> {
    demand(account, 'revoke-own-keys');
    const reach = reachOf(account, 'revoke-all-keys');
    return await told(
      account,
      'key.restore',
      await restoreGatewayKey(db, { id, userId: reach, since: now() - UNDO_MS }),
    );
  }

  /**
   * Gives a key a new text, shown this once, while the old one works for some hours more: limits, spend and history stay
   * with the key. Null when there is no such key that works, or none this person may know of. Throws `forbidden` or
   * `invalid_request`.
   */
  async function rotate(account: Account, id: string, request: unknown) {
    demand(account, 'change-own-keys');
    const { overlapHours } = check(rotation, request);
    const { key, prefix } = newText();
    const row = await rotateGatewayKey(db, {
      ...{ id, userId: reachOf(account, 'change-all-keys'), hash: hash(key), prefix },
      previousUntil: now() + overlapHours * HOUR_MS,
    });
    if (!row) return null;
    await told(account, 'key.rotate', row, { overlapHours });
    return { key, row };
  }

  /** Whose keys are within a person's reach: null = everybody's. */
  function reachOf(account: Account, action: 'revoke-all-keys' | 'change-all-keys'): string | null {
    return may(account, action) ? null : account.id;
  }

  async function told(
    account: Account,
    action: AuditAction,
    row: GatewayKeySummary | null,
    details = {},
  ): Promise<boolean> {
    if (!row) return false;
    await onChange?.();
    note(account, action, row, details);
    return true;
  }

  function note(actor: Account, action: AuditAction, { id, name }: GatewayKeySummary, details: object): void {
    onAudit?.({ actor, action, subject: { kind: 'key', id, name }, details: { ...details } });
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
    const userId = reachOf(account, 'change-all-keys');
    const changed = changeGatewayKey(db, { id, userId }, (row) => {
      const fields: KeyChange = {};
      if (wish.name !== undefined) fields.name = wish.name;
      if (wish.strategy !== undefined) fields.strategy = wish.strategy;
      if (wish.policy !== undefined) fields.policy = wish.policy;
      if (wish.expiresAt !== undefined) fields.expiresAt = wish.expiresAt;
      if (wish.fallbackModels !== undefined) fields.fallbackModels = wish.fallbackModels ?? [];
      if (wish.storesBodies != null) fields.storesBodies = wish.storesBodies;
      if (limits) fields.limits = patchLimits(row.limits, limits);
      checkStrategy({ ...row, ...fields });
      demandKnownModels(isModel, fields, row);
      return fields;
    });
    if (!changed) return null;
    await told(account, 'key.change', changed.after, changesBetween(changed.before, changed.after));
    return changed.after;
  }

  return { create, mint, list, find, change, rotate, revoke, restore };
}

function newText(): { key: string; prefix: string } {
  const key = PREFIX + randomBytes(32).toString('base64url');
  return { key, prefix: key.slice(0, SHOWN_LENGTH) };
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
