import { type IsTrusted, plainAddress } from './trusted-proxies.ts';
import { urlOf } from './url-of.ts';

/** Whoever sent a request, and how they reached us, as seen from their side of the proxies between us. */
export interface Client {
  /** `unknown` where there is no connection, as in tests that call the app directly. */
  address: string;
  isEncrypted: boolean;
  /** With its port, unless it is the usual one. */
  host: string;
}

/** What is asked of the server a request came to. */
type Server = { requestIP(request: Request): { address: string } | null } | null;

export type ClientOf = (request: Request, server: Server) => Client;

/**
 * `X-Forwarded-For`, `-Proto` and `-Host` are believed from trusted proxies alone: anybody can send them. Each proxy adds its
 * own client at the right end of the list, so reading from there, the first address that is no trusted proxy's is the client;
 * what stands further left is only what that client says.
 */
export function createClientOf(isTrusted: IsTrusted): ClientOf {
  return (request, server) => {
    const peer = plainAddress(server?.requestIP(request)?.address ?? '') ?? 'unknown';
    const { protocol, host } = urlOf(request);
    const ownHost = hostIn(request.headers.get('host')) ?? host;
    const seen = { address: peer, isEncrypted: protocol === 'https:', host: ownHost };
    if (!isTrusted(peer)) return seen;

    const scheme = lastOf(request, 'x-forwarded-proto')?.toLowerCase();
    return {
      address: forwardedAddress(request, peer, isTrusted),
      isEncrypted: scheme === undefined ? seen.isEncrypted : scheme === 'https',
      host: hostIn(lastOf(request, 'x-forwarded-host')) ?? seen.host,
    };
  };
}

function forwardedAddress(request: Request, peer: string, isTrusted: IsTrusted): string {
  let address = peer;
  for (const entry of (request.headers.get('x-forwarded-for') ?? '').split(',').reverse()) {
    const previous = plainAddress(entry);
    if (previous === null) return address;
    address = previous;
    if (!isTrusted(address)) return address;
  }
  return address;
}

/** Of several, the one that the proxy next to us wrote. */
function lastOf(request: Request, name: string): string | null {
  return request.headers.get(name)?.split(',').at(-1)?.trim() ?? null;
}

/** Null if it is none: it ends up in an address that people copy. */
function hostIn(text: string | null): string | null {
  if (text === null || !/^[\w.:[\]-]+$/.test(text)) return null;
  return URL.parse(`http://${text}`) === null ? null : text;
}
