import { isJsonObject } from '../../lib/json.ts';

const LONGEST_SECONDS = 3600;
const DURATION = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;
const UNIT_SECONDS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };
const IN_TEXT = /(?:try again|retry) (?:in|after) ((?:\d+(?:\.\d+)?(?:ms|s|m|h))+)/i;

/**
 * Whole seconds to wait, at most an hour: from `retry-after-ms`, `retry-after`, the `RetryInfo` of Google's compatible
 * endpoint, or "Please try again in 1m30s". `undefined` where nothing tells.
 */
export function parseRetryAfter(headers: Headers, body: unknown, message: string): number | undefined {
  const milliseconds = count(headers.get('retry-after-ms'));
  const seconds =
    (milliseconds === undefined ? undefined : milliseconds / 1000) ??
    count(headers.get('retry-after')) ??
    untilDate(headers) ??
    duration(retryDelay(body)) ??
    duration(IN_TEXT.exec(message)?.[1]);
  return seconds === undefined ? undefined : Math.min(Math.ceil(seconds), LONGEST_SECONDS);
}

function count(header: string | null): number | undefined {
  const value = header === null || header.trim() === '' ? Number.NaN : Number(header);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** `retry-after` as a date, against the time of the same reply. */
function untilDate(headers: Headers): number | undefined {
  const until = Date.parse(headers.get('retry-after') ?? '') - Date.parse(headers.get('date') ?? '');
  return Number.isFinite(until) && until >= 0 ? until / 1000 : undefined;
}

function retryDelay(body: unknown): string | undefined {
  const first = Array.isArray(body) ? body[0] : body;
  const error = isJsonObject(first) ? first.error : undefined;
  const details = isJsonObject(error) && Array.isArray(error.details) ? error.details : [];
  for (const detail of details) {
    if (isJsonObject(detail) && typeof detail.retryDelay === 'string') return detail.retryDelay;
  }
  return undefined;
}

function duration(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  let seconds: number | undefined;
  for (const [, amount, unit] of text.slice(0, 64).matchAll(DURATION)) {
    seconds = (seconds ?? 0) + Number(amount) * (UNIT_SECONDS[unit ?? ''] ?? 0);
  }
  return seconds;
}
