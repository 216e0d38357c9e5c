import { expect, test } from 'bun:test';
import { isSameOrigin } from './same-origin.ts';
import { createSessionCookie } from './session-cookie.ts';

const cookie = createSessionCookie({ publicUrl: null, basePath: '' });
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
  expect(isSameOrigin(request(headers), { hosts: [host] })).toBe(expected);
});

test('the cookie is out of reach of scripts and other sites, and of plain HTTP where there is encryption', () => {
  const plain = cookie.render({ isEncrypted: false }, 'a.b.c');
  expect(plain).toBe('gateway_session=a.b.c; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax');
  expect(cookie.render({ isEncrypted: true }, 'a')).toContain('; Secure;');
  expect(cookie.renderCleared({ isEncrypted: true })).toContain('Max-Age=0; Secure;');
  expect(cookie.renderCleared({ isEncrypted: false })).not.toContain('Secure');
});

test('the session is found among other cookies, and a broken header holds none', () => {
  expect(cookie.read(request({ cookie: 'a=b; gateway_session=x.y.z' }))).toBe('x.y.z');
  for (const header of ['', ';;=', 'gateway_sessio=1', '%E0%A4%A'])
    expect(cookie.read(request({ cookie: header }))).toBeNull();
});

test('where people are known to reach us encrypted, the cookie is bound to that place by its name', () => {
  const atRoot = createSessionCookie({ publicUrl: 'https://ai.example', basePath: '' });
  expect(atRoot.render({ isEncrypted: false }, 'a')).toBe(
    '__Host-gateway_session=a; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Lax',
  );
  const below = createSessionCookie({ publicUrl: 'https://ai.example/gateway', basePath: '/gateway' });
  expect(below.render({ isEncrypted: true }, 'a')).toContain('__Secure-gateway_session=a; Path=/gateway; ');
  expect(below.read(request({ cookie: 'gateway_session=x; __Secure-gateway_session=y' }))).toBe('y');
});

test('behind a proxy that changes the host, the address people reach us at is ours', () => {
  const from = (origin: string) => request({ origin, host: '10.0.0.7:8000' });
  const hosts = ['10.0.0.7:8000', 'ai.example'];
  expect(isSameOrigin(from('https://ai.example'), { hosts })).toBe(true);
  expect(isSameOrigin(from('https://evil.example'), { hosts })).toBe(false);
});
