import { readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { writeSynced } from './save.ts';
import { SERVICE_TIERS } from './schema.ts';

const WaitingPrice = z.strictObject({
  verdict: z.enum(['held', 'quarantined']),
  model: z.string(),
  tier: z.enum(SERVICE_TIERS),
  promptOver: z.int(),
  field: z.string(),
  old: z.number().nullable(),
  new: z.number().nullable(),
  ratio: z.number().nullable(),
  from: z.string().nullable(),
});

/** A price that is not taken without a second run, another catalogue's word, or the operator's. */
export type WaitingPrice = z.infer<typeof WaitingPrice>;

const ProviderMemory = z.strictObject({
  /** The last run whose page was believed. */
  lastGood: z
    .strictObject({
      at: z.iso.datetime(),
      url: z.string(),
      sha256: z.string(),
      shape: z.string(),
      etag: z.string().nullable(),
      lastModified: z.string().nullable(),
    })
    .nullable(),
  /** The price lists that run found, `model|tier|promptOver`. */
  keys: z.array(z.string()),
  /** Models an earlier run found and later ones did not: on how many days, the last of them, and the status before. */
  missing: z.record(z.string(), z.strictObject({ misses: z.int(), lastDay: z.string(), statusBefore: z.string() })),
  /** Prices that wait for a second run, by price list: what the page said, and when it first did. */
  held: z.record(z.string(), z.strictObject({ said: z.string(), at: z.iso.datetime() })),
  /** Everything of the last good run's page that was not taken, for the operator to decide. */
  waiting: z.array(WaitingPrice).default([]),
  /** Further pages by their names, as they were last believed. */
  facts: z.record(z.string(), z.strictObject({ at: z.iso.datetime(), sha256: z.string() })).default({}),
});

/** What an update has to know of the ones before it, beside the catalogue. */
export const UpdateMemory = z.strictObject({
  schema: z.literal(1),
  providers: z.record(z.string(), ProviderMemory),
  /** Since when a feed has had another price, by `feed|provider/model`, and whether that has been told. */
  disagreements: z.record(z.string(), z.strictObject({ since: z.iso.datetime(), isTold: z.boolean() })).default({}),
});

export type ProviderMemory = z.infer<typeof ProviderMemory>;
export type UpdateMemory = z.infer<typeof UpdateMemory>;

export function newProviderMemory(): ProviderMemory {
  return { lastGood: null, keys: [], missing: {}, held: {}, waiting: [], facts: {} };
}

/** Where the memory of a catalogue is. */
export function memoryPathOf(path: string): string {
  return `${path.replace(/\.json$/, '')}.memory.json`;
}

/** Reads the memory beside a catalogue. One that is absent or damaged is an empty one: it is only worth a comparison. */
export async function loadMemory(path: string): Promise<UpdateMemory> {
  try {
    return UpdateMemory.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return { schema: 1, providers: {}, disagreements: {} };
  }
}

/** Puts the memory in place by one rename. */
export async function saveMemory(path: string, memory: UpdateMemory): Promise<void> {
  await writeSynced(`${path}.tmp`, `${JSON.stringify(memory, null, 2)}\n`);
  await rename(`${path}.tmp`, path);
}

/** The models whose price lists the last good run found. */
export function modelsSeen(memory: ProviderMemory): Set<string> {
  return new Set(memory.keys.map((key) => key.split('|')[0] ?? ''));
}
