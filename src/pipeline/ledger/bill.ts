import { costOf } from '../../../registry/price.ts';
import type { Model, PriceRow } from '../../../registry/schema.ts';
import { NO_USAGE, type Usage } from '../../chat/usage.ts';
import type { Page } from './page.ts';
import { priceEntryOf } from './price-entry.ts';

/** What a reply cost, and what it was worked out from. */
export interface Settlement {
  usage: Usage;
  /** Null = unpriced. */
  costNanoUsd: number | null;
  priceRow: PriceRow | null;
}

/** A call to a provider, as far as it is about money. */
interface BilledAttempt {
  model: Model;
  error: { code: string } | null;
}

/** What is needed of a page to work its money out. */
export interface Billing {
  opening: { startedAt: number };
  cache: Page['cache'];
  decision: { promptTokens: number } | null;
  answer: { model: Model } | null;
  attempts: readonly BilledAttempt[];
}

/** Ends after which a provider may have worked, and bill, though nobody saw an answer. */
const MAYBE_BILLED: ReadonlySet<string> = new Set(['client_closed', 'provider_timeout', 'provider_garbled']);

export function isMaybeBilled({ error }: BilledAttempt): boolean {
  return error !== null && MAYBE_BILLED.has(error.code);
}

/** What the answer costs. One from the cache costs nothing; what it would have cost is in `priceRow` and `usage`. */
export function settle({ answer, cache, opening }: Billing, usage: Usage): Settlement {
  if (!answer) return { usage: NO_USAGE, costNanoUsd: 0, priceRow: null };
  const { nanoUsd, row } = costOf({ model: answer.model, usage, at: opening.startedAt });
  return { usage, costNanoUsd: cache === 'hit' ? 0 : nanoUsd, priceRow: row };
}

/** What an attempt is booked with: the answer's cost, its prompt's by our estimate if it came to nothing, or nothing. */
export function billOf(page: Billing, attempt: BilledAttempt, settlement: Settlement): Omit<Settlement, 'priceRow'> {
  if (attempt.error === null || attempt === page.answer) return settlement;
  if (!isMaybeBilled(attempt)) return { usage: NO_USAGE, costNanoUsd: 0 };
  const usage = { ...NO_USAGE, input: page.decision?.promptTokens ?? 0, isEstimated: true };
  return { usage, costNanoUsd: costOf({ model: attempt.model, usage, at: page.opening.startedAt }).nanoUsd };
}

/** The money of a request: its answer and its lost attempts, held against the baseline model. */
export function moneyOf(page: Billing, settlement: Settlement, baseline: Model | null) {
  const { answer, cache, opening } = page;
  const { usage, priceRow } = settlement;
  const at = opening.startedAt;
  const costNanoUsd = addLost(page, settlement);
  // The baseline is asked what it would have cost at its ordinary tier.
  const base = answer && baseline ? costOf({ model: baseline, usage: { ...usage, serviceTier: undefined }, at }) : null;
  const baselineNanoUsd = base?.nanoUsd ?? null;
  const price = answer && priceRow ? priceEntryOf(answer.model, priceRow) : null;
  const baselinePrice = baseline && base?.row ? priceEntryOf(baseline, base.row) : null;
  return {
    columns: {
      costNanoUsd,
      priceId: price?.id ?? null,
      baselineModel: base ? (baseline?.id ?? null) : null,
      baselineNanoUsd,
      baselinePriceId: baselinePrice?.id ?? null,
      savedNanoUsd: baselineNanoUsd === null || costNanoUsd === null ? null : baselineNanoUsd - costNanoUsd,
      cacheSavedNanoUsd: cache === 'hit' && answer ? costOf({ model: answer.model, usage, at }).nanoUsd : null,
    },
    prices: [price, baselinePrice].filter((entry) => entry !== null),
  };
}

/** Null as soon as a part of it is unpriced. */
function addLost(page: Billing, settlement: Settlement): number | null {
  let sum = settlement.costNanoUsd;
  for (const attempt of page.attempts) {
    if (attempt.error === null || attempt === page.answer) continue;
    const { costNanoUsd } = billOf(page, attempt, settlement);
    sum = sum === null || costNanoUsd === null ? null : sum + costNanoUsd;
  }
  return sum;
}
