import type { Config } from '../config.ts';
import { type CompatibleProvider, findCompatibleKey } from '../providers/openai-compatible/compatible-config.ts';
import { dialectIdsOf, type Provider } from '../providers/provider.ts';
import { startSimulator } from '../providers/simulator/index.ts';
import type { HeldKey, Vendor } from '../vault/index.ts';

// What `services.ts` asks about the providers it puts together.

const KEY_VARIABLES = new Map([
  ['openai', 'OPENAI_API_KEY'],
  ['anthropic', 'ANTHROPIC_API_KEY'],
  ['google', 'GEMINI_API_KEY'],
]);

/** How to give a provider its key. */
export function keyHint(providerId: string): string {
  const variable = KEY_VARIABLES.get(providerId);
  return variable ? `Set ${variable}, or add a key on the dashboard.` : 'Give it a key in data/providers.json.';
}

export function stateOf(provider: Provider | undefined): Vendor['state'] {
  if (!provider) return 'off';
  return provider.isSimulated ? 'simulated' : 'connected';
}

/** The wire formats of each provider, by its id. */
export function dialectsOf(providers: readonly Provider[]): Map<string, string[]> {
  return new Map(providers.map((provider) => [provider.id, dialectIdsOf(provider)]));
}

interface KeyQuestion {
  id: string;
  config: Config;
  compatible: CompatibleProvider[];
  env: Record<string, string | undefined>;
}

export function environmentKeys({ id, config, compatible, env }: KeyQuestion): HeldKey[] {
  const vendor = Object.entries(config.apiKeys).find(([name]) => name === id)?.[1];
  const own = compatible.find(({ provider }) => provider.id === id);
  const key = vendor ?? (own && findCompatibleKey(own, env));
  return key ? [{ id: `environment:${id}`, apiKey: key, weight: 1 }] : [];
}

export function startWhenNeeded() {
  let simulator: ReturnType<typeof startSimulator> | null = null;
  return {
    get() {
      simulator ??= startSimulator();
      return simulator;
    },
    async stop(): Promise<void> {
      await simulator?.stop();
    },
  };
}
