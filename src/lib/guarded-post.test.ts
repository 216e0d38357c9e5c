import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { type GuardedPost, guardedPost, Unreachable } from './guarded-post.ts';

let received: { url: string; headers: Record<string, string>; body: string }[] = [];
let answer: () => Response | Promise<Response>;
let server: ReturnType<typeof Bun.serve>;
beforeAll(() => {
  server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      received.push({
        url: pathname + search,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      });
      return await answer();
    },
  });
});
afterAll(() => server.stop(true));
beforeEach(() => {
  received = [];
  answer = () => new Response('ok');
});

function post(address: string, more: Partial<GuardedPost> = {}): Promise<number> {
  const url = new URL(address.replace('PORT', String(server.port)));
  return guardedPost({
    url,
    headers: { 'x-own': 'yes' },
    body: 'héllo',
    timeoutMs: 2000,
    allowsPrivate: true,
    ...more,
  });
}

const leadsTo = (...addresses: string[]) => ({ resolve: async () => addresses });

test('goes to the address that was checked, under the name that was given', async () => {
  let asked = 0;
  const resolve = async (host: string) => {
    asked++;
    return [host === 'hooks.example' ? '127.0.0.1' : '8.8.8.8'];
  };
  expect(await post('http://hooks.example:PORT/in?a=1', { resolve })).toBe(200);
  expect(asked).toBe(1);
  expect(received).toMatchObject([{ url: '/in?a=1', body: 'héllo', headers: { 'x-own': 'yes' } }]);
  expect(received[0]?.headers.host).toBe(`hooks.example:${server.port}`);
});

test.each([
  ['https://hooks.example/', ['10.0.0.1'], false, 'private network'],
  ['https://hooks.example/', ['8.8.8.8', '127.0.0.1'], false, 'private network'],
  ['https://hooks.example/', ['8.8.8.8', '::ffff:192.168.0.1'], false, 'private network'],
  ['https://hooks.example/', ['100.64.1.1'], false, 'private network'],
  ['https://hooks.example/', ['169.254.169.254'], true, 'nobody may call'],
  ['https://hooks.example/', ['127.0.0.1', 'fe80::1'], true, 'nobody may call'],
  ['https://hooks.example/', ['0.0.0.0'], true, 'nobody may call'],
  ['https://hooks.example/', [], true, 'no address'],
  ['http://hooks.example/', ['8.8.8.8'], true, 'Only https'],
  ['http://hooks.example/', ['10.0.0.1'], true, 'Only https'],
  ['http://hooks.example/', ['127.0.0.1', '10.0.0.1'], true, 'Only https'],
  ['http://hooks.example/', ['127.0.0.1'], false, 'private network'],
  ['ftp://hooks.example/', ['127.0.0.1'], true, 'Only https'],
  ['https://ada:secret@hooks.example/', ['8.8.8.8'], true, 'user name'],
] as const)('%s at %p (own network: %p) is not called', async (address, addresses, allowsPrivate, words) => {
  const refused = post(address, { ...leadsTo(...addresses), allowsPrivate });
  await expect(refused).rejects.toThrow(Unreachable);
  await expect(refused).rejects.toThrow(words);
});

test.each([
  'http://127.0.0.1:PORT/',
  'http://0x7f.1:PORT/',
  'http://2130706433:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
])('an address in disguise is seen through: %s', async (address) => {
  await expect(post(address, { allowsPrivate: false })).rejects.toThrow('private network');
  expect(received).toEqual([]);
});

test('a redirect is not followed', async () => {
  answer = () => new Response(null, { status: 302, headers: { location: `http://127.0.0.1:${server.port}/other` } });
  expect(await post('http://hooks.example:PORT/', leadsTo('127.0.0.1'))).toBe(302);
  expect(received).toHaveLength(1);
});

test('an answer that does not come is not waited for', async () => {
  answer = () => new Promise(() => {});
  await expect(post('http://hooks.example:PORT/', { ...leadsTo('127.0.0.1'), timeoutMs: 50 })).rejects.toThrow();
});

test('https is checked against the name, not the address', async () => {
  const port = await post('https://hooks.example:PORT/', leadsTo('127.0.0.1')).catch((error: Error) => error.message);
  // The server speaks no TLS: that it was spoken to in it is what matters.
  expect(port).not.toBe(200);
  expect(received).toEqual([]);
});
