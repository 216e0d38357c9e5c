import type { Db } from '../db/client.ts';
import { sumSpendByModel } from '../db/queries/spend.ts';
import type { Clock } from '../lib/clock.ts';
import type { Connections, KeyToUse } from '../providers/connections.ts';
import type { Health, KeyHealth, ProviderHealth } from '../providers/health.ts';
import type { Provider } from '../providers/provider.ts';
import { type KeyTrial, tryKey } from '../providers/try-key.ts';
import type { Vault } from '../vault/index.ts';

const HOUR_MS = 3_600_000;

/** A key as people see it: nothing of the key itself. */
export interface ProviderKeyReport extends KeyHealth {
  id: string;
  /** Null = it was not given a name, for it was not added on the dashboard. */
  name: string | null;
  weight: number;
  /** Null = it came from the environment or from a file. */
  createdAt: number | null;
}

export interface ProviderReport {
  id: string;
  label: string;
  baseUrl: string;
  state: 'connected' | 'simulated' | 'off';
  /** `own`: added on the dashboard, so it can be changed there. `file`: of `data/providers.json`. */
  origin: 'vendor' | 'file' | 'own';
  health: Health;
  /** Requests of this hour and the last whose answer was this provider's, and how many of them ended badly. */
  requests: number;
  errors: number;
  keys: ProviderKeyReport[];
}

export type Trial = Omit<KeyTrial, 'headers'>;

interface DeskOptions {
  db: Db;
  now: Clock;
  providers: () => readonly Provider[];
  keysOf: (providerId: string) => readonly KeyToUse[];
  originOf: (providerId: string) => ProviderReport['origin'];
  connections: Pick<Connections, 'list'>;
  health: ProviderHealth;
  vault: Pick<Vault, 'list'>;
}

export type ProviderDesk = ReturnType<typeof createProviderDesk>;

/** Who answers, with which keys, and how well: for those who look after the gateway. */
export function createProviderDesk({ db, now, vault, health, ...options }: DeskOptions) {
  const { providers, keysOf, originOf, connections } = options;

  return {
    /** Every provider there is, in the order they are shown. */
    async list(): Promise<ProviderReport[]> {
      const live = new Map(connections.list().map(({ provider }) => [provider.id, provider]));
      const named = new Map(vault.list().map((key) => [key.id, key]));
      const used = await sumSpendByModel(db, { since: now() - HOUR_MS });
      return providers().map(({ id, label, baseUrl }) => {
        const own = used.filter(({ provider }) => provider === id);
        return {
          ...{ id, label, baseUrl, state: stateOf(live.get(id)), origin: originOf(id), health: health.of(id) },
          requests: own.reduce((sum, { requests }) => sum + requests, 0),
          errors: own.reduce((sum, { errors }) => sum + errors, 0),
          keys: keysOf(id).map((key) => {
            const { name = null, createdAt = null } = named.get(key.id) ?? {};
            return { id: key.id, weight: key.weight, name, createdAt, ...health.ofKey(key.id) };
          }),
        };
      });
    },
    /** Calls the provider of this key with it; null when there is no such key. What it says of the key is remembered. */
    async tryKey(keyId: string): Promise<Trial | null> {
      for (const provider of providers()) {
        const key = keysOf(provider.id).find(({ id }) => id === keyId);
        if (!key) continue;
        const { headers, ...trial } = await tryKey({ provider, apiKey: key.apiKey, keyId });
        const errorCode = ERROR_CODES[trial.result] ?? null;
        health.noteKey({ keyId, headers, status: trial.status, errorCode });
        return trial;
      }
      return null;
    },
  };
}

const ERROR_CODES: Partial<Record<KeyTrial['result'], string>> = {
  'key-refused': 'provider_auth',
  'rate-limited': 'provider_rate_limited',
};

function stateOf(provider: Provider | undefined): ProviderReport['state'] {
  if (!provider) return 'off';
  return provider.isSimulated ? 'simulated' : 'connected';
}
