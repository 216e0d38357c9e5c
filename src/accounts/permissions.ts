import type { User } from '../db/schema.ts';
import { GatewayError } from '../errors.ts';

/** A person as the rest of the program knows them: nothing of the password. */
export type Account = Pick<User, 'id' | 'email' | 'name' | 'role'>;

/** Who may do what. What is not listed here nobody may do; everybody who is signed in may look at the overview. */
const ALLOWED = {
  'see-all-keys': ['admin', 'viewer'],
  'make-keys': ['admin', 'member'],
  'see-all-requests': ['admin', 'viewer'],
  'revoke-own-keys': ['admin', 'member'],
  'revoke-all-keys': ['admin'],
  'change-own-keys': ['admin', 'member'],
  'change-all-keys': ['admin'],
  /** Without this a key can be made narrower than its maker, not wider: nobody may give a key more than they have. */
  'set-key-limits': ['admin'],
  'set-user-limits': ['admin'],
  'see-providers': ['admin', 'viewer'],
  'change-provider-keys': ['admin'],
  'change-catalogue': ['admin'],
} as const satisfies Record<string, readonly User['role'][]>;

export type Action = keyof typeof ALLOWED;

export function may(account: Pick<Account, 'role'>, action: Action): boolean {
  const roles: readonly User['role'][] = ALLOWED[action];
  return roles.includes(account.role);
}

/** Throws `forbidden`. */
export function demand(account: Account, action: Action): void {
  if (may(account, action)) return;
  throw new GatewayError('forbidden', `Your role here is ${account.role}, which does not allow this. Ask an admin.`);
}
