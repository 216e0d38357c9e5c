import type { Config } from '../config.ts';
import { type CompatibleProvider, findCompatibleKey } from '../providers/openai-compatible/compatible-config.ts';
import type { HeldKey } from '../vault/index.ts';

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

interface KeyQuestion {
  id: string;
  config: Config;
  compatible: CompatibleProvider[];
  env: Record<string, string | undefined>;
}

/** The key of a provider that was set outside the dashboard: in the environment or in `data/providers.json`. */
export function environmentKeys({ id, config, compatible, env }: KeyQuestion): HeldKey[] {
  const vendor = Object.entries(config.apiKeys).find(([name]) => name === id)?.[1];
  const own = compatible.find(({ provider }) => provider.id === id);
  const key = vendor ?? (own && findCompatibleKey(own, env));
  return key ? [{ id: `environment:${id}`, apiKey: key, weight: 1 }] : [];
}
