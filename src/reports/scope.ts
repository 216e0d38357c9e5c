import { type Account, may } from '../accounts/index.ts';
import type { Db } from '../db/client.ts';
import { listGatewayKeys } from '../db/queries/gateway-keys.ts';
import { SHADOW_KEY_ID } from '../db/shadow-key.ts';

const OWN = [SHADOW_KEY_ID, 'shadow'] as const;

/** Who asks. */
export type Asker = Pick<Account, 'id' | 'role'>;

/** Whose requests somebody may know of. */
export interface Scope {
  /** Undefined = all. */
  keyIds: string[] | undefined;
  userId: string | undefined;
  /** The names of these keys, by their id. */
  keyNames: Map<string, string>;
}

/** Admins and viewers see everything, members what their own keys have done. */
export async function scopeOf(db: Db, asker: Asker): Promise<Scope> {
  const seesAll = may(asker, 'see-all-requests');
  const keys = await listGatewayKeys(db, seesAll ? null : asker.id);
  return {
    keyIds: seesAll ? undefined : keys.map(({ id }) => id),
    userId: seesAll ? undefined : asker.id,
    // Who sees everything also sees what the gateway did by itself.
    keyNames: new Map([...keys.map(({ id, name }) => [id, name] as const), ...(seesAll ? [OWN] : [])]),
  };
}
