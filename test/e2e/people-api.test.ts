import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startGateway, type TestGateway } from '../gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

const ROUTES = [
  ['GET', '/users', { admin: 200, member: 403, viewer: 403 }],
  ['PATCH', '/users/x', { admin: 404, member: 403, viewer: 403 }],
  ['POST', '/users/x/sign-out', { admin: 404, member: 403, viewer: 403 }],
  ['POST', '/users/x/reset', { admin: 404, member: 403, viewer: 403 }],
  ['GET', '/invitations', { admin: 200, member: 403, viewer: 403 }],
  ['POST', '/invitations', { admin: 201, member: 403, viewer: 403 }],
  ['DELETE', '/invitations/x', { admin: 404, member: 403, viewer: 403 }],
  ['GET', '/me', { admin: 200, member: 200, viewer: 200 }],
  ['POST', '/keys/x/rotate', { admin: 404, member: 404, viewer: 403 }],
  ['POST', '/keys/x/restore', { admin: 404, member: 404, viewer: 403 }],
  ['GET', '/audit', { admin: 200, member: 403, viewer: 403 }],
  ['GET', '/settings', { admin: 200, member: 403, viewer: 403 }],
  ['PATCH', '/settings', { admin: 200, member: 403, viewer: 403 }],
  ['GET', '/status', { admin: 200, member: 403, viewer: 200 }],
  ['POST', '/backup', { admin: 200, member: 403, viewer: 403 }],
] as const;

const BODIES: Record<string, object> = {
  'PATCH /users/x': { role: 'member' },
  'POST /invitations': { role: 'viewer' },
};

test.each(ROUTES)(
  '%s /api%s answers each role as it may, and nobody without a session',
  async (method, path, expected) => {
    const { sessions } = gateway.services;
    const call = async (headers: Record<string, string>) => {
      const body =
        method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(BODIES[`${method} ${path}`] ?? {}) };
      const response = await fetch(`${gateway.url}/api${path}`, { method, headers, ...body });
      await response.arrayBuffer();
      return response.status;
    };
    expect(await call({})).toBe(401);
    for (const role of ['admin', 'member', 'viewer'] as const) {
      const authorization = `Bearer ${await sessions.start(await gateway.person(role))}`;
      expect([role, await call({ authorization })]).toEqual([role, expected[role]]);
      if (method !== 'GET') expect(await call({ authorization, 'sec-fetch-site': 'cross-site' })).toBe(403);
    }
  },
);

test('keys of somebody who is disabled do not work until they are enabled', async () => {
  const { keys, people } = gateway.services;
  const [admin, member] = [await gateway.person('admin'), await gateway.person('member')];
  const account = { id: admin, email: 'admin@example.com', name: 'Ada', role: 'admin' } as const;
  const { key } = await keys.create({ name: 'theirs', userId: member });
  const status = async () =>
    (await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status;
  expect(await status()).toBe(200);
  await people.disable(account, member);
  expect(await status()).toBe(401);
  await people.enable(account, member);
  expect(await status()).toBe(200);
});

const PROVIDER_ROUTES = [
  ['POST', '/providers'],
  ['PUT', '/providers/x'],
  ['DELETE', '/providers/x'],
  ['PATCH', '/provider-keys/x'],
  ['POST', '/provider-keys/x/test'],
] as const;

test('a page of another site does nothing to providers, whoever is signed in', async () => {
  const { sessions, sessionCookie, ownServers, vault } = gateway.services;
  const token = await sessions.start(await gateway.person('admin'));
  const body = JSON.stringify({ id: 'x', baseUrl: 'https://elsewhere.example/v1', models: [{ id: 'm' }], weight: 1 });
  for (const who of [{ authorization: `Bearer ${token}` }, { cookie: `${sessionCookie.name}=${token}` }]) {
    for (const [method, path] of PROVIDER_ROUTES) {
      const ask = async (site: string) => {
        const headers = { ...who, 'sec-fetch-site': site };
        const response = await fetch(`${gateway.url}/api${path}`, { method, headers, body });
        return [method, path, response.status, await response.text()];
      };
      for (const site of ['cross-site', 'same-site']) {
        expect(await ask(site)).toEqual([method, path, 403, expect.stringContaining('another site')]);
      }
      // It is the site that is refused: our own page is let in.
      expect((await ask('same-origin'))[3]).not.toContain('another site');
    }
  }
  expect([ownServers.list().filter(({ id }) => id !== 'x'), vault.list()]).toEqual([[], []]);
});
