import type { PageProvenance, PriceMove } from './events.ts';
import { fieldsOf, flattenRates, isSamePrice } from './flat-rates.ts';
import { GOING, judgeMove, judgeNewOffer } from './guard.ts';
import { holdsOn, isOf, movesOf, type Offer, rowOn } from './offers.ts';
import type { Model, Rates } from './schema.ts';
import { modelsSeen, type ProviderMemory, type WaitingPrice } from './update-memory.ts';

/** Pages round: half of $0.25 is $0.13 on some. */
const ROUNDING = 0.06;

/** What is known beside a price list when it is judged. */
export interface Circumstances {
  /** All of the page's price lists of this model. */
  own: readonly Offer[];
  /** Models that should be on the page and are not. */
  vanished: readonly Model[];
  /** The page lacks something that it had, or has rows that are no prices: it may have been torn. */
  isDamaged: boolean;
  day: string;
  memory: ProviderMemory;
  approved: ReadonlySet<string>;
  /** Whether a catalogue of somebody else has the same prices. */
  confirms: (offer: Offer) => boolean;
  provenance: PageProvenance;
  /** Filled in: what waits for a second run. */
  held: ProviderMemory['held'];
  /** Filled in: what was not taken, for the operator to see. */
  waiting: WaitingPrice[];
  report: (event: { type: 'price_held' | 'price_quarantined' } & PriceMove) => void;
}

/** A price list is taken whole or not at all: half of a torn one would be a mixture nobody ever charged. */
export function isAccepted(offer: Offer, model: Model, circumstances: Circumstances): boolean {
  const { own, day, memory, approved, confirms, provenance, held } = circumstances;
  if (approved.has(offer.model)) return true;
  const moves = movesOf(offer, model, day);
  const quarantined = moves.filter((move) => judgeMove(move) === 'quarantine');
  if (!model.prices.some((row) => isOf(row, offer))) {
    const standard = own.find(({ tier, promptOver }) => tier === 'standard' && promptOver === 0);
    quarantined.push(...judgeNewOffer(offer, standard));
  }
  if (quarantined.length > 0) return refuse('quarantined', quarantined, circumstances);

  const isSuspect =
    own.some((one) => isOfVanished(one, model, circumstances)) ||
    isCutName(offer, model, circumstances) ||
    isOfStandard(offer, model, circumstances) ||
    isMovedBand(offer, model, day) ||
    isWriteAlone(offer, model, day) ||
    isWithoutStandard(model, own) ||
    breaksProportion(offer, model, circumstances);
  const suspicious = isSuspect ? moves : moves.filter((move) => judgeMove(move) === 'hold');
  if (suspicious.length === 0) return !isMovedBand(offer, model, day);
  if (confirms(offer)) return true;
  const said = JSON.stringify(offer.segments.map(({ from, until, prices }) => ({ from, until, prices })));
  const earlier = memory.held[offer.key];
  if (earlier?.said === said && earlier.at < provenance.fetchedAt) return true;
  held[offer.key] = { said, at: provenance.fetchedAt };
  return refuse('held', suspicious, circumstances);
}

function refuse(
  verdict: WaitingPrice['verdict'],
  moves: readonly PriceMove[],
  { waiting, report }: Circumstances,
): false {
  const distinct = new Map(moves.map((move) => [`${move.field} ${move.from}`, move]));
  for (const move of distinct.values()) {
    waiting.push({ verdict, ...move });
    report({ type: `price_${verdict}`, ...move });
  }
  return false;
}

/**
 * Where a page lost the lines between two models, or two tiers, the first name stands above the prices of the second, and the
 * second is gone. Such prices are in the page and in the right shape; only that they are another list's gives them away.
 */
function isOfVanished(offer: Offer, model: Model, { own, vanished, memory, day }: Circumstances): boolean {
  const moves = movesOf(offer, model, day);
  const seen = modelsSeen(memory);
  const now = pricesOn(offer, day);
  if (!now || moves.length === 0) return false;
  const hasSame = (rates: Rates | undefined): boolean => {
    if (rates?.input === undefined) return false;
    return isSamePrice(now.input, rates.input) && isSamePrice(now.output, rates.output);
  };
  const isOfModel =
    model.prices.length > 0 && vanished.some((other) => hasSame(rowOn(other.prices, offer, day)?.rates));
  if (isOfModel && moves.some(({ field }) => field === 'input')) return true;
  const missed = vanished.filter(({ id, status }) => seen.has(id) && !GOING.has(status));
  if (missed.some((other) => takesOver(rowOn(other.prices, offer, day)?.rates, moves))) return true;
  const isThere = (tier: string) => own.some((one) => one.tier === tier && one.promptOver === offer.promptOver);
  return model.prices.some((row) => {
    const { tier, promptOver } = row;
    const isGone = promptOver === offer.promptOver && holdsOn(row, day) && !isThere(tier);
    if (!isGone || !memory.keys.includes(`${model.id}|${tier}|${promptOver}`)) return false;
    return hasSame(row.rates) || takesOver(row.rates, moves);
  });
}

