import type { Client } from '../lib/client-of.ts';

/**
 * Whether a request comes from our own pages, or from no web page at all. Browsers say so in `Sec-Fetch-Site`; over plain
 * HTTP to another machine they leave that out, and only `Origin` is there. Programs send neither. A proxy in front may have
 * changed the host, so the address people reach us at counts as well.
 * https://web.dev/articles/fetch-metadata
 */
export function isSameOrigin(request: Request, { hosts }: Pick<Client, 'hosts'>): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';

  const origin = request.headers.get('origin');
  if (origin === null) return true;
  return hosts.includes(URL.parse(origin)?.host ?? '');
}
