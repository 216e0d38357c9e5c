/** How much of one limit is left, as the provider's last reply told it. */
export interface Allowance {
  limit: number;
  remaining: number;
  /** When it is whole again; null = it did not say. */
  resetAt: number | null;
}

/** What a provider lets one key do, by kind. Only what its reply named. */
export interface Headroom {
  requests?: Allowance;
  tokens?: Allowance;
  inputTokens?: Allowance;
  outputTokens?: Allowance;
  /** When the reply came. */
  at: number;
}

type Kind = Exclude<keyof Headroom, 'at'>;

/** https://platform.openai.com/docs/guides/rate-limits and https://platform.claude.com/docs/en/api/rate-limits */
const SPELLINGS: readonly ((part: string, kind: string) => string)[] = [
  (part, kind) => `x-ratelimit-${part}-${kind}`,
  (part, kind) => `anthropic-ratelimit-${kind}-${part}`,
];
const KINDS: readonly (readonly [Kind, string])[] = [
  ['requests', 'requests'],
  ['tokens', 'tokens'],
  ['inputTokens', 'input-tokens'],
  ['outputTokens', 'output-tokens'],
];
/** Spelled out beforehand, because every reply is asked for all of them. */
const NAMES = SPELLINGS.flatMap((spell) =>
  KINDS.map(([kind, name]) => ({
    ...{ kind, limit: spell('limit', name), remaining: spell('remaining', name), reset: spell('reset', name) },
  })),
);

/** Reads the headers in which a provider tells how much is left; null when there are none, as with Google. */
export function readHeadroom(headers: Headers, now: number): Headroom | null {
  let found: Headroom | null = null;
  for (const { kind, ...names } of NAMES) {
    const limit = readCount(headers.get(names.limit));
    if (limit === null) continue;
    const remaining = readCount(headers.get(names.remaining));
    if (remaining === null) continue;
    found ??= { at: now };
    found[kind] = { limit, remaining: Math.min(remaining, limit), resetAt: readReset(headers.get(names.reset), now) };
  }
  return found;
}

function readCount(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : null;
}

const UNITS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** `6m0s`, `120ms`, or a time such as 2026-11-30T12:00:00Z. */
function readReset(text: string | null, now: number): number | null {
  if (text === null || text === '') return null;
  if (/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(text)) {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
    return now + parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
  }
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
