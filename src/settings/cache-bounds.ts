import type { Config } from '../config.ts';

const MEBIBYTE = 1024 * 1024;

/** The cache's bounds as people set them. */
export function cacheSizes({ cacheTtlMs, cacheMaxBytes }: Config) {
  return { cacheTtlSeconds: cacheTtlMs / 1000, cacheMaxMib: cacheMaxBytes / MEBIBYTE };
}

/** The bounds as the cache takes them. */
export function cacheBounds({ cacheTtlSeconds, cacheMaxMib }: ReturnType<typeof cacheSizes>) {
  return { ttlMs: cacheTtlSeconds * 1000, maxBytes: cacheMaxMib * MEBIBYTE };
}
