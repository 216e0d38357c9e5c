import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type Reach, reachOf } from './address.ts';

/** Why a request was not even sent; the message is for the operator and holds no part of the address but its host. */
export class Unreachable extends Error {}

export interface GuardedPost {
  url: URL;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  /** Whether hosts in the operator's own network may be called; never link-local ones or metadata services. */
  allowsPrivate: boolean;
  /** Every address of a host. */
  resolve?: (host: string) => Promise<string[]>;
  /** Certificates to trust besides the system's; for tests. */
  ca?: string;
}

/**
 * Posts to a host somebody named, and only where nothing of ours lives: every address of it is checked, and the very one
 * that was checked is called, so that a name cannot lead somewhere else in between. Follows no redirect and reads no
 * answer. Resolves to the status; throws Unreachable, or what the network threw.
 */
export async function guardedPost(post: GuardedPost): Promise<number> {
  const host = post.url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await (post.resolve ?? resolveAll)(host);
  const reaches = addresses.map(reachOf);
  const complaint = complaintAbout(post, { host, reaches });
  const [address] = addresses;
  if (complaint !== null || address === undefined) throw new Unreachable(complaint ?? `${host} has no address.`);
  return await send(post, { host, address });
}

async function resolveAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);
}

function complaintAbout({ url, allowsPrivate }: GuardedPost, { host, reaches }: { host: string; reaches: Reach[] }) {
  const isOwn = (reach: Reach): boolean => reach === 'private' || reach === 'loopback';
  if (reaches.length === 0) return `${host} has no address.`;
  if (url.username !== '' || url.password !== '') return 'An address must not hold a user name or password.';
  if (reaches.includes('forbidden')) return `${host} leads to an address that nobody may call.`;
  if (!allowsPrivate && reaches.some(isOwn)) return `${host} leads into a private network.`;
  if (url.protocol === 'https:') return null;
  const isLocal = allowsPrivate && reaches.every((reach) => reach === 'loopback');
  return url.protocol === 'http:' && isLocal ? null : 'Only https is sent outside this machine.';
}

interface Destination {
  host: string;
  address: string;
}

function send({ url, headers, body, timeoutMs, ca }: GuardedPost, { host, address }: Destination): Promise<number> {
  const family = address.includes(':') ? 6 : 4;
  const options = {
    host,
    port: url.port === '' ? undefined : Number(url.port),
    path: url.pathname + url.search,
    method: 'POST',
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    // A kept connection may lead to an address that nobody checked this time.
    agent: false as const,
    signal: AbortSignal.timeout(timeoutMs),
    lookup: fixedLookup(address, family),
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(options, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.on('error', reject);
    request.end(body);
  });
}

type Found = (error: null, address: string | { address: string; family: number }[], family?: number) => void;

/** Answers with the address that was checked, in whichever of its two forms the caller asks. */
function fixedLookup(address: string, family: number) {
  return (_host: string, { all }: { all?: boolean | undefined }, found: Found): void => {
    if (all) found(null, [{ address, family }]);
    else found(null, address, family);
  };
}
