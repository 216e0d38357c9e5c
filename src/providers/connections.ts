import { type Clock, systemClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import type { Headroom } from './headroom.ts';
import type { Connection, Provider } from './provider.ts';
import { type Need, shareLeft } from './room.ts';
import { isVendor, type Vendor } from './simulator/index.ts';

/** When the simulator answers in a vendor's place: while no provider has a key, for every vendor without one, or never. */
export const SIMULATOR_MODES = ['auto', 'on', 'off'] as const;
export type SimulatorMode = (typeof SIMULATOR_MODES)[number];

const SIMULATED_KEY = { id: 'simulated', apiKey: new Secret('simulated'), weight: 1 };

/** A key to call a provider with. */
export interface KeyToUse {
  id: string;
  apiKey: Secret;
  /** Its share of the calls against the other keys; 0 = set aside. */
  weight: number;
}

interface ConnectionsOptions {
  /** In the order they are shown. Asked at the start and on `refresh`. */
  providers: () => readonly Provider[];
  /** All keys we hold for a provider, from the environment and the vault. Asked at the start and on `refresh`, then remembered. */
  keysOf(providerId: string): readonly KeyToUse[];
  /** Whether other keys of the same provider are to be taken instead, for now. */
  isResting(keyId: string): boolean;
  /** What is left of a key's limits for a model, as its last reply told; null = nobody told. */
  roomOf?(keyId: string, modelId: string): Headroom | null;
  now?: Clock;
  simulator: {
    mode: SimulatorMode;
    /** The simulator's address for a vendor; only called when it is needed, so it may start the simulator. */
    url(vendor: Vendor): string;
  };
}

/** Knows which providers can be called, and with which key. All in memory: nothing here waits. */
export function createConnections(options: ConnectionsOptions) {
  const { providers, keysOf, isResting, roomOf, simulator, now = systemClock } = options;
  let lines = new Map<string, Line>();

  /** Reads providers and keys again; to be called whenever one was added, changed or removed. */
  function refresh(): void {
    const all = providers();
    const keys = new Map(all.map(({ id }) => [id, keysOf(id).filter(({ weight }) => weight > 0)]));
    const hasAnyKey = [...keys.values()].some((held) => held.length > 0);
    const simulates = simulator.mode === 'on' || (simulator.mode === 'auto' && !hasAnyKey);

    const next = new Map<string, Line>();
    for (const provider of all) {
      const line =
        createLine(provider, keys.get(provider.id) ?? [], isResting) ??
        (simulates ? simulatedLine(provider) : undefined);
      if (line) next.set(provider.id, line);
    }
    lines = next;
  }

  function simulatedLine(provider: Provider): Line | undefined {
    if (!isVendor(provider.id)) return undefined;
    const simulated = { ...provider, baseUrl: simulator.url(provider.id), isSimulated: true };
    return createLine(simulated, [SIMULATED_KEY], () => false);
  }

  refresh();
  return {
    /** A connection to call now. Several keys share the calls by their weights; one that rests is passed over. */
    find: (providerId: string): Connection | undefined => lines.get(providerId)?.next(),
    /** One connection for every provider that can be called, in the order the providers were given. */
    list: (): Connection[] => [...lines.values()].map(({ first }) => first),
    isConnected: (providerId: string): boolean => lines.has(providerId),
    /** What is left for a model with the key that has most, as a share: 0 when all of them rest; null = nobody told. */
    room(
      { provider, id }: { provider: string; id: string },
      promptTokens: number,
      outputTokens: number,
    ): number | null {
      let most = 0;
      let need: Need | null = null;
      for (const { keyId } of lines.get(provider)?.all ?? []) {
        if (isResting(keyId)) continue;
        const told = roomOf?.(keyId, id);
        if (!told) return null;
        need ??= { promptTokens, outputTokens };
        most = Math.max(most, shareLeft(told, need, now()) ?? 1);
      }
      return most;
    },
    /** Whether any answer may come from the simulator. */
    isSimulating: (): boolean => [...lines.values()].some(({ first }) => first.provider.isSimulated),
    refresh,
  };
}

export type Connections = ReturnType<typeof createConnections>;

/** The connections of one provider, one for each of its keys. */
interface Line {
  first: Connection;
  all: readonly Connection[];
  next(): Connection;
}

/**
 * Takes turns by weight, each key as evenly spread over the turns as can be: whoever is owed most is next, and pays for its
 * turn what all were given (the smooth weighted round robin of nginx).
 */
function createLine(
  provider: Provider,
  keys: readonly KeyToUse[],
  isResting: (keyId: string) => boolean,
): Line | undefined {
  const entries = keys.map(({ id, apiKey, weight }) => ({
    connection: { provider, apiKey, keyId: id },
    weight,
    owed: 0,
  }));
  const [first] = entries;
  if (!first) return undefined;
  const all = entries.map(({ connection }) => connection);
  if (entries.length === 1) return { first: first.connection, all, next: () => first.connection };

  const next = (): Connection => {
    const awake = entries.filter(({ connection }) => !isResting(connection.keyId));
    // When all rest, the provider's own refusal says more than one of ours.
    const able = awake.length > 0 ? awake : entries;
    let best = able[0] ?? first;
    let total = 0;
    for (const entry of able) {
      entry.owed += entry.weight;
      total += entry.weight;
      if (entry.owed > best.owed) best = entry;
    }
    best.owed -= total;
    return best.connection;
  };
  return { first: first.connection, all, next };
}
