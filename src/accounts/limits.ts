import { changeLimits, type LimitSet, limitSet } from '../db/limit-set.ts';
import { GatewayError } from '../errors.ts';
import { check } from './check.ts';

/** Limits as they are after a change. Throws `invalid_request`. */
export function patchLimits(limits: LimitSet, change: unknown): LimitSet {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) {
    throw new GatewayError('invalid_request', 'Limits are an object of limits by name.', { param: 'limits' });
  }
  return check(limitSet, changeLimits(limits, { ...change }), ['limits']);
}

const COUNTS = ['requestsPerMinute', 'tokensPerMinute', 'concurrentRequests'] as const;
const AMOUNTS = ['dailyBudgetNanoUsd', 'monthlyBudgetNanoUsd', 'maxRequestNanoUsd'] as const;
const LISTS = ['allowedModels', 'allowedStrategies'] as const;

/**
 * Refuses limits for a key that are wider than those of the person who makes it; `forbidden`. Their own limits hold for the
 * sum of all their keys whatever a key says, but a key that promises more than it can keep helps nobody.
 */
export function demandNotWider(wish: LimitSet, own: LimitSet): void {
  for (const name of COUNTS) {
    const [wanted, most] = [wish[name], own[name] ?? 0];
    if (wanted !== undefined && most !== 0 && (wanted === 0 || wanted > most)) throw wider(name, String(most));
  }
  for (const name of AMOUNTS) {
    const [wanted, most] = [wish[name], own[name]];
    if (wanted !== undefined && most !== undefined && wanted > most) throw wider(name, String(most));
  }
  for (const name of LISTS) {
    const most: readonly string[] | undefined = own[name];
    const extra = most && wish[name]?.find((each) => !most.includes(each));
    if (extra !== undefined) throw wider(name, most?.join(', ') ?? '');
  }
}

function wider(name: string, most: string): GatewayError {
  const reason = `A key can do no more than the person who makes it, and yours are limited to ${most}.`;
  return new GatewayError('forbidden', reason, { param: `limits.${name}` });
}
