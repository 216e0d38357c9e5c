/** Headers by which a caller says what it is and what it asks of the gateway. No other is kept: some hold keys. */
const KEPT = [
  'user-agent',
  'content-length',
  'anthropic-version',
  'anthropic-beta',
  'openai-beta',
  'x-stainless-lang',
  'x-stainless-package-version',
  'x-stainless-retry-count',
  'x-goog-api-client',
  'cache-control',
  'x-gateway-strategy',
  'x-gateway-fallbacks',
  'x-gateway-max-cost-usd',
  'x-gateway-min-quality',
] as const;
const MAX_LENGTH = 200;

/** What the ledger keeps of a request's headers. */
export function tellingHeaders(headers: Headers): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT) {
    const value = headers.get(name);
    if (value !== null) kept[name] = value.slice(0, MAX_LENGTH);
  }
  return kept;
}
