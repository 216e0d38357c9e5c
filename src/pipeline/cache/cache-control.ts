/** What a client's `Cache-Control` asks of our cache. Directives we do not know ask nothing. */
export interface CacheWish {
  /** Answer afresh; the answer may be stored. */
  noCache: boolean;
  /** Neither answer from the cache nor store. */
  noStore: boolean;
  /** The oldest answer that will do. */
  maxAgeMs: number;
}

export function parseCacheControl(header: string | null): CacheWish {
  const wish: CacheWish = { noCache: false, noStore: false, maxAgeMs: Number.POSITIVE_INFINITY };
  if (!header) return wish;
  for (const part of header.toLowerCase().split(',')) {
    const [name, value] = part.trim().split('=');
    if (name === 'no-cache') wish.noCache = true;
    else if (name === 'no-store') wish.noStore = true;
    else if (name === 'max-age' && /^\d+$/.test(value ?? '')) wish.maxAgeMs = Number(value) * 1000;
  }
  return wish;
}
