import { afterEach, beforeEach, expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { anthropicPage } from '../../registry/test-pages.ts';
import { type Account, createAuditLog, createSessionCookie, createSessions } from '../accounts/index.ts';
import { createChanges } from '../catalogue/changes.ts';
import { createFixture, scaled } from '../catalogue/fixture.ts';
import type { CatalogueStatus } from '../catalogue/index.ts';
import { createOverrides } from '../catalogue/overrides.ts';
import { listAudit } from '../db/queries/audit.ts';
import { insertUser } from '../db/queries/users.ts';
import { createClientOf } from '../lib/client-of.ts';
import { createKey, deriveKey } from '../lib/secret-box.ts';
import { registryRoutes } from './admin-registry.ts';

let world: Awaited<ReturnType<typeof createFixture>>;
let api: ReturnType<typeof createApi>;
beforeEach(async () => {
  world = await createFixture();
  api = createApi();
});
afterEach(() => world.remove());

const unused = () => Promise.reject(new Error('There are no providers here.'));

function createApi() {
  const key = deriveKey(createKey(new Uint8Array(32).fill(9)), 'sessions');
  const sessions = createSessions({ db: world.db, key, now: () => world.state.now });
  const app = new Elysia().use(
    registryRoutes({
      catalogue: world.catalogue,
      changes: createChanges({
        ...{ audit: createAuditLog({ db: world.db, now: () => world.state.now }), catalogue: world.catalogue },
        overrides: createOverrides({ db: world.db, now: () => world.state.now, onChange: () => {} }),
        ownServers: { find: () => undefined, add: unused, change: unused, remove: unused },
        vault: { list: () => [], add: unused, revoke: unused, changeWeight: unused },
        providerDesk: { tryKey: unused },
      }),
      sessionCookie: createSessionCookie({ publicUrl: null, basePath: '' }),
      sessions,
      clientOf: createClientOf({ isTrustedProxy: () => false, publicUrl: null }),
    }),
  );
  return {
    async signIn(role: Account['role']): Promise<string> {
      const person = { id: role, email: `${role}@example.com`, name: role, role, passwordHash: 'x' };
      await insertUser(world.db, { ...person, sessionVersion: 1, createdAt: 0, disabledAt: null });
      return await sessions.start(role);
    },
    async call(method: string, path: string, { token, body, headers = {} }: CallOptions = {}) {
      const response = await app.handle(
        new Request(`http://localhost/api/registry${path}`, {
          method,
          headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
      const reply: Reply = JSON.parse(await response.text());
      return { status: response.status, body: reply };
    },
  };
}

interface Reply extends Partial<CatalogueStatus> {
  changes?: unknown[];
  next?: string | null;
  error?: { code: string; param: string | null };
}

interface CallOptions {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Until the status is like this. */
async function seen(isSo: (status: CatalogueStatus) => boolean): Promise<void> {
  if (isSo(world.catalogue.status())) return;
  await new Promise<void>((resolve) => {
    const unsubscribe = world.catalogue.subscribe((status) => {
      if (!isSo(status)) return;
      unsubscribe();
      resolve();
    });
  });
}
const done = () => seen(({ isRunning }) => !isRunning);

test('an admin starts an update, sees how far it is, and a second one is refused', async () => {
  const token = await api.signIn('admin');
  const { promise, resolve } = Promise.withResolvers<void>();
  world.state.gate = promise;
  world.state.page = anthropicPage(scaled('Claude Sonnet 5', 0.5)).text;
  const started = await api.call('POST', '/update', { token });
  expect(started).toMatchObject({ status: 202, body: { isRunning: true } });
  await seen(({ sources }) => sources.some(({ source, state }) => source === 'openai/prices' && state === 'reading'));
  const { body: halfway } = await api.call('GET', '', { token });
  expect(halfway.sources).toContainEqual({ source: 'openai/prices', state: 'reading', message: '' });
  expect(halfway.sources).toContainEqual({ source: 'google/prices', state: 'waiting', message: '' });
  expect(await api.call('POST', '/update', { token })).toMatchObject({
    status: 409,
    body: { error: { code: 'conflict' } },
  });
  expect(await api.call('POST', '/approve', { token, body: { models: ['x'] } })).toMatchObject({ status: 409 });
  resolve();
  await done();
  expect((await api.call('GET', '', { token })).body).toMatchObject({
    isRunning: false,
    last: { source: 'api', isChanged: true, error: null },
    providers: [
      { provider: 'openai', level: 'never' },
      { provider: 'anthropic', level: 'ok', ageMs: 0 },
      { provider: 'google', level: 'never' },
    ],
  });
  const { body } = await api.call('GET', '/changelog?type=price_changed&model=claude-sonnet-5&limit=2', { token });
  expect(body).toMatchObject({ changes: [{ type: 'price_changed', ratio: 0.5 }, {}], next: expect.any(String) });
});

test('held prices are approved, models pinned and unpinned', async () => {
  const token = await api.signIn('admin');
  world.state.page = anthropicPage(scaled('Claude Sonnet 5', 20)).text;
  await world.catalogue.update({ source: 'job' });
  expect((await api.call('GET', '', { token })).body.waiting?.[0]).toMatchObject({ verdict: 'quarantined' });
  world.state.now += 1000;
  expect((await api.call('POST', '/approve', { token, body: { models: ['claude-sonnet-5'] } })).status).toBe(202);
  await done();
  expect((await api.call('GET', '', { token })).body.waiting).toEqual([]);
  const models = ['anthropic/claude-opus-5'];
  expect((await api.call('POST', '/pin', { token, body: { models } })).body.pinned).toEqual(models);
  expect((await api.call('POST', '/unpin', { token, body: { models } })).body.pinned).toEqual([]);
  expect(await api.call('POST', '/pin', { token, body: { models: ['gpt-0'] } })).toMatchObject({ status: 404 });
  const written = await listAudit(world.db, {}, 10);
  expect(written.map(({ action, actorId, subjectName }) => [action, actorId, subjectName])).toEqual([
    ['catalogue.unpin', 'admin', 'anthropic/claude-opus-5'],
    ['catalogue.pin', 'admin', 'anthropic/claude-opus-5'],
    ['catalogue.approve', 'admin', 'claude-sonnet-5'],
  ]);
});

test.each([
  ['/pin', {}, 'models'],
  ['/pin', { models: [] }, 'models'],
  ['/pin', { models: [7] }, 'models[0]'],
  ['/approve', {}, 'models'],
  ['/approve', { providers: ['acme'] }, 'providers[0]'],
])('POST %s with %j is told what is wrong', async (path, body, param) => {
  const token = await api.signIn('admin');
  expect(await api.call('POST', path, { token, body })).toMatchObject({ status: 400, body: { error: { param } } });
});

test.each([
  ['POST', '/update'],
  ['POST', '/approve'],
  ['POST', '/pin'],
  ['POST', '/unpin'],
])('%s %s is for admins, from our own pages only', async (method, path) => {
  const body = { models: ['claude-opus-5'] };
  expect((await api.call(method, path, { body })).status).toBe(401);
  for (const role of ['member', 'viewer'] as const) {
    expect((await api.call(method, path, { token: await api.signIn(role), body })).status).toBe(403);
  }
  const token = await api.signIn('admin');
  const headers = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
  expect((await api.call(method, path, { token, body, headers })).status).toBe(403);
  expect(world.catalogue.status()).toMatchObject({ isRunning: false, pinned: [] });
});

test('whoever is signed in may look, nobody else', async () => {
  for (const path of ['', '/changelog']) expect((await api.call('GET', path)).status).toBe(401);
  const token = await api.signIn('viewer');
  for (const path of ['', '/changelog']) expect((await api.call('GET', path, { token })).status).toBe(200);
  expect(await api.call('GET', '/changelog?limit=many', { token })).toMatchObject({
    status: 400,
    body: { error: { param: 'limit' } },
  });
});
