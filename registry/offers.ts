import type { PriceMove } from './events.ts';
import { fieldsOf, flattenRates, isSamePrice, overlayRates } from './flat-rates.ts';
import type { Model, PriceRow, ServiceTier } from './schema.ts';
import type { ScrapedRow } from './scrapers/scraper.ts';

/** What a page says of one price list: its periods, in their order. */
export interface Offer {
  /** `model|tier|promptOver`, by the catalogue's id of the model. */
  key: string;
  model: string;
  tier: ServiceTier;
  promptOver: number;
  segments: ScrapedRow[];
}

/**
 * The rows of a page by price list. A page lists snapshots and aliases beside models; such a row counts for the model of the
 * catalogue, unless the page has a row of the model itself.
 */
export function toOffers(rows: readonly ScrapedRow[], models: readonly Model[]): Offer[] {
  const ids = new Set(models.map(({ id }) => id));
  const aliases = new Map(models.flatMap(({ id, aliases }) => aliases.map((alias) => [alias.id, id] as const)));
  const offers = new Map<string, Offer>();
  const own = rows.filter(({ model }) => ids.has(model) || !aliases.has(model));
  const ownKeys = new Set(own.map((row) => keyOf(row.model, row)));
  const borrowed = rows.flatMap((row) => {
    const id = ids.has(row.model) ? undefined : aliases.get(row.model);
    return id && !ownKeys.has(keyOf(id, row)) ? [{ ...row, alias: row.model, model: id }] : [];
  });
  const firstAlias = new Map<string, string>();
  for (const { alias, ...row } of borrowed) {
    const key = keyOf(row.model, row);
    if (!firstAlias.has(key)) firstAlias.set(key, alias);
    if (firstAlias.get(key) === alias) add(offers, row);
  }
  for (const row of own) add(offers, row);
  return [...offers.values()];
}

function add(offers: Map<string, Offer>, row: ScrapedRow): void {
  const { model, tier, promptOver } = row;
  const key = keyOf(model, row);
  const offer = offers.get(key) ?? { key, model, tier, promptOver, segments: [] };
  offer.segments = [...offer.segments, row].sort((a, b) => (a.from ?? '').localeCompare(b.from ?? ''));
  offers.set(key, offer);
}

function keyOf(model: string, { tier, promptOver }: Pick<ScrapedRow, 'tier' | 'promptOver'>): string {
  return `${model}|${tier}|${promptOver}`;
}

/** The row of a price list that holds on a day. */
export function rowOn(
  rows: readonly PriceRow[],
  { tier, promptOver }: Pick<Offer, 'tier' | 'promptOver'>,
  day: string,
) {
  return rows.find((row) => isOf(row, { tier, promptOver }) && holdsOn(row, day));
}

export function isOf(row: PriceRow, { tier, promptOver }: Pick<Offer, 'tier' | 'promptOver'>): boolean {
  return row.tier === tier && row.promptOver === promptOver && row.region === 'global';
}

export function holdsOn({ from, until }: { from: string | null; until: string | null }, day: string): boolean {
  return (from === null || from <= day) && (until === null || day < until);
}

/** Every price that would change if an offer were taken, those of its announced periods included. */
export function movesOf(offer: Offer, model: Pick<Model, 'prices'> | undefined, day: string): PriceMove[] {
  const { tier, promptOver } = offer;
  const current = rowOn(model?.prices ?? [], offer, day)?.rates ?? {};
  return offer.segments.flatMap((segment) => {
    if (segment.until !== null && segment.until <= day) return [];
    const isFuture = segment.from !== null && segment.from > day;
    const known = isFuture ? model?.prices.find((row) => isOf(row, offer) && row.from === segment.from) : undefined;
    const before = flattenRates(known?.rates ?? current);
    return fieldsOf(segment.prices).flatMap(([field, now]) => {
      const old = before.get(field) ?? null;
      if (isSamePrice(old, now)) return [];
      const ratio = old !== null && now !== null ? now / old : null;
      const from = isFuture ? segment.from : null;
      return [{ model: offer.model, tier, promptOver, field, old, new: now, ratio, from }];
    });
  });
}

/** The rows of a model after an offer: today's price from today on where it differs, announced ones from their day on. */
export function applyOffer(prices: readonly PriceRow[], offer: Offer, day: string): PriceRow[] {
  const { tier, promptOver } = offer;
  const now = offer.segments.find((segment) => holdsOn(segment, day));
  if (!now) return [...prices];
  const own = prices.filter((row) => isOf(row, offer));
  const past = own.filter(({ until }) => until !== null && until <= day);
  const current = rowOn(own, offer, day);
  const base = { tier, promptOver, region: 'global' };
  const rates = overlayRates(current?.rates ?? {}, now.prices);
  const live: PriceRow[] = [];

  const isSame = current !== undefined && movesOf({ ...offer, segments: [now] }, { prices: own }, day).length === 0;
  if (isSame) live.push({ ...current, until: now.until });
  else {
    if (current && current.from !== day) live.push({ ...current, until: day });
    live.push({ ...base, from: current || past.length > 0 ? day : null, until: now.until, rates });
  }
  const announced = offer.segments.filter(({ from }) => from !== null && from > day);
  for (const { from, until, prices: said } of announced) {
    const known = own.find((row) => row.from === from);
    live.push({ ...(known ?? base), tier, promptOver, from, until, rates: overlayRates(known?.rates ?? rates, said) });
  }
  // A promotion that ends, of which the page does not say what follows: what was known to follow stays.
  const { until: end } = now;
  if (announced.length === 0 && end !== null) live.push(...own.filter(({ from }) => from !== null && from >= end));
  const after = [...past, ...live.map((row, index) => endAt(row, live[index + 1]))];
  const at = prices.findIndex((row) => isOf(row, offer));
  return at === -1
    ? [...prices, ...after]
    : prices.flatMap((row, index) => (index === at ? after : isOf(row, offer) ? [] : [row]));
}

/** Each period ends where the next begins, so that no two hold at once. */
function endAt(row: PriceRow, next: PriceRow | undefined): PriceRow {
  return next?.from ? { ...row, until: next.from } : row;
}
