import type { Model, PriceRow, Rates, ServiceTier } from './schema.ts';
import { type Calls, priceCalls } from './tool-price.ts';

/** Prices are read to nine decimals of a dollar, which every published one has to spare. */
const PRICE_SCALE = 1_000_000_000;
const DAY_MS = 86_400_000;
/** (dollars x 10^9) per 10^6 tokens, times tokens, is nano-dollars x 10^6. */
const NANO_SCALE = 1_000_000n;
/** From here on a time to live is a long one: 1 hour at Anthropic, 12 hours at OpenAI. */
const LONG_TTL_SECONDS = 3600;

/** What a provider may call the tiers, besides our own words for them. */
const TIER_NAMES: Readonly<Record<string, ServiceTier>> = {
  standard: 'standard',
  batch: 'batch',
  flex: 'flex',
  fast: 'fast',
  priority: 'fast',
  ultrafast: 'ultrafast',
};

/** The tokens of one reply, by the class they are billed in. Each prompt token is in exactly one of the first five. */
export interface TokenCounts {
  input: number;
  cacheRead: number;
  cacheWriteShort: number;
  cacheWriteLong: number;
  audioInput: number;
  /** With the thoughts. */
  output: number;
  /** How many of `output` were thoughts; they have no price of their own. */
  reasoning: number;
  audioOutput: number;
  extras?: TokenExtras | undefined;
}

/** Parts of the classes that some price lists have a price of their own for. */
interface TokenExtras {
  /** Of `cacheRead`. */
  cachedAudio?: number | undefined;
  /** Of `input`. */
  imageInput?: number | undefined;
  /** Of `input`. */
  videoInput?: number | undefined;
  calls?: Calls | undefined;
  /** The name of one of the model's `multipliers`; a model that does not have it charges nothing for it. */
  multiplier?: string | undefined;
}

interface PriceQuery {
  /** As the reply reports it. */
  tier?: string | null | undefined;
  /** All prompt tokens, cached ones included. */
  promptTokens: number;
  /** When the request came in, in milliseconds. */
  at: number;
}

interface CostQuery {
  model: Pick<Model, 'prices'> & Partial<Pick<Model, 'multipliers' | 'toolPrices'>>;
  usage: TokenCounts & { serviceTier?: string | null | undefined };
  at: number;
}

/** The tier a reported one is billed as. What names no tier of ours (nothing, `default`, `auto`, `on_demand`) is standard. */
export function normalizeTier(reported: string | null | undefined): ServiceTier {
  const name = reported?.trim().toLowerCase() ?? '';
  return Object.hasOwn(TIER_NAMES, name) ? (TIER_NAMES[name] ?? 'standard') : 'standard';
}

/**
 * The price list a request is billed by: of exactly this tier, valid on the request's UTC day, in the highest prompt band
 * below the prompt's size. Null = unpriced; the price of another tier would be a wrong one, so there is no falling back.
 */
export function findPriceRow(model: Pick<Model, 'prices'>, { tier, promptTokens, at }: PriceQuery): PriceRow | null {
  const wanted = normalizeTier(tier);
  const day = utcDay(at);
  if (day === null) return null;

  let best: PriceRow | null = null;
  for (const row of model.prices) {
    if (row.tier !== wanted || row.region !== 'global') continue;
    if ((row.from !== null && day < row.from) || (row.until !== null && day >= row.until)) continue;
    // The band at 0 is the model's ordinary price and holds for an empty prompt, too.
    if (row.promptOver > 0 && promptTokens <= row.promptOver) continue;
    if (best === null || row.promptOver > best.promptOver) best = row;
  }
  return best;
}

/**
 * What the tokens cost, in whole nano-dollars: exact arithmetic, rounded half up once, at the end. Null as soon as one class
 * that has tokens has no price.
 *
 * A row that lists no cache writes at all bills them as input: OpenAI charges nothing extra for them before GPT-5.6, and
 * Google has none. A row that lists no price for a kind of input has one price for all kinds.
 */
