import type { KeyObject } from 'node:crypto';
import {
  type AuditLog,
  createAccounts,
  createKeys,
  createLinks,
  createPasswords,
  createPeople,
  createSessionCookie,
  createSessions,
  createUserLimits,
} from '../accounts/index.ts';
import type { Config } from '../config.ts';
import type { Db } from '../db/client.ts';
import type { Clock } from '../lib/clock.ts';
import { createKeyedHash, deriveKey, type KeyedHash } from '../lib/secret-box.ts';
import type { Settings } from '../settings/index.ts';

interface PeopleServicesOptions {
  db: Db;
  now: Clock;
  config: Config;
  masterKey: KeyObject;
  /** The one `auth` looks keys up by. */
  keyHash: KeyedHash;
  audit: AuditLog;
  settings: Settings;
  reloadKeys: () => Promise<void>;
  reloadUserLimits: () => Promise<void>;
  isModel: (name: string) => boolean;
}

/** Everything about people, how they come in, and the keys they hand to their programs. */
export function createPeopleServices(options: PeopleServicesOptions) {
  const { db, now, config, masterKey, keyHash, audit, settings, reloadKeys, reloadUserLimits, isModel } = options;
  const hash = createKeyedHash(deriveKey(masterKey, 'one-time tokens'));
  const common = { db, now, onAudit: audit.write };
  const passwords = createPasswords();
  return {
    accounts: createAccounts({ ...common, hash, passwords }),
    links: createLinks({ ...common, hash, passwords }),
    people: createPeople({ ...common, passwords, onChange: reloadKeys }),
    keys: createKeys({
      ...{ ...common, hash: keyHash, onChange: reloadKeys, isModel },
      defaultRequestsPerMinute: () => settings.current().requestsPerMinute,
    }),
    userLimits: createUserLimits({ db, onChange: reloadUserLimits, onAudit: audit.write, isModel }),
    sessions: createSessions({ db, key: deriveKey(masterKey, 'sessions'), now }),
    sessionCookie: createSessionCookie(config),
  };
}
