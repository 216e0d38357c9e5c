import { z } from 'zod';
import type { RegistryEvent } from './events.ts';
import { isSamePrice } from './flat-rates.ts';
import { holdsOn, type Offer, rowOn } from './offers.ts';
import type { Fetch } from './pages.ts';
import { readBody } from './pages.ts';
import type { Model, RegistryFile, ServiceTier } from './schema.ts';
import type { UpdateMemory } from './update-memory.ts';

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 20_000_000;
/** Catalogues lag behind the vendors by up to three days. */
const PATIENCE_MS = 72 * 3_600_000;

/** Another catalogue's prices of a model, in dollars per million tokens. */
export interface FeedPrice {
  tier: ServiceTier;
  input: number;
  output: number;
}

/** A catalogue of somebody else. It confirms what a vendor's page says, and is never believed by itself. */
export interface Feed {
  id: string;
  url: string;
  /** The prices by `provider/model`; null for what is not this feed. */
  parse(json: unknown): Map<string, FeedPrice[]> | null;
}

export interface FeedPrices {
  feed: string;
  prices: Map<string, FeedPrice[]>;
}

const PROVIDERS: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  gemini: 'google',
  google: 'google',
};

const LiteLlmEntry = z.looseObject({
  litellm_provider: z.string(),
  input_cost_per_token: z.number(),
  output_cost_per_token: z.number(),
});
const LITELLM_TIERS: readonly [ServiceTier, string][] = [
  ['standard', ''],
  ['batch', '_batches'],
  ['flex', '_flex'],
  ['fast', '_priority'],
];

const litellm: Feed = {
  id: 'litellm',
  url: 'https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json',
  parse(json) {
    const entries = z.record(z.string(), z.unknown()).safeParse(json).data;
    if (!entries) return null;
    const prices = new Map<string, FeedPrice[]>();
    for (const [name, value] of Object.entries(entries)) {
      const entry = LiteLlmEntry.safeParse(value).data;
      const provider = entry && PROVIDERS[entry.litellm_provider];
      if (!entry || !provider) continue;
      const own = LITELLM_TIERS.flatMap(([tier, suffix]) => {
        const [input, output] = [entry[`input_cost_per_token${suffix}`], entry[`output_cost_per_token${suffix}`]];
        if (typeof input !== 'number' || typeof output !== 'number') return [];
        return [{ tier, input: perMillion(input), output: perMillion(output) }];
      });
      prices.set(`${provider}/${name.slice(name.lastIndexOf('/') + 1)}`, own);
    }
    return prices.size === 0 ? null : prices;
  },
};

const ModelsDevProvider = z.looseObject({ models: z.record(z.string(), z.unknown()) });
const ModelsDevModel = z.looseObject({ cost: z.looseObject({ input: z.number(), output: z.number() }) });

const modelsDev: Feed = {
  id: 'models.dev',
  url: 'https://models.dev/api.json',
  parse(json) {
    const providers = z.record(z.string(), z.unknown()).safeParse(json).data;
    if (!providers) return null;
    const prices = new Map<string, FeedPrice[]>();
    for (const [name, value] of Object.entries(providers)) {
      const provider = PROVIDERS[name];
      const models = provider && ModelsDevProvider.safeParse(value).data?.models;
      for (const [id, model] of Object.entries(models ?? {})) {
        const cost = ModelsDevModel.safeParse(model).data?.cost;
        if (cost) prices.set(`${provider}/${id}`, [{ tier: 'standard', input: cost.input, output: cost.output }]);
      }
    }
    return prices.size === 0 ? null : prices;
  },
};

export const FEEDS: readonly Feed[] = [litellm, modelsDev];

/** Floating point makes 2.5e-06 tokens 2.4999999999999996 dollars. */
function perMillion(price: number): number {
  return Number((price * 1e6).toPrecision(12));
}

/** Reads the feeds that can be read. A feed that fails is as good as none. Never throws. */
export async function readFeeds(feeds: readonly Feed[], fetch: Fetch): Promise<FeedPrices[]> {
  const found = await Promise.all(
    feeds.map(async ({ id, url, parse }) => {
      try {
        const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
        const text = response.ok ? await readBody(response, MAX_BYTES) : null;
        if (!response.ok) await response.body?.cancel();
        const prices = text === null ? null : parse(JSON.parse(text));
        return prices ? [{ feed: id, prices }] : [];
      } catch {
        return [];
      }
    }),
  );
  return found.flat();
}