export function priceTokens({ rates }: Pick<PriceRow, 'rates'>, tokens: TokenCounts): number | null {
  const { cachedAudio = 0, imageInput = 0, videoInput = 0 } = tokens.extras ?? {};
  const classes: [number, number | undefined][] = [
    [tokens.input - imageInput - videoInput, rates.input],
    [imageInput, rates.imageInput ?? rates.input],
    [videoInput, rates.videoInput ?? rates.input],
    [tokens.cacheRead - cachedAudio, rates.cacheRead],
    [cachedAudio, rates.audioCacheRead ?? rates.cacheRead],
    [tokens.cacheWriteShort, shortWritePrice(rates)],
    [tokens.cacheWriteLong, longWritePrice(rates)],
    [tokens.audioInput, rates.audioInput ?? rates.input],
    [tokens.output, rates.output],
    [tokens.audioOutput, rates.audioOutput],
  ];

  let total = 0n;
  for (const [count, price] of classes) {
    if (count === 0) continue;
    if (price === undefined || !Number.isSafeInteger(count) || count < 0) return null;
    total += BigInt(count) * BigInt(Math.round(price * PRICE_SCALE));
  }
  const nanoUsd = Number((total + NANO_SCALE / 2n) / NANO_SCALE);
  // Past this a number is not exact any more, and no real request costs nine million dollars.
  return Number.isSafeInteger(nanoUsd) ? nanoUsd : null;
}

/** What a reply cost and the price list it was worked out from, which the ledger keeps. */
export function costOf({ model, usage, at }: CostQuery): { nanoUsd: number | null; row: PriceRow | null } {
  const { calls = {}, multiplier = '' } = usage.extras ?? {};
  const listed = findPriceRow(model, { tier: usage.serviceTier, promptTokens: countPrompt(usage), at });
  const row = listed && multiplied(listed, { by: model.multipliers?.[multiplier], as: multiplier });
  const tokens = row ? priceTokens(row, usage) : null;
  const tools = priceCalls(model.toolPrices ?? {}, calls);
  return { nanoUsd: tokens === null || tools === null ? null : tokens + tools, row };
}

/** The row with all its prices multiplied, so that who reads it in the ledger finds what was billed. */
function multiplied(row: PriceRow, { by, as }: { by: number | undefined; as: string }): PriceRow {
  if (by === undefined) return row;
  const times = (price: number) => Math.round(price * by * PRICE_SCALE) / PRICE_SCALE;
  const rates = Object.entries(row.rates).map(([name, rate]) => [
    name,
    typeof rate === 'number' ? times(rate) : rate?.map((write) => ({ ...write, price: times(write.price) })),
  ]);
  return { ...row, region: as, rates: Object.fromEntries(rates) };
}

function shortWritePrice(rates: Rates): number | undefined {
  if (rates.cacheWrite === undefined) return rates.input;
  let shortest: { ttlSeconds: number; price: number } | undefined;
  for (const write of rates.cacheWrite) {
    if (shortest === undefined || write.ttlSeconds < shortest.ttlSeconds) shortest = write;
  }
  return shortest?.price;
}

/** A list that knows only short writes does not price long ones: they cost more everywhere. */
function longWritePrice(rates: Rates): number | undefined {
  if (rates.cacheWrite === undefined) return rates.input;
  let longest: { ttlSeconds: number; price: number } | undefined;
  for (const write of rates.cacheWrite) {
    if (write.ttlSeconds >= (longest?.ttlSeconds ?? LONG_TTL_SECONDS)) longest = write;
  }
  return longest?.price;
}

function countPrompt(tokens: TokenCounts): number {
  return tokens.input + tokens.cacheRead + tokens.cacheWriteShort + tokens.cacheWriteLong + tokens.audioInput;
}

/** The day that was asked for last: it is the same for all requests until midnight. */
let lastDay = { number: Number.NaN, text: '' };

function utcDay(at: number): string | null {
  const number = Math.floor(at / DAY_MS);
  if (number === lastDay.number) return lastDay.text;
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return null;
  lastDay = { number, text: date.toISOString().slice(0, 10) };
  return lastDay.text;
}
