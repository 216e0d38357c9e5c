import type { Accounts, Keys, SessionCookie, Sessions } from '../accounts/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Vault, Vendor } from '../vault/index.ts';
import type { Playground } from './ask.ts';
import type { Live } from './live.ts';
import type { Overview } from './overview-data.ts';
import type { Replays } from './replays.ts';
import type { RoutingData } from './routing-data.ts';

/** Everything the dashboard needs of the rest of the program. */
export interface DashboardOptions {
  config: {
    /** Where people reach us, without a slash at the end; null = as they asked. */
    publicUrl: string | null;
    /** The path of that, empty for none. */
    basePath: string;
  };
  accounts: Accounts;
  sessions: Sessions;
  sessionCookie: SessionCookie;
  keys: Keys;
  vault: Vault;
  /** Every provider, in the order they are shown. Asked each time, because a new key changes a state. */
  vendors: () => readonly Vendor[];
  overview: Overview;
  playground: Playground;
  routing: RoutingData;
  replays: Replays;
  live: Live;
  now: Clock;
}
