/** What kind of network an address leads to. `forbidden` is link-local, metadata services, multicast and what nobody routes. */
export type Reach = 'public' | 'private' | 'loopback' | 'forbidden';

/** https://www.iana.org/assignments/iana-ipv4-special-registry, the first that fits counts. */
const RANGES_V4: readonly [network: string, bits: number, reach: Reach][] = [
  // A cloud's metadata service within the range of carrier-grade NAT.
  ['100.100.100.200', 32, 'forbidden'],
  ['0.0.0.0', 8, 'forbidden'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'private'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'forbidden'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'forbidden'],
  ['192.0.2.0', 24, 'forbidden'],
  ['192.88.99.0', 24, 'forbidden'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'forbidden'],
  ['198.51.100.0', 24, 'forbidden'],
  ['203.0.113.0', 24, 'forbidden'],
  ['224.0.0.0', 3, 'forbidden'],
];

/** What kind of network an IP address leads to, in whichever notation; what is no address is `forbidden`. */
export function reachOf(address: string): Reach {
  const v4 = parseV4(address);
  if (v4 !== null) return reachOfV4(v4);
  const groups = parseV6(address);
  return groups ? reachOfV6(groups) : 'forbidden';
}

function reachOfV4(address: number): Reach {
  for (const [network, bits, reach] of RANGES_V4) {
    const size = 2 ** (32 - bits);
    if (Math.floor(address / size) === Math.floor((parseV4(network) ?? 0) / size)) return reach;
  }
  return 'public';
}

/** Of the whole space only 2000::/3 is given to anybody; addresses that hold one of IPv4 lead where that leads. */
function reachOfV6(groups: readonly number[]): Reach {
  const [a = 0, b = 0, c = 0, , , f = 0, g = 0, h = 0] = groups;
  const isZeroUntil = (end: number): boolean => groups.slice(0, end).every((group) => group === 0);
  const embedded = g * 0x10000 + h;
  if (isZeroUntil(7) && h === 1) return 'loopback';
  if (isZeroUntil(5) && f === 0xffff) return reachOfV4(embedded);
  if (a === 0x64 && b === 0xff9b && c === 0) return reachOfV4(embedded);
  if (a === 0xfd00 && b === 0xec2) return 'forbidden';
  if ((a & 0xfe00) === 0xfc00) return 'private';
  if ((a & 0xe000) !== 0x2000) return 'forbidden';
  // Tunnels that hold another address, protocol assignments, documentation.
  const isSpecial = (a === 0x2001 && (b < 0x200 || b === 0xdb8)) || a === 0x2002 || (a === 0x3fff && b < 0x1000);
  return isSpecial ? 'forbidden' : 'public';
}

function parseV4(text: string): number | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Eight groups of 16 bits; null for what is no IPv6 address. A zone (`%eth0`) is left out. */
function parseV6(text: string): number[] | null {
  const [bare = ''] = text.split('%');
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(bare);
  const v4 = tail ? parseV4(tail[2] ?? '') : null;
  if (tail && v4 === null) return null;
  const hex = tail && v4 !== null ? `${tail[1]}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}` : bare;

  const halves = hex.split('::');
  if (halves.length > 2) return null;
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - rest.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array<string>(halves.length === 2 ? missing : 0).fill('0'), ...rest];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : null;
}
