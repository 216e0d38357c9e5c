import { z } from 'zod';
import type { Voice } from './lesson.ts';
import { createWeights, fade, fading, parseWeights, renderWeights, StoredWeights, type Weights } from './weights.ts';

const DAY_MS = 86_400_000;

/** Where a verdict on an answer may come from. */
export const SOURCES = ['caller', 'shadow', 'regenerate', 'retry-stronger', 'tool-failure', 'went-on'] as const;
export type Source = (typeof SOURCES)[number];

/** What is guessed from what a client does next counts less than what somebody says, and is generous in its own way. */
const TRAITS: Record<Source, { voice: string; weight: number }> = {
  caller: { voice: 'caller', weight: 1 },
  shadow: { voice: 'shadow', weight: 1 },
  regenerate: { voice: 'implicit', weight: 0.3 },
  'retry-stronger': { voice: 'implicit', weight: 0.3 },
  'tool-failure': { voice: 'implicit', weight: 0.3 },
  'went-on': { voice: 'implicit', weight: 0.3 },
};

/**
 * How many lessons one owner may give in a UTC day: to their own weights, by mere guesses, and to what all share. Nobody can
 * drown the others, and no loop can drown what people say.
 */
export const DAILY = { own: 1_000, implicit: 300, shared: 100 };

/** Somebody whose traffic is learned from: a person with all their keys, or a key that belongs to nobody. */
export interface Owner {
  weights: Weights;
  voices: Map<string, Voice>;
  labels: Map<Source, number>;
  lastAt: number;
  today: { day: number; own: number; implicit: number; shared: number };
}

export function createOwner(kinds: number, at: number): Owner {
  return {
    weights: createWeights(kinds, at),
    voices: new Map(),
    labels: new Map(),
    lastAt: at,
    today: { day: 0, own: 0, implicit: 0, shared: 0 },
  };
}

export function weightOf(source: Source): number {
  return TRAITS[source].weight;
}

export function voiceOf({ voices }: Owner, source: Source): Voice {
  const { voice } = TRAITS[source];
  const known = voices.get(voice);
  if (known) return known;
  const made = { value: 0, seen: 0 };
  voices.set(voice, made);
  return made;
}

/** Lets all that an owner has taught fade up to now. */
export function fadeOwner({ weights, voices }: Owner, now: number): void {
  const left = fading(now - weights.at);
  for (const voice of voices.values()) {
    voice.value *= left;
    voice.seen *= left;
  }
  fade(weights, now);
}

/** Whether one more lesson of the day is taken, and whether it goes on to what all share. Counts it. */
export function admit({ today }: Owner, source: Source, at: number): { own: boolean; shared: boolean } {
  const day = Math.floor(at / DAY_MS);
  if (today.day !== day) Object.assign(today, { day, own: 0, implicit: 0, shared: 0 });
  const isImplicit = TRAITS[source].voice === 'implicit';
  if (today.own >= DAILY.own || (isImplicit && today.implicit >= DAILY.implicit)) return { own: false, shared: false };
  today.own++;
  if (isImplicit) today.implicit++;
  const isShared = today.shared < DAILY.shared;
  if (isShared) today.shared++;
  return { own: true, shared: isShared };
}

const StoredVoice = z.tuple([z.number(), z.number()]);

/** An owner as the database keeps them. */
export const StoredOwner = z.object({
  weights: StoredWeights,
  voices: z.record(z.string(), StoredVoice),
  labels: z.partialRecord(z.enum(SOURCES), z.number()),
  lastAt: z.number(),
});
export type StoredOwner = z.infer<typeof StoredOwner>;

export function renderOwner({ weights, voices, labels, lastAt }: Owner, names: readonly string[]): StoredOwner {
  const told = [...voices].map(([name, { value, seen }]): [string, [number, number]] => [name, [value, seen]]);
  return {
    weights: renderWeights(weights, names),
    voices: Object.fromEntries(told),
    labels: Object.fromEntries(labels),
    lastAt,
  };
}

export function parseOwner(stored: StoredOwner, names: readonly string[]): Owner {
  const owner = createOwner(names.length, stored.weights.at);
  owner.weights = parseWeights(stored.weights, names);
  owner.lastAt = stored.lastAt;
  for (const [name, [value, seen]] of Object.entries(stored.voices)) owner.voices.set(name, { value, seen });
  for (const source of SOURCES) {
    const count = stored.labels[source];
    if (count !== undefined) owner.labels.set(source, count);
  }
  return owner;
}
