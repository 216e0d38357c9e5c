import { afterAll, beforeAll, expect, test } from 'bun:test';
import { Secret } from '../../src/lib/secret.ts';
import { startGateway, type TestGateway } from '../gateway.ts';

const REPLY = {
  ...{ id: 'c', object: 'chat.completion', created: 1, model: 'llama' },
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1000, completion_tokens: 1000, total_tokens: 2000 },
};
const asked: { path: string; key: string | null }[] = [];
let refused = new Set<string>();
let server: ReturnType<typeof Bun.serve>;
let gateway: TestGateway;

beforeAll(async () => {
  server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request) {
      const key = request.headers.get('authorization')?.replace('Bearer ', '') ?? null;
      asked.push({ path: new URL(request.url).pathname, key });
      if (refused.has(key ?? '')) {
        return Response.json({ error: { message: `Incorrect API key provided: ${key}` } }, { status: 401 });
      }
      if (request.method === 'GET') return Response.json({ object: 'list', data: [{ id: 'llama' }] });
      const headers = { 'x-ratelimit-limit-requests': '100', 'x-ratelimit-remaining-requests': '40' };
      return Response.json(REPLY, { headers });
    },
  });
  gateway = await startGateway({ env: { SIMULATOR: 'off' } });
});
afterAll(async () => {
  await gateway.stop();
  await server.stop(true);
});

async function api(role: 'admin' | 'member' | 'viewer' | null, method: string, path: string, body?: object) {
  const { sessions } = gateway.services;
  const token = role ? await sessions.start(await gateway.person(role)) : '';
  const response = await fetch(`${gateway.url}/api${path}`, {
    method,
    headers: role ? { authorization: `Bearer ${token}` } : {},
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: text === '' ? null : JSON.parse(text) };
}

function ask(model = 'lab/llama') {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'cache-control': 'no-store' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
  });
}

const LAB = () => ({
  ...{ id: 'lab', label: 'Lab', baseUrl: `http://127.0.0.1:${server.port}/v1` },
  models: [{ id: 'llama', contextWindow: 8192, prices: { input: 1, output: 2 } }],
});

test('a server that is added answers at once, is priced as it was told, and is gone when it is removed', async () => {
  expect((await ask()).status).toBe(404);
  expect((await api('admin', 'POST', '/providers', LAB())).status).toBe(201);
  expect((await ask()).status).toBe(200);
  expect(asked.at(-1)).toEqual({ path: '/v1/chat/completions', key: 'none' });
  expect(await gateway.lastRequest()).toMatchObject({ provider: 'lab', model: 'llama', costNanoUsd: 3_000_000 });

  const models = [{ id: 'llama', contextWindow: 8192, free: true }];
  expect((await api('admin', 'PUT', '/providers/lab', { ...LAB(), models })).status).toBe(200);
  expect((await ask()).status).toBe(200);
  expect(await gateway.lastRequest()).toMatchObject({ costNanoUsd: 0 });

  expect((await api('admin', 'DELETE', '/providers/lab')).status).toBe(204);
  expect((await ask()).status).toBe(404);
});

test('a key that is refused gives way to the next within the same request, and rests', async () => {
  await api('admin', 'POST', '/providers', LAB());
  const { vault } = gateway.services;
  const bad = await vault.add({ provider: 'lab', name: 'bad', key: new Secret('sk-canary-bad'), weight: 100 });
  const good = await vault.add({ provider: 'lab', name: 'good', key: new Secret('sk-canary-good') });
  refused = new Set(['sk-canary-bad']);
  asked.length = 0;
  for (let call = 0; call < 3; call++) expect((await ask()).status).toBe(200);
  expect(asked.map(({ key }) => key)).toEqual(['sk-canary-bad', 'sk-canary-good', 'sk-canary-good', 'sk-canary-good']);
  const { body, text } = await api('viewer', 'GET', '/providers');
  const lab = body.providers.find(({ id }: { id: string }) => id === 'lab');
  const keyOf = (id: string) => lab.keys.find((key: { id: string }) => key.id === id);
  expect(keyOf(bad.id)).toMatchObject({ reason: 'auth', restsUntil: expect.any(Number), weight: 100 });
  expect(keyOf(good.id)).toMatchObject({ reason: null, headroom: { requests: { limit: 100, remaining: 40 } } });
  expect(lab).toMatchObject({ state: 'connected', origin: 'own', requests: expect.any(Number) });
  expect(text).not.toContain('canary');
});

test('a test of a key is a real call, and tells neither the key nor what the provider said of it', async () => {
  const { vault } = gateway.services;
  const [good, bad] = vault.list().filter(({ provider }) => provider === 'lab');
  asked.length = 0;
  const works = await api('admin', 'POST', `/provider-keys/${good?.id}/test`);
  expect(works.body).toMatchObject({ result: 'works', models: 1, status: 200, durationMs: expect.any(Number) });
  expect(asked).toEqual([{ path: '/v1/models', key: 'sk-canary-good' }]);
  const fails = await api('admin', 'POST', `/provider-keys/${bad?.id}/test`);
  expect(fails.body).toMatchObject({ result: 'key-refused', models: null, status: 401 });
  expect(works.text + fails.text).not.toContain('canary');
  expect((await api('admin', 'POST', '/provider-keys/nothing/test')).status).toBe(404);
});

test('an override is what requests are priced with from now on', async () => {
  const { catalogue, overrides } = gateway.services;
  await overrides.set({ provider: 'openai', model: 'gpt-5.6-sol' }, { prices: { input: 7, output: 8 }, quality: 12 });
  const model = catalogue.registry().find('gpt-5.6-sol');
  expect(model).toMatchObject({
    quality: { overall: { score: 12, source: 'operator' } },
    provenance: { parser: 'operator' },
  });
  expect(model?.prices.at(-1)).toMatchObject({ tier: 'standard', until: null, rates: { input: 7, output: 8 } });
  await overrides.clear('openai', 'gpt-5.6-sol');
  expect(catalogue.registry().find('gpt-5.6-sol')?.quality.overall?.source).not.toBe('operator');
});

test('each role may do what is its own, and a caller is not told where servers stand', async () => {
  const routes = [
    ['GET', '/providers', { admin: 200, viewer: 200, member: 403 }],
    ['POST', '/providers', { admin: 400, viewer: 403, member: 403 }],
    ['PUT', '/providers/none', { admin: 400, viewer: 403, member: 403 }],
    ['DELETE', '/providers/none', { admin: 404, viewer: 403, member: 403 }],
    ['PATCH', '/provider-keys/none', { admin: 400, viewer: 403, member: 403 }],
    ['POST', '/provider-keys/none/test', { admin: 404, viewer: 403, member: 403 }],
  ] as const;
  for (const [method, path, expected] of routes) {
    expect([path, (await api(null, method, path)).status]).toEqual([path, 401]);
    for (const role of ['admin', 'viewer', 'member'] as const) {
      const { status } = await api(role, method, path, method === 'GET' ? undefined : {});
      expect([role, method, path, status]).toEqual([role, method, path, expected[role]]);
    }
  }
  expect(gateway.logged.errors).toEqual([]);
});