/** Whether a feed has the prices that a page states of short prompts today. */
export function confirmedBy(
  offer: Offer,
  { provider, day, feeds }: { provider: string; day: string; feeds: readonly FeedPrices[] },
): boolean {
  const now = offer.segments.find((segment) => holdsOn(segment, day))?.prices;
  if (!now || offer.promptOver > 0) return false;
  return feeds.some(({ prices }) =>
    prices
      .get(`${provider}/${offer.model}`)
      ?.some(
        ({ tier, input, output }) =>
          tier === offer.tier && isSamePrice(input, now.input) && isSamePrice(output, now.output),
      ),
  );
}

interface Comparison {
  file: RegistryFile;
  memory: UpdateMemory;
  feeds: readonly FeedPrices[];
  /** The time of the update. */
  now: Date;
}

/** Notes for every model which feeds agree with it, and tells of those that have not for three days. Changes no price. */
export function compareWithFeeds({ file, memory, feeds, now }: Comparison) {
  const events: RegistryEvent[] = [];
  const disagreements = { ...memory.disagreements };
  const models = file.models.map((model) => {
    let { confirmedBy: sources } = model.provenance;
    for (const { feed, prices } of feeds) {
      const theirs = prices.get(`${model.provider}/${model.id}`)?.find(({ tier }) => tier === 'standard');
      const verdict = compare(model, theirs, now);
      const key = `${feed}|${model.provider}/${model.id}`;
      if (verdict === 'same' || verdict === 'unknown') delete disagreements[key];
      if (verdict === 'same') sources = noteFeed(sources, feed, now);
      if (verdict !== 'different' || !theirs) continue;
      const known = disagreements[key] ?? { since: now.toISOString(), isTold: false };
      const isOverdue = now.getTime() - Date.parse(known.since) >= PATIENCE_MS;
      if (isOverdue && !known.isTold) events.push(disagreement(model, { feed, theirs, since: known.since, now }));
      disagreements[key] = { ...known, isTold: known.isTold || isOverdue };
    }
    return sources === model.provenance.confirmedBy
      ? model
      : { ...model, provenance: { ...model.provenance, confirmedBy: sources } };
  });
  return { file: { ...file, models }, memory: { ...memory, disagreements }, events };
}

function compare(model: Model, theirs: FeedPrice | undefined, now: Date): 'same' | 'different' | 'unknown' {
  const rates = currentRates(model, now);
  if (!theirs || rates?.input === undefined || model.status === 'retired' || model.status === 'redirected')
    return 'unknown';
  const isSame = isSamePrice(rates.input, theirs.input) && isSamePrice(rates.output ?? 0, theirs.output);
  return isSame ? 'same' : 'different';
}

function currentRates(model: Model, now: Date) {
  return rowOn(model.prices, { tier: 'standard', promptOver: 0 }, now.toISOString().slice(0, 10))?.rates;
}

/** `litellm@2026-11-30`. The day is the first one it agreed on: a catalogue that changed every day would tell nothing. */
function noteFeed(sources: string[], feed: string, now: Date): string[] {
  return sources.some((source) => source.startsWith(`${feed}@`))
    ? sources
    : [...sources, `${feed}@${now.toISOString().slice(0, 10)}`].sort();
}

function disagreement(
  model: Model,
  { feed, theirs, since, now }: { feed: string; theirs: FeedPrice; since: string; now: Date },
): RegistryEvent {
  const rates = currentRates(model, now);
  const field = isSamePrice(rates?.input, theirs.input) ? ('output' as const) : ('input' as const);
  const old = rates?.[field] ?? null;
  const ratio = old ? theirs[field] / old : null;
  const place = { model: model.id, tier: 'standard' as const, promptOver: 0, field, from: null };
  return {
    type: 'feed_disagrees',
    feed,
    since,
    ...place,
    old,
    new: theirs[field],
    ratio,
    provider: model.provider,
    provenance: null,
  };
}
