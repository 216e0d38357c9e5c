/** Longer waits are of no use to a caller, and may be nonsense. */
const MAX_SECONDS = 3600;
const LIMITS = ['requests', 'tokens', 'input-tokens', 'output-tokens'];

/**
 * Whole seconds until a retry makes sense, or `undefined` where nothing tells. Instants are compared with the reply's own
 * `date`, so that no clock is needed and the provider's may be wrong.
 */
export function parseRetryAfter(headers: Headers): number | undefined {
  const given = headers.get('retry-after');
  if (given !== null) {
    const seconds = given.trim() === '' ? Number.NaN : Number(given);
    return toSeconds(Number.isNaN(seconds) ? secondsUntil(given, headers) : seconds);
  }
  const waits = LIMITS.filter((limit) => headers.get(`anthropic-ratelimit-${limit}-remaining`) === '0').map((limit) =>
    secondsUntil(headers.get(`anthropic-ratelimit-${limit}-reset`) ?? '', headers),
  );
  return waits.length > 0 ? toSeconds(Math.max(...waits)) : undefined;
}

function secondsUntil(instant: string, headers: Headers): number {
  return (Date.parse(instant) - Date.parse(headers.get('date') ?? '')) / 1000;
}

function toSeconds(seconds: number): number | undefined {
  if (!Number.isFinite(seconds) || seconds < 0) return undefined;
  return Math.min(MAX_SECONDS, Math.ceil(seconds));
}
