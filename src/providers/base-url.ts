/** `v1`, `v1beta`, `v4`, `v1beta/openai`: how the path of an address ends that already names its version. */
const ENDS_IN_VERSION = /\/v\d+(?:(?:alpha|beta)\d*)?(?:\/openai)?$/;

/**
 * The address as an operator may give it, with or without version and slash at the end, in the one form we use:
 * `https://api.openai.com` becomes `https://api.openai.com/v1`. Throws as `trimBaseUrl`.
 */
export function normalizeBaseUrl(given: string, version: string): string {
  const address = trimBaseUrl(given);
  return ENDS_IN_VERSION.test(address) ? address : `${address}/${version}`;
}

/** The address as given, without slashes at its end. Throws an Error that says what is wrong with it. */
export function trimBaseUrl(given: string): string {
  const problem = findBaseUrlProblem(given);
  if (problem) throw new Error(`The base URL ${problem}`);
  const { origin, pathname } = new URL(given.trim());
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

/**
 * What is wrong with an operator's address, as the end of a sentence that begins with its name; `undefined` when it will do.
 * Never repeats the address, for it may hold a password.
 */
export function findBaseUrlProblem(given: string): string | undefined {
  const url = URL.parse(given.trim());
  if (!url) return 'must be a URL such as https://api.example.com/v1.';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must start with https:// or http://.';
  if (url.username !== '' || url.password !== '') {
    return 'must not hold a user name or password; give the provider key on its own.';
  }
  // A bare `?` or `#` leaves `search` and `hash` empty but would still swallow the path we append.
  if (/[?#]/.test(given)) return 'must not be followed by a query (?) or a fragment (#).';
  return undefined;
}
