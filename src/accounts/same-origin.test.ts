import { expect, test } from 'bun:test';
import { isSameOrigin } from './same-origin.ts';
import { readSessionCookie, renderClearedCookie, renderSessionCookie } from './session-cookie.ts';

const request = (headers: Record<string, string>, url = 'http://localhost:8000/x') =>
  new Request(url, { method: 'POST', headers });

test.each([
  ['our own page', { 'sec-fetch-site': 'same-origin' }, true],
  ['a bookmark', { 'sec-fetch-site': 'none' }, true],
  ['another site', { 'sec-fetch-site': 'cross-site' }, false],
  ['a sister site', { 'sec-fetch-site': 'same-site' }, false],
  ['another site that says it is us', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:8000' }, false],
  ['our own page over plain HTTP', { origin: 'http://localhost:8000' }, true],
  ['our own page behind a proxy', { origin: 'https://gateway.example', host: 'gateway.example' }, true],
  ['another site over plain HTTP', { origin: 'http://evil.example' }, false],
  ['another port', { origin: 'http://localhost:9000' }, false],
  ['a sandboxed frame', { origin: 'null' }, false],
  ['a program', {}, true],
])('%s', (_, headers, expected) => {
  const { host = 'localhost:8000' } = { host: undefined, ...headers };
  expect(isSameOrigin(request(headers), { host })).toBe(expected);
});

test('the cookie is out of reach of scripts and other sites, and of plain HTTP where there is encryption', () => {
  const plain = renderSessionCookie({ isEncrypted: false }, 'a.b.c');
  expect(plain).toBe('gateway_session=a.b.c; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax');
  expect(renderSessionCookie({ isEncrypted: true }, 'a')).toContain('; Secure;');
  expect(renderClearedCookie({ isEncrypted: true })).toMatch(/Max-Age=0; Secure/);
  expect(renderClearedCookie({ isEncrypted: false })).not.toContain('Secure');
});

test('the session is found among other cookies, and a broken header holds none', () => {
  expect(readSessionCookie(request({ cookie: 'a=b; gateway_session=x.y.z' }))).toBe('x.y.z');
  for (const cookie of ['', ';;=', 'gateway_sessio=1', '%E0%A4%A'])
    expect(readSessionCookie(request({ cookie }))).toBeNull();
});
