import type { LimitEvent } from './budget-events.ts';
import { periodAround } from './purse.ts';

/** Raises an event for a model that answered without a price, once for each model and UTC day. */
export function createUnpricedNotes(onEvent: (event: LimitEvent) => void) {
  let day = 0;
  let told = new Set<string>();

  return {
    note(model: string, at: number): void {
      const { start } = periodAround('day', at);
      if (start !== day) {
        day = start;
        told = new Set();
      }
      if (told.has(model)) return;
      told.add(model);
      const id = `unpriced ${model} ${new Date(start).toISOString().slice(0, 10)}`;
      onEvent({ id, type: 'model.unpriced', at, data: { model } });
    },
  };
}
