import type { PriceMove } from './events.ts';
import { fieldsOf } from './flat-rates.ts';
import { movesOf, type Offer } from './offers.ts';
import type { Model } from './schema.ts';
import type { ParsedPage, Scraper } from './scrapers/scraper.ts';
import { modelsSeen, type ProviderMemory } from './update-memory.ts';

/** A page that has fewer of the last good run's models than this is not believed. */
const MIN_MODELS_KEPT = 0.7;
/** Another shape of a page leaves out whole sections; its flagship models are there all the same. */
const MIN_MODELS_KEPT_BY_OTHER_SHAPE = 0.5;
/** Nor one that changes the prices of more models than this, or of which more rows than this are no prices. */
const MAX_MODELS_CHANGED = 0.25;
const MAX_ROW_ERRORS = 0.1;
/** Price lists may vanish, too, but not this many at once while their models stay. */
const MAX_LISTS_GONE = 0.25;

/** No price has ever changed by more than a factor of five; ten and beyond were slips of a unit. */
const ACCEPTED_FACTOR = 5;
const BELIEVABLE_FACTOR = 10;
const ROUNDING = 1e-9;

/** Models that were announced to go are missed by nobody. */
export const GOING: ReadonlySet<string> = new Set(['deprecated', 'retired', 'redirected']);

interface Run {
  scraper: Pick<Scraper, 'anchors'>;
  parsed: ParsedPage;
  offers: readonly Offer[];
  /** The provider's models. */
  models: readonly Model[];
  memory: ProviderMemory;
  shape: string;
  day: string;
}

/** Why a page as a whole is not believed, in sentences; empty if it is. Nothing of a page that is not may be published. */
export function findRejections(run: Run): string[] {
  const { parsed, offers } = run;
  if (offers.length === 0) return ['The page has no prices.'];
  const reasons: string[] = [];
  const total = parsed.rows.length + parsed.errors.length;
  if (parsed.errors.length / total > MAX_ROW_ERRORS) {
    reasons.push(`${parsed.errors.length} of ${total} rows are no prices.`);
  }
  return [...reasons, ...findMissing(run), ...findUpheavals(run)];
}

function findMissing({ scraper, offers, models, memory, shape }: Run): string[] {
  const reasons: string[] = [];
  const found = new Set(offers.map(({ model }) => model));
  const expected = expectedModels(models, memory);
  const kept = [...expected].filter((id) => found.has(id)).length;
  const isOtherShape = memory.lastGood !== null && memory.lastGood.shape !== shape;
  const share = isOtherShape ? MIN_MODELS_KEPT_BY_OTHER_SHAPE : MIN_MODELS_KEPT;
  if (expected.size > 0 && kept / expected.size < share) {
    reasons.push(`It has only ${kept} of the ${expected.size} models of the last good run.`);
  }
  for (const anchor of scraper.anchors) {
    if (expected.has(anchor) && !found.has(anchor)) reasons.push(`It lacks ${anchor}, which it should have.`);
  }
  if (memory.lastGood?.shape !== shape) return reasons;
  const keys = new Set(offers.map(({ key }) => key));
  const comparable = memory.keys.filter((key) => found.has(key.split('|')[0] ?? ''));
  const gone = comparable.filter((key) => !keys.has(key)).length;
  if (gone / Math.max(1, comparable.length) > MAX_LISTS_GONE) {
    reasons.push(`${gone} of ${comparable.length} price lists are gone while their models are still there.`);
  }
  return reasons;
}

/**
 * What a page should have: what the last good run saw, and before the first run what the catalogue has of the provider. Not
 * what was announced to go: vendors take dozens of old models off their pages on one day.
 */
function expectedModels(models: readonly Model[], memory: ProviderMemory): Set<string> {
  const going = new Set(models.flatMap(({ id, status }) => (GOING.has(status) ? id : [])));
  const seen = modelsSeen(memory).difference(going);
  if (seen.size > 0) return seen;
  const listed = models.filter(
    ({ status, provenance }) => !GOING.has(status) && status !== 'limited' && !provenance.pinned,
  );
  return new Set(listed.map(({ id }) => id));
}

function findUpheavals({ offers, models, day }: Run): string[] {
  const byId = new Map(models.map((model) => [model.id, model]));
  const compared = new Set(offers.map(({ model }) => model).filter((id) => byId.has(id)));
  const changed = new Set(
    offers
      .flatMap((offer) => movesOf(offer, byId.get(offer.model), day))
      .filter(({ ratio, from }) => ratio !== null && from === null)
      .map(({ model }) => model),
  );
  if (compared.size === 0 || changed.size / compared.size <= MAX_MODELS_CHANGED) return [];
  return [`It changes the prices of ${changed.size} of ${compared.size} models.`];
}

export type Verdict = 'accept' | 'hold' | 'quarantine';

/** What to do about one change of a price. */
export function judgeMove({ old, new: now, ratio }: Pick<PriceMove, 'old' | 'new' | 'ratio'>): Verdict {
  // A paid model for nothing is a mistake of somebody.
  if (now === 0 && old !== 0) return 'quarantine';
  if (ratio === null) return 'accept';
  const factor = Number.isFinite(ratio) ? Math.max(ratio, 1 / ratio) : Number.POSITIVE_INFINITY;
  if (factor <= ACCEPTED_FACTOR + ROUNDING) return 'accept';
  return factor <= BELIEVABLE_FACTOR + ROUNDING ? 'hold' : 'quarantine';
}

/** The same of a price list that is new, by the standard prices of its model: no tier is ten times as dear, or as cheap. */
export function judgeNewOffer(offer: Offer, standard: Offer | undefined): PriceMove[] {
  const known = new Map(fieldsOf(standard?.segments[0]?.prices ?? {}));
  return offer.segments.flatMap((segment) =>
    fieldsOf(segment.prices).flatMap(([field, price]) => {
      if (price === null) return [];
      const old = offer === standard ? null : (known.get(field) ?? null);
      const ratio = old === null ? null : price / old;
      const { model, tier, promptOver } = offer;
      const move = { model, tier, promptOver, field, old, new: price, ratio, from: segment.from };
      return judgeMove(move) === 'quarantine' ? [move] : [];
    }),
  );
}

/** What is odd about a page's prices without being wrong for certain. */
export function findOddities(offers: readonly Offer[]): string[] {
  return offers.flatMap(({ key, tier, promptOver, segments }) => {
    const odd: string[] = [];
    for (const { model, prices, from } of segments) {
      const { input, output, cacheRead } = prices;
      if (typeof input !== 'number') continue;
      if (typeof output === 'number' && output < input) odd.push(`${key}: output is cheaper than input.`);
      if (typeof cacheRead === 'number' && cacheRead >= input)
        odd.push(`${key}: reading the cache is no cheaper than input.`);
      const usual = offers.find((one) => one.key === `${model}|standard|0`)?.segments ?? [];
      const standard = (usual.find((one) => one.from === from) ?? usual[0])?.prices.input;
      if (typeof standard !== 'number' || promptOver > 0 || standard === 0) continue;
      if (tier === 'batch' && Math.abs(input / standard - 0.5) > 0.025)
        odd.push(`${key}: batch is not half of standard.`);
    }
    return odd;
  });
}
