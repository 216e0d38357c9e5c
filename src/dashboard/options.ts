import type { Accounts, Keys, Sessions } from '../accounts/index.ts';
import type { ClientOf } from '../lib/client-of.ts';
import type { Clock } from '../lib/clock.ts';
import type { Vault, Vendor } from '../vault/index.ts';
import type { Overview } from './overview-data.ts';

/** Everything the dashboard needs of the rest of the program. */
export interface DashboardOptions {
  accounts: Accounts;
  sessions: Sessions;
  keys: Keys;
  vault: Vault;
  /** Every provider, in the order they are shown. Asked each time, because a new key changes a state. */
  vendors: () => readonly Vendor[];
  overview: Overview;
  clientOf: ClientOf;
  now: Clock;
}
