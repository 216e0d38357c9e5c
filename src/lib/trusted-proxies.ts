import { BlockList, isIP } from 'node:net';

/** Loopback, the ranges of private networks and of links, and their like in IPv6: where a container's neighbours are. */
const PRIVATE = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
] as const;

/** Whether a proxy at this address may speak for its clients. */
export type IsTrusted = (address: string) => boolean;

/**
 * Reads a list of addresses and ranges (`10.0.0.7`, `10.0.0.0/8`, `fd00::/8`; `private` stands for all private networks), apart
 * by commas or spaces. Throws an error that names the first entry that is none.
 */
export function parseTrustedProxies(text: string): IsTrusted {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  const list = new BlockList();
  for (const name of names.flatMap((name) => (name === 'private' ? PRIVATE : [name]))) add(list, name);
  return (address) => {
    const plain = plainAddress(address);
    return plain !== null && list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  };
}

/** One way to write an address: without port, brackets and zone, and IPv4 not dressed up as IPv6. Null if it is none. */
export function plainAddress(text: string): string | null {
  const bare = text.trim().replace(/^\[([^\]]*)\](?::\d+)?$/, '$1');
  const withoutPort = /^[\d.]+:\d+$/.test(bare) ? bare.slice(0, bare.indexOf(':')) : bare;
  const address = withoutPort.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIP(address) === 0 ? null : address.toLowerCase();
}

function add(list: BlockList, name: string): void {
  const [address = '', prefix, ...more] = name.split('/');
  const version = isIP(address);
  const bits = version === 6 ? 128 : 32;
  const length = prefix === undefined ? bits : Number(prefix);
  const isRange = version !== 0 && more.length === 0 && /^\d*$/.test(prefix ?? '') && prefix !== '' && length <= bits;
  if (!isRange) throw new Error(`"${name.slice(0, 50)}" is no address, no range and not "private"`);
  list.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4');
}
