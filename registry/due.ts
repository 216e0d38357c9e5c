import type { RegistryEvent } from './events.ts';
import type { Model } from './schema.ts';

/**
 * What takes effect by its day alone, without a page: announced prices, which need nothing done, and the last day of models.
 * `since` is the day of the update before.
 */
export function applyDue(models: readonly Model[], { since, day }: { since: string; day: string }) {
  const events: RegistryEvent[] = [];
  const after = models.map((model) => {
    const { id, provider, retires, redirectsTo, status, provenance } = model;
    for (const { tier, promptOver, from } of model.prices) {
      if (from === null || from <= since || from > day) continue;
      events.push({ type: 'price_took_effect', model: id, tier, promptOver, from, provider, provenance: null });
    }
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
