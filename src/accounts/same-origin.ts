/**
 * Whether a request comes from our own pages, or from no web page at all. Browsers say so in `Sec-Fetch-Site`; over plain
 * HTTP to another machine they leave that out, and only `Origin` is there. Programs send neither. A proxy in front may have
 * changed the host, so the address people reach us at counts as well.
 * https://web.dev/articles/fetch-metadata
 */
export function isSameOrigin(request: Request, publicUrl: string | null = null): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';

  const origin = request.headers.get('origin');
  if (origin === null) return true;
  if (publicUrl !== null && URL.parse(publicUrl)?.origin === origin) return true;
  const ourHost = request.headers.get('host') ?? new URL(request.url).host;
  return URL.parse(origin)?.host === ourHost;
}
