import type { LimitSet } from '../../db/limit-set.ts';
import { type Ask, createLimits, type LimitEvent, type LimitedKey, type Settled } from './index.ts';

// What the tests of this stage have in common: a clock that stands still, and requests that cost 10.

export const NOON = Date.UTC(2030, 4, 31, 12);
export const DAY = 86_400_000;

/** Limits as after a start, in the middle of a month's last day. */
export function createWorld() {
  const clock = { ms: NOON };
  const events: LimitEvent[] = [];
  const start = () =>
    createLimits({ now: () => clock.ms, defaultRequestsPerMinute: 2, onEvent: (event) => events.push(event) });
  return { clock, events, start };
}

export function keyWith(set: LimitSet, more: Partial<LimitedKey> = {}): LimitedKey {
  return { id: 'k1', name: 'my program', userId: null, limits: { requestsPerMinute: 0, ...set }, ...more };
}

/** Estimated and at most 10, unless said otherwise. */
export function ask(more: Partial<Ask> = {}): Ask {
  return { model: 'acme/m', tokens: 10, costNanoUsd: 10, mostNanoUsd: 10, isSimulated: false, ...more };
}

export function end(more: Partial<Settled> = {}): Settled {
  return { costNanoUsd: 10, tokens: 10, isSimulated: false, model: 'acme/m', isWhole: true, ...more };
}
