import type { GatewayKey } from '../../db/schema.ts';
import { GatewayError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';

interface AuthOptions {
  /** Keyed hash of a whole key, as the rows hold it. */
  hash: (key: string) => string;
  now: Clock;
}

/** What a key's text stands for. */
interface Known {
  row: GatewayKey;
  isOwnerDisabled: boolean;
  /** For the text before a rotation: when it ends. */
  until: number | null;
}

export type Auth = ReturnType<typeof createAuth>;

/** Tells whose key a request carries, from memory alone: the rows are replaced whenever somebody changes a key. */
export function createAuth({ hash, now }: AuthOptions) {
  let byHash = new Map<string, Known>();
  let byId = new Map<string, Known>();

  /** `disabledOwners` are people whose keys do not work for now. */
  function replaceKeys(rows: readonly GatewayKey[], disabledOwners: ReadonlySet<string> = new Set()): void {
    const next = { byHash: new Map<string, Known>(), byId: new Map<string, Known>() };
    for (const row of rows) {
      const isOwnerDisabled = row.userId !== null && disabledOwners.has(row.userId);
      const known = { row, isOwnerDisabled, until: null };
      if (row.previousHash !== null) next.byHash.set(row.previousHash, { ...known, until: row.previousUntil });
      next.byHash.set(row.hash, known);
      next.byId.set(row.id, known);
    }
    byHash = next.byHash;
    byId = next.byId;
  }

  /** Throws `missing_key`, `invalid_key`, `key_revoked` or `key_expired`. */
  function authenticate(presented: string | null): GatewayKey {
    if (!presented) {
      throw new GatewayError(
        'missing_key',
        'This request has no gateway key. Send yours as your SDK sends its API key.',
      );
    }
    return checkUsable(byHash.get(hash(presented)));
  }

  /**
   * The key of this id, for a person who does not have its text. Whoever calls this has made sure that the key is theirs to
   * use: nothing that a program sends may get here. Throws `invalid_key`, `key_revoked` or `key_expired`.
   */
  function vouch(id: string): GatewayKey {
    return checkUsable(byId.get(id));
  }

  function checkUsable(known: Known | undefined): GatewayKey {
    if (!known) throw new GatewayError('invalid_key', 'This gateway key is not known here.');
    const { row: key, until } = known;
    if (key.revokedAt !== null) throw new GatewayError('key_revoked', `The gateway key "${key.name}" was revoked.`);
    if (known.isOwnerDisabled) {
      throw new GatewayError('key_revoked', `The owner of the gateway key "${key.name}" is disabled.`);
    }
    if (until !== null && until <= now()) {
      throw new GatewayError('key_expired', `The gateway key "${key.name}" was rotated. Send its new text.`);
    }
    if (key.expiresAt !== null && key.expiresAt <= now()) {
      throw new GatewayError('key_expired', `The gateway key "${key.name}" has expired.`);
    }
    return key;
  }

  /** Every key, revoked and expired ones too. */
  const list = (): GatewayKey[] => [...byId.values()].map(({ row }) => row);

  return { replaceKeys, authenticate, vouch, list };
}
