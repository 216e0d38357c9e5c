import { join } from 'node:path';
import type { RegistryEvent } from './events.ts';
import { findPriceRow } from './price.ts';
import { readRun } from './read-run.ts';
import { RegistryFile } from './schema.ts';
import { SCRAPERS } from './scrapers/index.ts';
import { newProviderMemory, type ProviderMemory } from './update-memory.ts';

const shipped = RegistryFile.parse(await Bun.file(join(import.meta.dir, 'models.json')).json());
/** The shipped facts, all of them of one day before the pages of these tests. */
export const today: RegistryFile = {
  ...shipped,
  models: shipped.models.map((model) => ({
    ...model,
    provenance: { ...model.provenance, fetchedAt: '2026-11-23', pinned: false },
  })),
};
const old = today.models.filter((_, index) => (shipped.models[index]?.provenance.fetchedAt ?? '') <= '2026-08-22');
/** The catalogue without the models whose first page is of September or later, and without what leads to them. */
export const august: RegistryFile = {
  ...today,
  models: old.map((model) => ({
    ...model,
    status: model.status === 'redirected' ? ('retired' as const) : model.status,
    replacement: null,
    redirectsTo: null,
  })),
};

interface State {
  file: RegistryFile;
  memory: ProviderMemory;
}

/** Reads pages of a provider one after the other, `[day, text]`. A page that is refused leaves the state as it was. */
export function read(provider: string, pages: readonly (readonly [day: string, text: string])[], file = today) {
  let state: State = { file, memory: newProviderMemory() };
  let events: readonly RegistryEvent[] = [];
  let refused: readonly string[] = [];
  for (const [day, text] of pages) {
    const page = {
      url: `https://example.com/${provider}`,
      text,
      fetchedAt: `${day}T03:00:00.000Z`,
      etag: null,
      lastModified: null,
    };
    const scraper = SCRAPERS.find(({ id }) => id === provider);
    if (!scraper) throw new Error(`there is a scraper of ${provider}`);
    const result = readRun(page, scraper, { ...state, approved: new Set() });
    refused = result.type === 'rejected' ? result.reasons : [];
    events = result.type === 'taken' ? result.events : [];
    if (result.type === 'taken') state = result.state;
  }
  const price = (id: string, { tier = 'standard', over = 0, on = pages.at(-1)?.[0] ?? '' } = {}) =>
    priceIn(state.file, id, { tier, over, on });
  return { ...state, events, refused, price, types: [...new Set(events.map(({ type }) => type))] };
}

/** `input/cached/writes/output` of a request of that size; what has no price is a dash. */
function priceIn({ models }: RegistryFile, id: string, { tier, over, on }: { tier: string; over: number; on: string }) {
  const model = models.find((one) => one.id === id);
  const rates = model && findPriceRow(model, { tier, promptTokens: over + 1, at: Date.parse(on) })?.rates;
  if (!rates) return 'none';
  const writes = (rates.cacheWrite ?? []).map(({ ttlSeconds, price }) => `${price} for ${ttlSeconds}`).join('+');
  return [rates.input, rates.cacheRead, writes || undefined, rates.output].map((price) => price ?? '-').join('/');
}

const SIZES = [0, 100_000, 200_000, 272_000];
const TIERS = ['standard', 'batch', 'flex', 'fast', 'ultrafast'];
/** Every price of a provider on a day. */
export function everyPrice(file: RegistryFile, provider: string, on: string): Record<string, string> {
  const places = file.models
    .filter((model) => model.provider === provider && !['retired', 'redirected'].includes(model.status))
    .flatMap(({ id }) => TIERS.flatMap((tier) => SIZES.map((over) => ({ id, tier, over }))));
  return Object.fromEntries(
    places.map(({ id, tier, over }) => [`${id} ${tier} >${over}`, priceIn(file, id, { tier, over, on })]),
  );
}

/** The day of a page, and the one after. */
export const DAY = '2026-12-02';
export const NEXT = '2026-12-03';
