import type { ModelUsage } from '../../views/pages/model.tsx';
import type { ShadowReport } from '../../views/pages/routing-shadow.tsx';
import type { StatusReport } from '../../views/pages/status.tsx';
import type {
  Account,
  Accounts,
  AuditLog,
  Keys,
  Links,
  People,
  SessionCookie,
  Sessions,
  UserLimits,
} from '../accounts/index.ts';
import type { Changes } from '../catalogue/changes.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { Overrides } from '../catalogue/overrides.ts';
import type { OwnServers } from '../catalogue/own-servers.ts';
import type { ProviderDesk } from '../catalogue/provider-desk.ts';
import type { Snapshot } from '../db/snapshot.ts';
import type { ClientOf } from '../lib/client-of.ts';
import type { Clock } from '../lib/clock.ts';
import type { Experiments } from '../reports/experiments.ts';
import type { KeyUsageReports } from '../reports/key-usage.ts';
import type { RequestReports } from '../reports/requests.ts';
import type { Settings } from '../settings/index.ts';
import type { Vendor } from '../vault/index.ts';
import type { Playground } from './ask.ts';
import type { Live } from './live.ts';
import type { Overview } from './overview-data.ts';
import type { Replays } from './replays.ts';
import type { RoutingData } from './routing-data.ts';

/** What became of a message: null = it arrived, else why it did not. */
export type WebhookOutcome = string | null;

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
  userLimits: UserLimits;
  people: People;
  links: Links;
  audit: AuditLog;
  settings: Settings;
  keyUsage: KeyUsageReports;
  /** When the catalogue is brought up to date; null = not by itself. */
  schedule: { timeZone: string; refreshTime: string | null };
  status: () => Promise<StatusReport>;
  takeSnapshot: () => Promise<Snapshot>;
  /** Sends an event to the webhook, for somebody; null where there is none. */
  testWebhook: ((account: Account) => Promise<WebhookOutcome>) | null;
  /** What people change of models and providers; checked and written down. */
  changes: Changes;
  /** Every provider, in the order they are shown. Asked each time, because a new key changes a state. */
  vendors: () => readonly Vendor[];
  /** Every provider with its health and its keys. */
  providerDesk: Pick<ProviderDesk, 'list'>;
  /** The operator's servers that were added here. */
  ownServers: Pick<OwnServers, 'list' | 'find'>;
  catalogue: Pick<Catalogue, 'registry' | 'status' | 'changelog'>;
  /** What the operator says of models in place of their pages. */
  overrides: Pick<Overrides, 'find'>;
  /** What all keys used of a model in the last 30 days. */
  modelUsage: (provider: string, model: string) => Promise<ModelUsage>;
  overview: Overview;
  playground: Playground;
  routing: RoutingData;
  replays: Replays;
  /** What the arms of a key's experiment have come to. */
  experiments: Pick<Experiments, 'results'>;
  /** What the gateway's own comparisons have come to. */
  shadowReport: () => Promise<ShadowReport>;
  requests: RequestReports;
  live: Live;
  clientOf: ClientOf;
  now: Clock;
}
