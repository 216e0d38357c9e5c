import type { RateField } from './flat-rates.ts';
import type { ServiceTier } from './schema.ts';

/** The page a fact was read from. */
export interface PageProvenance {
  url: string;
  fetchedAt: string;
  sha256: string;
  /** The shape that was read, `openai/long-context-tables`. */
  parser: string;
}

/** Which price list of which model. */
export interface PricePlace {
  model: string;
  tier: ServiceTier;
  promptOver: number;
}

/** A price and what it would become. `ratio` is null where there is nothing to compare. */
export interface PriceMove extends PricePlace {
  field: RateField;
  old: number | null;
  new: number | null;
  ratio: number | null;
  /** The day it is to hold from, of an announced change. */
  from: string | null;
}

/** What a field of a model can say. */
export type Fact = string | number | null;

type EventBody =
  | { type: 'model_added' | 'model_returned'; model: string }
  | { type: 'model_missing'; model: string; misses: number }
  | { type: 'model_deprecated'; model: string }
  | { type: 'model_retired'; model: string; reason: 'page' | 'missing' | 'due' }
  | { type: 'model_redirected'; model: string; to: string }
  | ({ type: 'price_changed' | 'price_held' | 'price_quarantined' | 'price_pinned' } & PriceMove)
  | ({ type: 'price_withdrawn' } & PricePlace)
  | ({ type: 'price_scheduled' | 'price_schedule_cancelled' | 'price_took_effect'; from: string } & PricePlace)
  /** A price that was announced to hold until a day only. `new` is null where nobody said what follows. */
  | ({ type: 'promo_ended' } & PriceMove)
  | { type: 'limits_changed' | 'lifecycle_changed'; model: string; field: string; old: Fact; new: Fact }
  | { type: 'alias_moved'; model: string; alias: string; before: string | null }
  /** Another catalogue has said something else for days. It changes nothing here. */
  | ({ type: 'feed_disagrees'; feed: string; since: string } & PriceMove)
  | { type: 'row_quarantined' | 'row_error'; where: string; message: string }
  | { type: 'page_warning'; message: string }
  | { type: 'run_rejected'; reasons: readonly string[] };

/** Something an update found or did, with the page it was read from; null where no page was read. */
export type RegistryEvent = EventBody & { provider: string; provenance: PageProvenance | null };

/** One line for people. */
export function describeEvent(event: RegistryEvent): string {
  const name = 'model' in event ? `${event.provider}/${event.model}` : event.provider;
  switch (event.type) {
    case 'model_added':
      return `+ ${name}: new on the page; its limits are not known yet`;
    case 'model_returned':
      return `+ ${name}: is on the page again`;
    case 'model_missing':
      return `? ${name}: not on the page (${event.misses} of 3)`;
    case 'model_deprecated':
      return `~ ${name}: deprecated`;
    case 'model_retired':
      return `- ${name}: retired (${RETIRED_BECAUSE[event.reason]}); its prices are kept`;
    case 'model_redirected':
      return `~ ${name}: answered and billed as ${event.to} from now on`;
    case 'price_changed':
      return `~ ${name}: ${moveText(event)}`;
    case 'price_held':
      return `! ${name}: ${moveText(event)}: held until a second run says the same, or --approve ${name}`;
    case 'price_quarantined':
      return `! ${name}: ${moveText(event)}: not believed; --approve ${name} takes it`;
    case 'price_pinned':
      return `= ${name}: ${moveText(event)}: pinned, kept as it is`;
    case 'price_withdrawn':
      return `- ${name}: ${placeText(event)}: no longer on the page`;
    case 'price_scheduled':
      return `~ ${name}: ${placeText(event)}: a new price from ${event.from}`;
    case 'price_schedule_cancelled':
      return `~ ${name}: ${placeText(event)}: the change of ${event.from} is off`;
    case 'price_took_effect':
      return `~ ${name}: ${placeText(event)}: the price of ${event.from} holds now`;
    case 'promo_ended':
      return `~ ${name}: ${moveText({ ...event, from: null })}: the price that held until ${event.from} is over`;
    case 'limits_changed':
    case 'lifecycle_changed':
      return `~ ${name}: ${event.field}: ${event.old ?? 'unknown'} → ${event.new ?? 'unknown'}`;
    case 'alias_moved':
      return `~ ${name}: ${event.alias} leads here now${event.before ? `, not to ${event.before} any more` : ''}`;
    case 'feed_disagrees':
      return `? ${name}: ${event.feed} has had another price since ${event.since}: ${moveText(event)}`;
    case 'row_quarantined':
    case 'row_error':
      return `! ${name}: ${event.where}: ${event.message}`;
    case 'page_warning':
      return `! ${name}: ${event.message}`;
    case 'run_rejected':
      return `x ${name}: ${event.reasons.join(' ')} Everything is kept as it was.`;
    default:
      return event satisfies never;
  }
}

const RETIRED_BECAUSE = {
  page: 'says the page',
  missing: 'three runs did not find it',
  due: 'its day has come',
} as const;

function moveText({ field, old, new: now, ratio, ...place }: PriceMove): string {
  const times = ratio === null ? '' : ` (×${Number(ratio.toFixed(3))})`;
  const since = place.from === null ? '' : ` from ${place.from}`;
  return `${placeText(place)} ${field}: ${priceText(old)} → ${priceText(now)}${times}${since}`;
}

function placeText({ tier, promptOver }: PricePlace): string {
  return promptOver > 0 ? `${tier}, over ${promptOver}` : tier;
}

function priceText(price: number | null): string {
  return price === null ? 'none' : `$${price}`;
}
