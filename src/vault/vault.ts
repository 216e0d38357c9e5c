import type { KeyObject } from 'node:crypto';
import type { Db } from '../db/client.ts';
import {
  changeProviderKeyWeight,
  insertProviderKey,
  listProviderKeys,
  revokeProviderKey,
} from '../db/queries/provider-keys.ts';
import type { ProviderKey } from '../db/schema.ts';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { deriveKey, open, seal } from '../lib/secret-box.ts';
import { MASTER_KEY_FILE } from './master-key.ts';

const MAX_KEY_LENGTH = 4096;
const MAX_NAME_LENGTH = 100;
const MAX_WEIGHT = 100;

/** A provider key as people see it: nothing of the key itself, not even its last characters. */
export interface ProviderKeySummary {
  id: string;
  provider: string;
  name: string;
  /** Its share of the provider's calls against the other keys; 0 = set aside. */
  weight: number;
  createdAt: number;
}

/** A key to call a provider with. */
export interface HeldKey {
  id: string;
  apiKey: Secret;
  weight: number;
}

interface VaultOptions {
  db: Db;
  masterKey: KeyObject;
  now: Clock;
  /** Called after every change, before the promise of the change resolves. */
  onChange?: (() => void | Promise<void>) | undefined;
}

export type Vault = ReturnType<typeof createVault>;

/** Keeps the providers' keys: sealed in the database, open in memory from `load()` on. */
export function createVault({ db, masterKey, now, onChange }: VaultOptions) {
  const boxKey = deriveKey(masterKey, 'provider keys');
  const keyId = masterKeyId(masterKey);
  let held: { row: ProviderKeySummary; key: Secret }[] = [];

  /** Reads every key into memory. Throws a sentence when the master key is not the one that sealed them. */
  async function load(): Promise<void> {
    const rows = await listProviderKeys(db);
    held = rows.map((row) => ({ row: summaryOf(row), key: unseal(row) }));
  }

  function unseal(row: ProviderKey): Secret {
    if (row.keyId !== keyId) {
      throw new Error(
        `Cannot start: ${MASTER_KEY_FILE} in the data folder is not the key that sealed the provider keys in the database ` +
          `(it is ${keyId}, they need ${row.keyId}). Put the file back that belongs to this database.`,
      );
    }
    try {
      return new Secret(open(boxKey, row.sealed, contextOf(row)));
    } catch (cause) {
      throw new Error(`Cannot start: the sealed provider key "${row.name}" (${row.id}) was changed in the database.`, {
        cause,
      });
    }
  }

  /** Seals and keeps a key. It is in use when the promise resolves. Throws `invalid_request`. */
  async function add({
    provider,
    name,
    key,
    weight = 1,
  }: {
    provider: string;
    name: string;
    key: Secret;
    weight?: number | undefined;
  }): Promise<ProviderKeySummary> {
    const row = {
      id: Bun.randomUUIDv7(),
      provider,
      name: checkName(name),
      weight: checkWeight(weight),
      createdAt: now(),
    };
    const checked = checkKey(key);
    const sealed = seal(boxKey, checked.reveal(), contextOf(row));
    await insertProviderKey(db, { ...row, sealed, keyId, revokedAt: null });
    held = [{ row, key: checked }, ...held];
    await onChange?.();
    return row;
  }

  /** Keys in use, the newest first. */
  function list(): ProviderKeySummary[] {
    return held.map(({ row }) => row);
  }

  /** Erases a key; it is out of use when the promise resolves. False when there is no such key. */
  async function revoke(id: string): Promise<boolean> {
    if (!(await revokeProviderKey(db, id, now()))) return false;
    held = held.filter(({ row }) => row.id !== id);
    await onChange?.();
    return true;
  }

  /** Changes a key's share of the calls, at once. False when there is no such key. Throws `invalid_request`. */
  async function changeWeight(id: string, weight: number): Promise<boolean> {
    if (!(await changeProviderKeyWeight(db, id, checkWeight(weight)))) return false;
    held = held.map(({ row, key }) => ({ row: row.id === id ? { ...row, weight } : row, key }));
    await onChange?.();
    return true;
  }

  /** The keys we hold for a provider, the newest first. From memory. */
  function keysOf(providerId: string): HeldKey[] {
    const own = held.filter(({ row }) => row.provider === providerId);
    return own.map(({ row: { id, weight }, key }) => ({ id, weight, apiKey: key }));
  }

  return { load, add, list, revoke, changeWeight, keysOf };
}

/** Names a master key without telling anything about it. */
function masterKeyId(masterKey: KeyObject): string {
  return deriveKey(masterKey, 'master key id').export().subarray(0, 6).toString('hex');
}

/** Binds a sealed key to its row: moved to another provider's row, it does not open. */
function contextOf({ provider, id }: { provider: string; id: string }): string {
  return `${provider}/${id}`;
}

function summaryOf({ id, provider, name, weight, createdAt }: ProviderKey): ProviderKeySummary {
  return { id, provider, name, weight, createdAt };
}

function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '' && trimmed.length <= MAX_NAME_LENGTH) return trimmed;
  throw new GatewayError('invalid_request', `A key needs a name of 1 to ${MAX_NAME_LENGTH} characters.`, {
    param: 'name',
  });
}

function checkWeight(weight: number): number {
  if (Number.isInteger(weight) && weight >= 0 && weight <= MAX_WEIGHT) return weight;
  throw new GatewayError('invalid_request', `A weight is a whole number from 0 (set aside) to ${MAX_WEIGHT}.`, {
    param: 'weight',
  });
}

/** The key goes out in a request header, where anything but visible ASCII would be refused, or worse, split the header. */
function checkKey(key: Secret): Secret {
  const trimmed = key.reveal().trim();
  if (/^[\x21-\x7e]+$/.test(trimmed) && trimmed.length <= MAX_KEY_LENGTH) return new Secret(trimmed);
  throw new GatewayError(
    'invalid_request',
    'This is not a provider key: paste it whole, without spaces or line breaks.',
    {
      param: 'key',
    },
  );
}
