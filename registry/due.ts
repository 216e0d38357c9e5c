import type { RegistryEvent } from './events.ts';
import { isSamePrice } from './flat-rates.ts';
import type { Model, PriceRow } from './schema.ts';

/**
 * What takes effect by its day alone, without a page: announced prices, which need nothing done, and the last day of models.
 * `since` is the day of the update before.
 */
export function applyDue(models: readonly Model[], { since, day }: { since: string; day: string }) {
  const events: RegistryEvent[] = [];
  const after = models.map((model) => {
    const { id, provider, retires, redirectsTo, status, provenance } = model;
    events.push(...pricesDue(model, { since, day }));
    if (!retires?.exact || retires.on > day || status === 'retired' || status === 'redirected' || provenance.pinned)
      return model;
    if (redirectsTo !== null) {
      events.push({ type: 'model_redirected', model: id, to: redirectsTo, provider, provenance: null });
      return { ...model, status: 'redirected' as const };
    }
    events.push({ type: 'model_retired', model: id, reason: 'due', provider, provenance: null });
    return { ...model, status: 'retired' as const };
  });
  return { models: after, events };
}

/** One event for each price list: a rise from a price that was to hold for a while only is the end of a promotion. */
function pricesDue(model: Model, { since, day }: { since: string; day: string }): RegistryEvent[] {
  const { id, provider } = model;
  const isDue = (on: string | null): on is string => on !== null && on > since && on <= day;
  return model.prices.flatMap((row): RegistryEvent[] => {
    const { tier, promptOver, from } = row;
    const place = { model: id, tier, promptOver, provider, provenance: null };
    if (isDue(from)) {
      const before = model.prices.find((one) => isSameList(one, row) && one.until === from);
      const [old, now] = [before?.rates.input, row.rates.input];
      if (old === undefined || now === undefined || isSamePrice(old, now) || now < old)
        return [{ type: 'price_took_effect', from, ...place }];
      return [
        { type: 'promo_ended', field: 'input', old, new: now, ratio: old === 0 ? null : now / old, from, ...place },
      ];
    }
    const { until } = row;
    if (!isDue(until) || model.prices.some((one) => isSameList(one, row) && one.from === until)) return [];
    return [
      {
        type: 'promo_ended',
        field: 'input',
        old: row.rates.input ?? null,
        new: null,
        ratio: null,
        from: until,
        ...place,
      },
    ];
  });
}

function isSameList(one: PriceRow, other: PriceRow): boolean {
  return one.tier === other.tier && one.promptOver === other.promptOver && one.region === other.region;
}
