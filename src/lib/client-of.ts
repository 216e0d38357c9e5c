import { type IsTrusted, plainAddress } from './trusted-proxies.ts';
import { urlOf } from './url-of.ts';

/** Whoever sent a request, and how they reached us, as seen from their side of the proxies between us. */
export interface Client {
  /** `unknown` where there is no connection, as in tests that call the app directly. */
  address: string;
  isEncrypted: boolean;
  /** What we are called, with a port unless it is the usual one: as they asked, and as `publicUrl` says. */
  hosts: readonly string[];
  /** Where they reach us, without a slash at the end. */
  baseUrl: string;
}

/** What is asked of the server a request came to. */
type Server = { requestIP(request: Request): { address: string } | null } | null;

export type ClientOf = (request: Request, server: Server) => Client;

interface ClientOptions {
  isTrustedProxy: IsTrusted;
  /** Where everybody reaches us, when that is known. */
  publicUrl: string | null;
}

/**
 * `X-Forwarded-For`, `-Proto` and `-Host` are believed from trusted proxies alone: anybody can send them. Each proxy adds its
 * own client at the right end of the list, so reading from there, the first address that is no trusted proxy's is the client;
 * what stands further left is only what that client says.
 */
export function createClientOf({ isTrustedProxy, publicUrl }: ClientOptions): ClientOf {
  const known = publicUrl === null ? null : URL.parse(publicUrl);
  return (request, server) => {
    const peer = plainAddress(server?.requestIP(request)?.address ?? '') ?? 'unknown';
    const isProxied = isTrustedProxy(peer);
    const forwarded = (name: string) => (isProxied ? lastOf(request, `x-forwarded-${name}`) : null);

    const { protocol, host } = urlOf(request);
    const asked = hostIn(forwarded('host')) ?? hostIn(request.headers.get('host')) ?? host;
    const scheme = forwarded('proto')?.toLowerCase() ?? protocol.replace(':', '');
    const isEncrypted = (known?.protocol.replace(':', '') ?? scheme) === 'https';
    return {
      address: isProxied ? forwardedAddress(request, peer, isTrustedProxy) : peer,
      isEncrypted,
      hosts: known ? [asked, known.host] : [asked],
      baseUrl: publicUrl ?? `${isEncrypted ? 'https' : 'http'}://${asked}`,
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
