import { expect, test } from 'bun:test';
import { createClientOf } from './client-of.ts';
import { parseTrustedProxies } from './trusted-proxies.ts';

const FORGED = {
  host: 'gateway.example:8000',
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'evil.example',
};

/** What is made of a request that arrives from `peer` with these headers. */
function clientOf(
  trusted: string,
  peer: string | null,
  headers: Record<string, string>,
  publicUrl: string | null = null,
) {
  const server = { requestIP: () => (peer === null ? null : { address: peer }) };
  return createClientOf({ isTrustedProxy: parseTrustedProxies(trusted), publicUrl })(
    new Request('http://localhost:8000/x', { headers }),
    server,
  );
}

const addressOf = (trusted: string, peer: string, forwardedFor: string) =>
  clientOf(trusted, peer, { 'x-forwarded-for': forwardedFor }).address;

test.each([
  ['nobody is trusted', '', '10.0.0.7'],
  ['somebody else is trusted', '10.0.0.8', '10.0.0.7'],
  ['the peer is outside of the trusted range', '10.1.0.0/16', '10.0.0.7'],
  ['there is no connection', 'private', null],
])('forged headers are ignored where %s', (_, trusted, peer) => {
  expect(clientOf(trusted, peer, FORGED)).toEqual({
    address: peer ?? 'unknown',
    isEncrypted: false,
    hosts: ['gateway.example:8000'],
    baseUrl: 'http://gateway.example:8000',
  });
});

test('a trusted proxy is believed about address, scheme and host', () => {
  for (const trusted of ['10.0.0.7', '10.0.0.0/8', 'private', '192.0.2.1, 10.0.0.0/24', '::1 10.0.0.7']) {
    const [hosts, baseUrl] = [['evil.example'], 'https://evil.example'];
    const client = { address: '203.0.113.9', isEncrypted: true, hosts, baseUrl };
    expect(clientOf(trusted, '10.0.0.7', FORGED)).toEqual(client);
    expect(clientOf(trusted, '::ffff:10.0.0.7', FORGED)).toEqual(client);
  }
});

test('the client is the right-most address that is no trusted proxy', () => {
  expect(addressOf('private', '10.0.0.7', '1.1.1.1, 203.0.113.9')).toBe('203.0.113.9');
  expect(addressOf('private', '10.0.0.7', '1.1.1.1, 203.0.113.9, 192.168.0.4, 172.20.0.3')).toBe('203.0.113.9');
  expect(addressOf('private 198.51.100.0/24', '10.0.0.7', '203.0.113.9,198.51.100.7')).toBe('203.0.113.9');
  expect(addressOf('private', '10.0.0.7', '2001:db8::5, fd00::1')).toBe('2001:db8::5');
});

test('when everybody on the way is trusted, the client is the first of them', () => {
  expect(addressOf('private', '172.18.0.3', '192.168.1.20')).toBe('192.168.1.20');
  expect(addressOf('private', '172.18.0.3', '')).toBe('172.18.0.3');
});

test('ports, brackets and zones are no part of an address, and rubbish ends the list', () => {
  expect(addressOf('private', '10.0.0.7', '203.0.113.9:51234')).toBe('203.0.113.9');
  expect(addressOf('private', '10.0.0.7', '[2001:DB8::5]:443')).toBe('2001:db8::5');
  expect(addressOf('private', 'fe80::1%eth0', '203.0.113.9')).toBe('203.0.113.9');
  for (const rubbish of ['unknown', '_hidden', '1.2.3', '1.2.3.4.5', '<script>', '203.0.113.9;'])
    expect(addressOf('private', '10.0.0.7', `203.0.113.9, ${rubbish}`)).toBe('10.0.0.7');
});

test('of several schemes and hosts the nearest proxy’s counts, and a host that is none does not', () => {
  const twice = { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'evil.example, gateway.example' };
  expect(clientOf('private', '10.0.0.7', twice)).toMatchObject({ baseUrl: 'http://gateway.example' });
  for (const host of ['a b', 'user@evil.example', 'evil.example/path', '', 'x:99999'])
    expect(clientOf('private', '10.0.0.7', { ...FORGED, 'x-forwarded-host': host }).hosts).toEqual([
      'gateway.example:8000',
    ]);
});

test('an entry that is no address and no range is refused by name', () => {
  for (const wrong of ['10.0.0.0/33', '10.0.0/8', 'proxy.internal', '10.0.0.0/', '10.0.0.0/8/8', '::/129', 'Private'])
    expect(() => parseTrustedProxies(`127.0.0.1, ${wrong}`)).toThrow(`"${wrong}"`);
});

test('where everybody reaches us is known from the setting, whoever says what, and what was asked for is our name as well', () => {
  for (const trusted of ['private', '']) {
    const client = clientOf(trusted, '10.0.0.7', { host: 'localhost:8000' }, 'https://ai.example/gateway');
    expect(client).toMatchObject({ isEncrypted: true, baseUrl: 'https://ai.example/gateway' });
    expect(client.hosts).toEqual(['localhost:8000', 'ai.example']);
  }
});
