import type { Gauge, LimitState } from '../../chat/limit-state.ts';

/** `x-ratelimit-*`, for the limits there are. https://platform.openai.com/docs/guides/rate-limits */
export function limitHeaders({ requests, tokens }: LimitState): Record<string, string> {
  const headers: Record<string, string> = {};
  if (requests) add(headers, 'requests', requests);
  if (tokens) add(headers, 'tokens', tokens);
  return headers;
}

function add(headers: Record<string, string>, what: string, { limit, remaining, resetMs }: Gauge): void {
  headers[`x-ratelimit-limit-${what}`] = String(limit);
  headers[`x-ratelimit-remaining-${what}`] = String(remaining);
  headers[`x-ratelimit-reset-${what}`] = duration(resetMs);
}

/** As OpenAI writes it: `20ms`, `1.5s`, `1m30s`. */
function duration(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Number(((ms % 60_000) / 1000).toFixed(3));
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds}s`;
}