/** Every model is in the standard table. A new one that is in another only has a torn name. */
function isWithoutStandard({ prices }: Model, own: readonly Offer[]): boolean {
  return prices.length === 0 && !own.some(({ tier }) => tier === 'standard');
}

/** Writing the cache costs a multiple of the input. It never changed by itself; where it does, a digit may be lost. */
function isWriteAlone(offer: Offer, model: Model, day: string): boolean {
  const now = movesOf(offer, model, day).filter(({ ratio, from }) => ratio !== null && from === null);
  return now.some(({ field }) => field.startsWith('cacheWrite.')) && !now.some(({ field }) => field === 'input');
}

/** A size that prompts have never been priced by, in place of one they are: a digit of it may be lost. */
function isMovedBand({ tier, promptOver }: Offer, { prices }: Model, day: string): boolean {
  const sizes = prices.filter(
    (row) => row.tier === tier && row.promptOver > 0 && row.region === 'global' && holdsOn(row, day),
  );
  return promptOver > 0 && sizes.length > 0 && !sizes.some((row) => row.promptOver === promptOver);
}

/** Half a list may be another's: all prices that changed became exactly those of one that is gone since the last page. */
function takesOver(gone: Rates | undefined, moves: readonly PriceMove[]): boolean {
  const prices = flattenRates(gone ?? {});
  const changed = moves.filter(({ ratio, from }) => ratio !== null && from === null);
  return changed.length > 0 && changed.every(({ field, new: now }) => isSamePrice(prices.get(field), now));
}

/** A tier that had prices of its own and now has those of the standard one stands under the label of another table. */
function isOfStandard(offer: Offer, model: Model, { own, day }: Circumstances): boolean {
  if (offer.tier === 'standard') return false;
  const [before, now] = [rowOn(model.prices, offer, day)?.rates, pricesOn(offer, day)];
  const standard = own.find(({ tier, promptOver }) => tier === 'standard' && promptOver === offer.promptOver);
  const usual = standard && pricesOn(standard, day);
  if (!before || !now || !usual || isSamePrice(before.input, usual.input)) return false;
  return isSamePrice(now.input, usual.input) && isSamePrice(now.output, usual.output);
}

/** A name that lost its middle or its end is another name, above the prices of the model whose name is gone. */
function isCutName(offer: Offer, model: Model, { vanished, isDamaged, day }: Circumstances): boolean {
  if (!isDamaged || model.prices.length > 0) return false;
  const now = offer.segments.find((segment) => holdsOn(segment, day));
  return vanished.some((other) => {
    const rates = rowOn(other.prices, offer, day)?.rates;
    return isSamePrice(now?.prices.input, rates?.input) && isShortened(other.id, model.id);
  });
}

/** Whether a name comes of another by taking one piece out of its middle or end. */
function isShortened(name: string, shorter: string): boolean {
  if (shorter.length >= name.length) return false;
  let same = 0;
  while (same < shorter.length && name[same] === shorter[same]) same++;
  return same > 0 && name.endsWith(shorter.slice(same));
}

/**
 * Vendors reckon batch prices and cache writes from the input price. Where one changes and the other does not, as they did
 * before, a row of a page that shows other damage, too, was torn: a price of the vendor's would have changed both.
 */
function breaksProportion(offer: Offer, model: Model, { own, isDamaged, day }: Circumstances): boolean {
  if (!isDamaged) return false;
  const [before, now] = [rowOn(model.prices, offer, day)?.rates, pricesOn(offer, day)];
  if (!before || !now) return false;
  const old = flattenRates(before);
  const isWriteLeft = fieldsOf(now).some(([field, price]) => {
    if (!field.startsWith('cacheWrite.')) return false;
    return isBroken([old.get(field), old.get('input')], [price, now.input]);
  });
  if (isWriteLeft) return true;
  const other = offer.tier === 'batch' ? 'standard' : offer.tier === 'standard' ? 'batch' : null;
  const twin = own.find(({ tier, promptOver }) => tier === other && promptOver === offer.promptOver);
  const [twinBefore, twinNow] = twin ? [rowOn(model.prices, twin, day)?.rates, pricesOn(twin, day)] : [];
  if (!twinBefore || !twinNow) return false;
  return (['input', 'output'] as const).some((field) =>
    isBroken([before[field], twinBefore[field]], [now[field], twinNow[field]]),
  );
}

type Pair = readonly [number | null | undefined, number | null | undefined];

function isBroken([oldPart, oldWhole]: Pair, [part, whole]: Pair): boolean {
  if (!oldPart || !oldWhole || !part || !whole) return false;
  return Math.abs(part / whole / (oldPart / oldWhole) - 1) > ROUNDING;
}

function pricesOn(offer: Offer, day: string) {
  return offer.segments.find((segment) => holdsOn(segment, day))?.prices;
}
