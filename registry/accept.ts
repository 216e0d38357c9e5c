import type { PageProvenance, PriceMove } from './events.ts';
import { isSamePrice } from './flat-rates.ts';
import { judgeMove, judgeNewOffer } from './guard.ts';
import { isOf, movesOf, type Offer, rowOn } from './offers.ts';
import type { Model } from './schema.ts';
import type { ProviderMemory, WaitingPrice } from './update-memory.ts';

/** What is known beside a price list when it is judged. */
export interface Circumstances {
  /** All of the page's price lists of this model. */
  own: readonly Offer[];
  /** Models that should be on the page and are not. */
  vanished: readonly Model[];
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

  const isSuspect = own.some((one) => isOfVanished(one, model, circumstances));
  const suspicious = isSuspect ? moves : moves.filter((move) => judgeMove(move) === 'hold');
  if (suspicious.length === 0 || confirms(offer)) return true;
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
 * Where a page lost the lines between two models, the first one stands above the prices of the second, and the second is
 * gone. Such prices are in the page and in the right shape; only that they are another model's gives them away.
 */
function isOfVanished(offer: Offer, model: Model, { vanished, day }: Circumstances): boolean {
  if (!movesOf(offer, model, day).some(({ field, old }) => field === 'input' && old !== null)) return false;
  const now = offer.segments.find(
    ({ from, until }) => (from === null || from <= day) && (until === null || day < until),
  );
  return vanished.some((other) => {
    const rates = rowOn(other.prices, offer, day)?.rates;
    return (
      rates?.input !== undefined &&
      isSamePrice(now?.prices.input, rates.input) &&
      isSamePrice(now?.prices.output, rates.output)
    );
  });
}
