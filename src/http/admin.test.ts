import { beforeAll, beforeEach, expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import {
  type Account,
  type AuditNote,
  createAccounts,
  createAuditLog,
  createKeys,
  createSessionCookie,
  createSessions,
  createUserLimits,
} from '../accounts/index.ts';
import { createChanges } from '../catalogue/changes.ts';
import { createOverrides } from '../catalogue/overrides.ts';
import { createOwnServers } from '../catalogue/own-servers.ts';
import { type Db, openDatabase } from '../db/client.ts';
import { insertUser } from '../db/queries/users.ts';
import { gatewayKeys, providerKeys } from '../db/schema.ts';
import { createClientOf } from '../lib/client-of.ts';
import { createKey, createKeyedHash, deriveKey } from '../lib/secret-box.ts';
import { createVault, type Vendor } from '../vault/index.ts';
import { adminRoutes } from './admin.ts';

const PASSWORD = 'correct horse battery';
const VENDORS: Vendor[] = [
  { id: 'openai', label: 'OpenAI', state: 'connected' },
  { id: 'google', label: 'Google', state: 'simulated' },
];
const master = createKey(new Uint8Array(32).fill(9));
const now = () => Date.UTC(2030, 0, 1);
let passwordHash: string;
let db: Db;
let api: ReturnType<typeof createApi>;

beforeAll(async () => {
  passwordHash = await Bun.password.hash(PASSWORD, { algorithm: 'argon2id', memoryCost: 1024, timeCost: 2 });
});
beforeEach(() => {
  db = openDatabase(':memory:');
  api = createApi();
});

const unused = () => Promise.reject(new Error('There is no such thing here.'));

function createApi() {
  const hash = createKeyedHash(deriveKey(master, 'hash'));
  const accounts = createAccounts({ db, hash, now });
  const sessions = createSessions({ db, key: deriveKey(master, 'sessions'), now });
  const sessionCookie = createSessionCookie({ publicUrl: null, basePath: '' });
  const audited: string[] = [];
  const audit = createAuditLog({ db, now });
  const onAudit = (note: AuditNote) => {
    audited.push(note.action);
    audit.write(note);
  };
  const keys = createKeys({ db, hash, now, onAudit, defaultRequestsPerMinute: () => 3000 });
  const userLimits = createUserLimits({ db, onAudit });
  const vault = createVault({ db, masterKey: master, now });
  const changes = createChanges({
    ...{ audit, vault, catalogue: { start: unused, pin: unused, unpin: unused }, providerDesk: { tryKey: unused } },
    overrides: createOverrides({ db, now, onChange: () => {} }),
    ownServers: createOwnServers({ db, now, taken: [], onChange: () => {} }),
  });
  const clientOf = createClientOf({ isTrustedProxy: () => false, publicUrl: null });
  const app = new Elysia().use(
    adminRoutes({
      ...{ sessionCookie, accounts, sessions, keys, userLimits, changes, vault, clientOf },
      vendors: () => VENDORS,
    }),
  );

  async function call(method: string, path: string, { token, body, headers = {} }: CallOptions = {}) {
    const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const response = await app.handle(
      new Request(`http://localhost/api${path}`, {
        method,
        headers: { ...authorization, ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
    const reply = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: reply === '' ? null : JSON.parse(reply),
      text: reply,
    };
  }

  async function signIn(role: Account['role']): Promise<string> {
    const person = { id: role, email: `${role}@example.com`, name: role, role, passwordHash };
    await insertUser(db, { ...person, sessionVersion: 1, createdAt: 0, disabledAt: null });
    return await sessions.start(role);
  }

  return { app, accounts, audited, call, signIn, vault };
}

interface CallOptions {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

test('from the setup token to a key: the whole way of a first start', async () => {
  const setupToken = await api.accounts.issueSetupToken();
  const person = { email: 'ada@example.com', password: PASSWORD };
  const setup = await api.call('POST', '/setup', { body: { token: setupToken, ...person } });
  expect(setup).toMatchObject({ status: 201, body: { token: expect.any(String) } });
  expect(Object.keys(setup.body)).toEqual(['token']);

  const signedIn = await api.call('POST', '/session', { body: person });
  expect(signedIn.status).toBe(201);
  const made = await api.call('POST', '/keys', { token: signedIn.body.token, body: { name: 'app', strategy: 'cost' } });
  expect(made).toMatchObject({ status: 201, body: { key: expect.stringMatching(/^gw-[\w-]{43}$/), strategy: 'cost' } });
  expect(made.headers.get('cache-control')).toBe('no-store');

  const again = await api.call('POST', '/setup', { body: { token: setupToken, ...person, email: 'eve@example.com' } });
  expect(again).toMatchObject({ status: 403, body: { error: { code: 'forbidden', param: null } } });
});

test('without a session every route but the two doors answers 401, and tells nothing', async () => {
  const doors = ['POST /api/setup', 'POST /api/session'];
  const routes = api.app.routes.map((route) => `${route.method} ${route.path}`);
  expect(routes).toHaveLength(12);
  for (const route of routes.filter((each) => !doors.includes(each))) {
    const [method, path] = route.replace('/api', '').replace(':id', 'x').split(' ') as [string, string];
    for (const options of [{}, { token: 'x.y.z' }, { headers: { cookie: 'gateway_session=x' } }]) {
      const refused = await api.call(method, path, {
        ...options,
        ...(method === 'POST' || method === 'PATCH' ? { body: '{broken' } : {}),
      });
      expect([route, refused.status, Object.keys(refused.body)]).toEqual([route, 401, ['error']]);
    }
  }
});

test('a page of another site is refused, with the cookie or a token; our own page is not', async () => {
  const token = await api.signIn('admin');
  const cookie = { cookie: `gateway_session=${token}` };
  const make = (headers: Record<string, string>) => api.call('POST', '/keys', { body: { name: 'x' }, headers });
  expect((await make({ ...cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await make({ ...cookie, origin: 'https://evil.example' })).status).toBe(403);
  expect((await make({ authorization: `Bearer ${token}`, 'sec-fetch-site': 'same-site' })).status).toBe(403);
  expect((await make({ ...cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  for (const path of ['/session', '/setup']) {
    expect((await api.call('POST', path, { body: {}, headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  }
});

test('a session that was ended is over', async () => {
  const token = await api.signIn('admin');
  const ended = await api.call('DELETE', '/session', { token });
  expect([ended.status, ended.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
  expect((await api.call('GET', '/keys', { token })).status).toBe(401);
});

test('keys are listed without key or hash, and revoked once', async () => {
  const token = await api.signIn('admin');
  const { body } = await api.call('POST', '/keys', { token, body: { name: 'app' } });
  const list = await api.call('GET', '/keys', { token });
  const { key, ...row } = body;
  expect(list.body).toEqual({ keys: [row] });
  expect(list.text).not.toContain(key);
  expect(list.text).not.toContain((await db.select().from(gatewayKeys))[0]!.hash);

  expect((await api.call('DELETE', `/keys/${row.id}`, { token })).status).toBe(204);
  expect((await api.call('DELETE', `/keys/${row.id}`, { token })).body.error).toEqual({
    ...{ code: 'not_found', message: 'There is no such key.', param: null },
  });
});

test('a provider key goes in and never comes out', async () => {
  const token = await api.signIn('admin');
  const body = { provider: 'openai', name: 'team', key: 'sk-canary-1' };
  const made = await api.call('POST', '/provider-keys', { token, body });
  expect(made).toMatchObject({ status: 201, body: { provider: 'openai', name: 'team' } });
  expect(api.vault.keysOf('openai')[0]?.apiKey.reveal()).toBe('sk-canary-1');

  const list = await api.call('GET', '/provider-keys', { token });
  expect(list.body).toEqual({ providerKeys: [made.body] });
  const wrong = await api.call('POST', '/provider-keys', { token, body: { ...body, key: 'sk-canary-2 x' } });
  expect(wrong).toMatchObject({ status: 400, body: { error: { code: 'invalid_request', param: 'key' } } });
  expect([made.text, list.text, wrong.text, JSON.stringify(await db.select().from(providerKeys))].join()).not.toContain(
    'canary',
  );

  expect((await api.call('DELETE', `/provider-keys/${made.body.id}`, { token })).status).toBe(204);
  expect(api.vault.keysOf('openai')).toEqual([]);
});

test('who may do what', async () => {
  const tokens = {
    admin: await api.signIn('admin'),
    member: await api.signIn('member'),
    viewer: await api.signIn('viewer'),
  };
  const { body: ours } = await api.call('POST', '/keys', { token: tokens.admin, body: { name: 'ours' } });
  const providerKey = { provider: 'openai', name: 'x', key: 'sk-x' };
  const outcomes: Record<string, number[]> = {};
  for (const [role, token] of Object.entries(tokens)) {
    const made = await api.call('POST', '/keys', { token, body: { name: 'mine' } });
    const calls = [
      made,
      await api.call('GET', '/keys', { token }),
      await api.call('POST', '/keys', { token, body: { name: 'x', limits: { requestsPerMinute: 0 } } }),
      await api.call('DELETE', `/keys/${made.body.id ?? 'x'}`, { token }),
      await api.call('GET', '/provider-keys', { token }),
      await api.call('POST', '/provider-keys', { token, body: providerKey }),
      await api.call('DELETE', '/provider-keys/x', { token }),
    ];
    outcomes[role] = calls.map((call) => call.status);
  }
  expect(outcomes).toEqual({
    admin: [201, 200, 201, 204, 200, 201, 404],
    member: [201, 200, 403, 204, 200, 403, 403],
    viewer: [403, 200, 403, 403, 200, 403, 403],
  });
  expect((await api.call('DELETE', `/keys/${ours.id}`, { token: tokens.member })).status).toBe(404);
  expect((await api.call('GET', '/keys', { token: tokens.member })).body.keys).toHaveLength(1);
});

test('a wrong password is 401, and too many are 429 with the time to wait', async () => {
  await api.signIn('admin');
  const guess = () => api.call('POST', '/session', { body: { email: 'admin@example.com', password: 'wrong' } });
  expect((await guess()).body.error.code).toBe('invalid_key');
  for (let i = 0; i < 4; i++) await guess();
  const refused = await guess();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
});

test.each([
  ['POST', '/session', '{"email":', 'invalid_json', null],
  ['POST', '/session', '', 'invalid_json', null],
  ['POST', '/session', '[]', 'invalid_request', null],
  ['POST', '/session', '{"email":["a"],"password":"x"}', 'invalid_request', 'email'],
  ['POST', '/setup', '{"token":"x"}', 'invalid_request', 'email'],
  ['POST', '/keys', '{"name":7}', 'invalid_request', 'name'],
  ['POST', '/keys', '{"name":"x","strategy":"best"}', 'invalid_request', 'strategy'],
  ['POST', '/keys', '{"name":"x","fallbackModels":["a",7]}', 'invalid_request', 'fallbackModels[1]'],
  ['POST', '/keys', '{"name":"x","expiresAt":1}', 'invalid_request', 'expiresAt'],
  ['POST', '/keys', '{"name":"x","limit":{"requestsPerMinute":5}}', 'invalid_request', 'limit'],
  ['POST', '/provider-keys', '{"provider":"__proto__","name":"x","key":"y"}', 'invalid_request', 'provider'],
  ['POST', '/keys', `{"name":"${'x'.repeat(70_000)}"}`, 'body_too_large', null],
])('%s %s with a body that is wrong says what is wrong with it (%#)', async (method, path, body, code, param) => {
  const token = await api.signIn('admin');
  expect((await api.call(method, path, { token, body })).body.error).toMatchObject({ code, param });
});

test('a key belongs to whoever made it, and nobody can say otherwise', async () => {
  const token = await api.signIn('member');
  for (const body of [{ userId: 'admin' }, { id: 'mine' }, { hash: 'y' }, { revokedAt: 5 }]) {
    const refused = await api.call('POST', '/keys', { token, body: { name: 'x', ...body } });
    expect(refused).toMatchObject({ status: 400, body: { error: { param: Object.keys(body)[0] } } });
  }
  const made = await api.call('POST', '/keys', { token, body: { name: 'x' } });
  expect(made.body).toMatchObject({ userId: 'member', revokedAt: null });
  const changed = await api.call('PATCH', `/keys/${made.body.id}`, { token, body: { userId: 'admin' } });
  expect(changed).toMatchObject({ status: 400, body: { error: { param: 'userId' } } });
});

test('an admin changes the limits of a key and of a person; everybody else may look at their own', async () => {
  const [admin, member] = [await api.signIn('admin'), await api.signIn('member')];
  const { body: key } = await api.call('POST', '/keys', { token: member, body: { name: 'app' } });
  const change = (token: string, limits: object) => api.call('PATCH', `/keys/${key.id}`, { token, body: { limits } });
  const budgets = { dailyBudgetNanoUsd: 5_000_000_000, tokensPerMinute: 100 };
  expect((await change(admin, budgets)).body.limits).toEqual(budgets);
  expect((await change(admin, { tokensPerMinute: null, budgetMode: 'warn' })).body.limits).toEqual({
    dailyBudgetNanoUsd: 5_000_000_000,
    budgetMode: 'warn',
  });
  expect((await change(member, { dailyBudgetNanoUsd: null })).status).toBe(403);
  expect((await change(admin, { dailyBudget: 1 })).body.error.param).toBe('limits.dailyBudget');
  expect((await change(admin, { tokensPerMinute: 1.5 })).body.error.param).toBe('limits.tokensPerMinute');
  const renamed = await api.call('PATCH', `/keys/${key.id}`, { token: member, body: { name: 'app 2' } });
  expect(renamed.body).toMatchObject({ name: 'app 2', limits: { dailyBudgetNanoUsd: 5_000_000_000 } });

  const path = '/users/member/limits';
  expect((await api.call('PATCH', path, { token: member, body: { requestsPerMinute: 9 } })).status).toBe(403);
  expect((await api.call('PATCH', path, { token: admin, body: { requestsPerMinute: 9 } })).status).toBe(200);
  expect((await api.call('GET', path, { token: member })).body).toEqual({ limits: { requestsPerMinute: 9 } });
  expect((await api.call('GET', '/users/admin/limits', { token: member })).status).toBe(403);
  expect((await api.call('PATCH', '/users/nobody/limits', { token: admin, body: {} })).status).toBe(404);

  const wide = await api.call('POST', '/keys', {
    token: member,
    body: { name: 'x', limits: { requestsPerMinute: 10 } },
  });
  expect(wide).toMatchObject({ status: 403, body: { error: { param: 'limits.requestsPerMinute' } } });
  const narrow = { name: 'x', limits: { requestsPerMinute: 8 } };
  expect((await api.call('POST', '/keys', { token: member, body: narrow })).status).toBe(201);
  const changes = ['key.change', 'key.change', 'key.change', 'user-limits.change'];
  expect(api.audited).toEqual(['key.make', ...changes, 'key.make']);
});
