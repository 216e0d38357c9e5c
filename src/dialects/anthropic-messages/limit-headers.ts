import type { Gauge, LimitState } from '../../chat/limit-state.ts';

/** `anthropic-ratelimit-*`, for the limits there are. https://platform.claude.com/docs/en/api/rate-limits */
export function limitHeaders({ requests, tokens, at }: LimitState): Record<string, string> {
  const headers: Record<string, string> = {};
  if (requests) add(headers, 'requests', { ...requests, at });
  if (tokens) add(headers, 'tokens', { ...tokens, at });
  return headers;
}

function add(headers: Record<string, string>, what: string, gauge: Gauge & { at: number }): void {
  headers[`anthropic-ratelimit-${what}-limit`] = String(gauge.limit);
  headers[`anthropic-ratelimit-${what}-remaining`] = String(gauge.remaining);
  headers[`anthropic-ratelimit-${what}-reset`] = instant(gauge.at + gauge.resetMs);
}

/** RFC 3339 in whole seconds, rounded up, as the vendor writes it. */
function instant(at: number): string {
  return `${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
