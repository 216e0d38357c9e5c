import type { GatewayKey } from '../../db/schema.ts';
import { GatewayError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';

const MINUTE_MS = 60_000;

interface LimitsOptions {
  now: Clock;
  /** For keys without a number of their own; 0 = no limit. */
  defaultRequestsPerMinute: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

export type Limits = ReturnType<typeof createLimits>;

/** Holds each key to its requests per minute: a bucket of that size which refills evenly. */
export function createLimits({ now, defaultRequestsPerMinute }: LimitsOptions) {
  const buckets = new Map<string, Bucket>();

  /** Takes one request from the key's allowance. Throws `rate_limited` with the time until the next one is free. */
  function admit(key: Pick<GatewayKey, 'id' | 'name' | 'requestsPerMinute'>): void {
    const size = key.requestsPerMinute ?? defaultRequestsPerMinute;
    if (size === 0) return;

    const at = now();
    const bucket = buckets.get(key.id) ?? { tokens: size, filledAt: at };
    const refilled = ((at - bucket.filledAt) * size) / MINUTE_MS;
    // A clock that was set back must not take tokens away.
    bucket.tokens = Math.min(size, bucket.tokens + Math.max(0, refilled));
    bucket.filledAt = at;
    buckets.set(key.id, bucket);

    if (bucket.tokens < 1) {
      const waitMs = ((1 - bucket.tokens) * MINUTE_MS) / size;
      throw new GatewayError('rate_limited', `The gateway key "${key.name}" may make ${size} requests a minute.`, {
        retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
      });
    }
    bucket.tokens -= 1;
  }

  return { admit };
}
