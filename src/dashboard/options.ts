import type { Accounts, Keys, SessionCookie, Sessions } from '../accounts/index.ts';
import type { OwnServers } from '../catalogue/own-servers.ts';
import type { ProviderDesk } from '../catalogue/provider-desk.ts';
import type { ClientOf } from '../lib/client-of.ts';
import type { Clock } from '../lib/clock.ts';
import type { RequestReports } from '../reports/requests.ts';
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
  /** Every provider with its health and its keys, and a way to try those. */
  providerDesk: ProviderDesk;
  /** The operator's servers that were added here. */
  ownServers: Pick<OwnServers, 'list' | 'find' | 'add' | 'change' | 'remove'>;
  overview: Overview;
  playground: Playground;
  routing: RoutingData;
  replays: Replays;
  requests: RequestReports;
  live: Live;
  clientOf: ClientOf;
  now: Clock;
}
