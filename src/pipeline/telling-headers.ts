/** Headers by which a caller says what it is and what it asks of the gateway. No other is kept: some hold keys. */
const KEPT =
  /^(?:user-agent|content-length|cache-control|x-gateway-[a-z-]+|x-stainless-[a-z-]+|[a-z-]+-(?:version|beta))$/;
const MAX_LENGTH = 200;
const MAX_HEADERS = 30;

/** What the ledger keeps of a request's headers. */
export function tellingHeaders(headers: Headers): Record<string, string> {
  const kept: Record<string, string> = {};
  let count = 0;
  for (const [name, value] of headers) {
    if (!KEPT.test(name) || ++count > MAX_HEADERS) continue;
    kept[name] = value.slice(0, MAX_LENGTH);
  }
  return kept;
}
