import type { GatewayKey } from '../../db/schema.ts';
import { GatewayError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';

interface AuthOptions {
  /** Keyed hash of a whole key, as the rows hold it. */
  hash: (key: string) => string;
  now: Clock;
}

export type Auth = ReturnType<typeof createAuth>;

/** Tells whose key a request carries, from memory alone: the rows are replaced whenever somebody changes a key. */
export function createAuth({ hash, now }: AuthOptions) {
  let byHash = new Map<string, GatewayKey>();
  let byId = new Map<string, GatewayKey>();

  function replaceKeys(rows: readonly GatewayKey[]): void {
    byHash = new Map(rows.map((row) => [row.hash, row]));
    byId = new Map(rows.map((row) => [row.id, row]));
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

  function checkUsable(key: GatewayKey | undefined): GatewayKey {
    if (!key) throw new GatewayError('invalid_key', 'This gateway key is not known here.');
    if (key.revokedAt !== null) throw new GatewayError('key_revoked', `The gateway key "${key.name}" was revoked.`);
    if (key.expiresAt !== null && key.expiresAt <= now()) {
      throw new GatewayError('key_expired', `The gateway key "${key.name}" has expired.`);
    }
    return key;
  }

  /** Every key, revoked and expired ones too. */
  const list = (): GatewayKey[] => [...byHash.values()];

  return { replaceKeys, authenticate, vouch, list };
}
