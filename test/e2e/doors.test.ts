import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createApp } from '../../src/app.ts';
import { startGateway, type TestGateway } from '../gateway.ts';

/** Every route that answers somebody unknown. A new one has to be written down here, with its reason in mind. */
const PUBLIC = [
  'POST /preferences',
  'GET /health',
  'GET /ready',
  'GET /',
  'GET /favicon.ico',
  'GET /assets/:name',
  'GET /setup',
  'POST /setup',
  'GET /sign-in',
  'POST /sign-in',
  'POST /api/setup',
  'POST /api/session',
];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

test('every route but the public ones turns a stranger away', async () => {
  const routes = createApp(gateway.services).routes.map(({ method, path }) => ({ method, path }));
  expect(routes.length).toBeGreaterThan(20);
  const open: string[] = [];
  for (const { method, path } of routes) {
    const response = await fetch(`${gateway.url}${path.replace(/:\w+|\*/g, 'x')}`, {
      method,
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin' },
      ...(method === 'GET' ? {} : { body: '{}' }),
    });
    await response.body?.cancel();
    const isTurnedAway = [401, 404].includes(response.status) || response.headers.get('location')?.includes('/sign-in');
    if (!isTurnedAway) open.push(`${method} ${path}`);
    // A stranger never gets a 404 for a route that exists, except Google's for a method it does not know.
    if (response.status === 404)
      expect(['POST /v1/models/*', 'POST /v1beta/models/*', 'GET /assets/:name']).toContain(`${method} ${path}`);
  }
  expect(open.filter((route) => !PUBLIC.includes(route))).toEqual([]);
});

test('the operator sets up, makes a key, uses it, revokes it, and everything takes hold at once', async () => {
  const call = async (method: string, path: string, { token, body }: { token?: string; body?: unknown } = {}) => {
    const response = await fetch(`${gateway.url}${path}`, {
      method,
      headers: { ...(token && { authorization: `Bearer ${token}` }), 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text), text };
  };
  const setupToken = await gateway.services.accounts.issueSetupToken();
  const person = { email: 'ada@example.com', password: 'correct horse battery staple' };
  const { body: session } = await call('POST', '/api/setup', { body: { token: setupToken, ...person } });
  expect((await call('POST', '/api/setup', { body: { token: setupToken, ...person } })).status).toBeGreaterThanOrEqual(
    400,
  );

  const token = session.token;
  const made = await call('POST', '/api/keys', {
    token,
    body: { name: 'my program', limits: { requestsPerMinute: 5 } },
  });
  expect([made.status, made.body.key]).toEqual([201, expect.stringMatching(/^gw-[\w-]{43}$/)]);
  const usage = () => call('GET', '/v1/usage', { token: made.body.key });
  expect((await usage()).status).toBe(200);
  const listed = await call('GET', '/api/keys', { token });
  expect(listed.text).toContain('my program');
  expect(listed.text).not.toContain(made.body.key);

  const { id } = made.body.row ?? made.body;
  expect((await call('DELETE', `/api/keys/${id}`, { token })).status).toBeLessThan(300);
  expect(await usage()).toMatchObject({ status: 401, text: expect.stringContaining('revoked') });
});

test('a provider key added while the gateway runs takes over from the simulator', async () => {
  const { vault, connections } = gateway.services;
  expect(connections.find('openai')?.provider.isSimulated).toBe(true);
  const { Secret } = await import('../../src/lib/secret.ts');
  const { id } = await vault.add({ provider: 'openai', name: 'team', key: new Secret('sk-canary-added-later') });
  expect(connections.find('openai')?.provider.isSimulated).toBe(false);
  expect(connections.find('anthropic')).toBeUndefined();
  const stored = Buffer.from(await Bun.file(`${gateway.dataDir}/gateway.db-wal`).arrayBuffer());
  expect(stored.includes('canary')).toBe(false);
  await vault.revoke(id);
  expect(connections.isSimulating()).toBe(true);
});
