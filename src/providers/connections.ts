import { Secret } from '../lib/secret.ts';
import type { Connection, Provider } from './provider.ts';
import { isVendor, type Vendor } from './simulator/index.ts';

/** When the simulator answers in a vendor's place: while no provider has a key, for every vendor without one, or never. */
export const SIMULATOR_MODES = ['auto', 'on', 'off'] as const;
export type SimulatorMode = (typeof SIMULATOR_MODES)[number];

const SIMULATED_KEY = new Secret('simulated');

interface ConnectionsOptions {
  providers: readonly Provider[];
  /** All keys we hold for a provider, from the environment and the vault. Asked at the start and on `refresh`, then remembered. */
  keysOf(providerId: string): readonly Secret[];
  simulator: {
    mode: SimulatorMode;
    /** The simulator's address for a vendor; only called when it is needed, so it may start the simulator. */
    url(vendor: Vendor): string;
  };
}

/** Knows which providers can be called, and with which key. All in memory: nothing here waits. */
export function createConnections({ providers, keysOf, simulator }: ConnectionsOptions) {
  let lines = new Map<string, Line>();

  /** Reads the keys again; to be called whenever one was added or removed. */
  function refresh(): void {
    const keys = new Map(providers.map(({ id }) => [id, keysOf(id)]));
    const hasAnyKey = [...keys.values()].some((held) => held.length > 0);
    const simulates = simulator.mode === 'on' || (simulator.mode === 'auto' && !hasAnyKey);

    const next = new Map<string, Line>();
    for (const provider of providers) {
      const line =
        createLine(provider, keys.get(provider.id) ?? []) ?? (simulates ? simulatedLine(provider) : undefined);
      if (line) next.set(provider.id, line);
    }
    lines = next;
  }

  function simulatedLine(provider: Provider): Line | undefined {
    if (!isVendor(provider.id)) return undefined;
    const simulated = { ...provider, baseUrl: simulator.url(provider.id), isSimulated: true };
    return createLine(simulated, [SIMULATED_KEY]);
  }

  refresh();
  return {
    /** A connection to call now. Of several keys each call gets the next one. */
    find: (providerId: string): Connection | undefined => lines.get(providerId)?.next(),
    /** One connection for every provider that can be called, in the order the providers were given. */
    list: (): Connection[] => [...lines.values()].map(({ first }) => first),
    isConnected: (providerId: string): boolean => lines.has(providerId),
    /** Whether any answer may come from the simulator. */
    isSimulating: (): boolean => [...lines.values()].some(({ first }) => first.provider.isSimulated),
    refresh,
  };
}

export type Connections = ReturnType<typeof createConnections>;

/** The connections of one provider, one for each of its keys. */
interface Line {
  first: Connection;
  next(): Connection;
}

function createLine(provider: Provider, keys: readonly Secret[]): Line | undefined {
  const connections = keys.map((apiKey) => ({ provider, apiKey }));
  const [first] = connections;
  if (!first) return undefined;
  let turn = 0;
  return { first, next: () => connections[turn++ % connections.length] ?? first };
}
