import type { Gauge } from '../../chat/limit-state.ts';

const MINUTE_MS = 60_000;

/** An allowance a minute: full at first, and refilled evenly. What is out on a reservation may come back. */
export interface Bucket {
  size: number;
  level: number;
  filledAt: number;
}

/** `bucket` for a limit that may have changed; null for none. What was used stays used. */
export function resize(bucket: Bucket | null, size: number, at: number): Bucket | null {
  if (size === 0) return null;
  if (!bucket) return { size, level: size, filledAt: at };
  refill(bucket, at);
  put(bucket, size - bucket.size);
  bucket.size = size;
  bucket.level = Math.max(-size, Math.min(size, bucket.level));
  return bucket;
}

export function refill(bucket: Bucket, at: number): void {
  // A clock that was set back must not take anything away.
  const passedMs = Math.max(0, at - bucket.filledAt);
  bucket.level = Math.min(bucket.size, bucket.level + (passedMs * bucket.size) / MINUTE_MS);
  bucket.filledAt = at;
}

/** How long until `amount` can be taken; 0 = now. More than there can ever be is had when the bucket is full. */
export function waitFor({ level, size }: Bucket, amount: number): number {
  const missing = Math.min(amount, size) - level;
  return missing <= 0 ? 0 : (missing * MINUTE_MS) / size;
}

/** Takes even what is not there. The debt ends at a whole minute's allowance, so that nothing locks for minutes. */
export function take(bucket: Bucket, amount: number): void {
  bucket.level = Math.max(-bucket.size, bucket.level - amount);
}

/** Gives back; above the size it is what a shrinking limit would have to take away again. */
export function put(bucket: Bucket, amount: number): void {
  bucket.level += amount;
}

export function gaugeOf({ level, size }: Bucket): Gauge {
  return {
    limit: size,
    remaining: Math.max(0, Math.floor(level)),
    resetMs: Math.max(0, Math.ceil(((size - level) * MINUTE_MS) / size)),
  };
}
