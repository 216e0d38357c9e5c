import { afterAll, beforeAll, expect, test } from 'bun:test';
import { z } from 'zod';
import { listAllKeys } from '../../src/db/queries/gateway-keys.ts';
import { startGateway, type TestGateway } from '../gateway.ts';

let gateway: TestGateway;
let offline: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { MAX_BODY_MIB: '0.01' } });
  offline = await startGateway({ env: { SIMULATOR: 'off' } });
});
afterAll(async () => {
  await gateway.stop();
  await offline.stop();
});

const turn = [{ role: 'user', content: 'hi' }];
const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];

/** Each front door with a request that would be answered, and where its dialect says what went wrong. */
const DOORS = {
  openai: {
    path: (_model: string) => '/v1/chat/completions',
    body: (model: string) => ({ model, messages: turn }),
    empty: { model: 'auto', messages: [] },
    shape: z.object({
      error: z.object({
        message: z.string(),
        type: z.string(),
        code: z.string().nullable(),
        param: z.string().nullable(),
      }),
    }),
  },
  anthropic: {
    path: (_model: string) => '/v1/messages',
    body: (model: string) => ({ model, messages: turn, max_tokens: 50 }),
    empty: { model: 'auto', messages: [], max_tokens: 50 },
    shape: z.object({ type: z.literal('error'), error: z.object({ type: z.string(), message: z.string() }) }),
  },
  google: {
    path: (model: string) => `/v1beta/models/${model}:generateContent`,
    body: (_model: string) => ({ contents }),
    empty: { contents: [] },
    shape: z.object({ error: z.object({ code: z.int(), status: z.string(), message: z.string() }) }),
  },
};

interface Sent {
  path?: string;
  body?: string;
  key?: string | null;
  to?: TestGateway;
}

async function send(door: keyof typeof DOORS, { path, body, key, to = gateway }: Sent) {
  const { path: pathOf, body: bodyOf, shape } = DOORS[door];
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const presented = key === undefined ? to.key : key;
  if (presented !== null) headers.authorization = `Bearer ${presented}`;
  const response = await fetch(`${to.url}${path ?? pathOf('auto')}`, {
    method: 'POST',
    headers,
    body: body ?? JSON.stringify(bodyOf('auto')),
  });
  const text = await response.text();
  expect(shape.safeParse(JSON.parse(text)).error?.issues ?? []).toEqual([]);
  expect(text).not.toMatch(/\bat .*\.tsx?:\d+|node_modules/);
  expect(response.headers.get('x-gateway-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  return { status: response.status, text, headers: response.headers };
}

const doors = Object.keys(DOORS) as (keyof typeof DOORS)[];

test.each(doors)('%s: no key and a wrong key are 401', async (door) => {
  expect((await send(door, { key: null })).status).toBe(401);
  expect((await send(door, { key: 'gw-wrong' })).status).toBe(401);
});

test.each(doors)('%s: a quote in the key is just a wrong key', async (door) => {
  expect((await send(door, { key: `gw-' OR '1'='1` })).status).toBe(401);
});

test.each(doors)('%s: an unknown model is 404 and named', async (door) => {
  const model = 'no-such-model';
  const { status, text } = await send(door, {
    path: DOORS[door].path(model),
    body: JSON.stringify(DOORS[door].body(model)),
  });
  expect(status).toBe(404);
  expect(text).toContain(model);
});

test.each(doors)('%s: a model whose provider has no key says which key to set', async (door) => {
  const model = 'gpt-6-luna';
  const body = JSON.stringify(DOORS[door].body(model));
  const { status, text } = await send(door, { path: DOORS[door].path(model), body, to: offline });
  expect(status).toBe(503);
  expect(text).toContain('OPENAI_API_KEY');
});

test.each(doors)('%s: malformed JSON is 400', async (door) => {
  for (const body of ['{"model": ', '', 'null', '[]', '"text"', '12']) {
    expect([body, (await send(door, { body })).status]).toEqual([body, 400]);
  }
});

test.each(doors)('%s: empty messages are 400', async (door) => {
  const { status, text } = await send(door, { body: JSON.stringify(DOORS[door].empty) });
  expect(status).toBe(400);
  expect(text).toMatch(/messages|contents/);
});

test.each(doors)('%s: a body over the limit is 413', async (door) => {
  const body = JSON.stringify({ ...DOORS[door].body('auto'), padding: 'x'.repeat(20_000) });
  expect((await send(door, { body })).status).toBe(413);
});

test.each(doors)('%s: a body nested without end is 400', async (door) => {
  expect((await send(door, { body: `${'[['.repeat(2000)}${']]'.repeat(2000)}` })).status).toBe(400);
});

test.each(doors)('%s: a key over its rate is 429 with a time to wait', async (door) => {
  const { key } = await gateway.services.keys.create({ name: 'slow', userId: null, limits: { requestsPerMinute: 1 } });
  expect((await send(door, { key, body: '{}' })).status).toBe(400);
  const { status, headers } = await send(door, { key });
  expect(status).toBe(429);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await gateway.lastRequest()).toMatchObject({ outcome: 'refused', status: 429, errorCode: 'rate_limited' });
});

test.each(doors)('%s: a revoked and an expired key are 401 and told apart', async (door) => {
  const { keys } = gateway.services;
  const expired = await keys.create({ name: 'brief', userId: null, expiresAt: Date.now() + 60_000 });
  const revoked = await keys.create({ name: 'gone', userId: null });
  const { db, stages } = gateway.services;
  const rows = (await listAllKeys(db)).map((row) => ({
    ...row,
    expiresAt: row.id === expired.row.id ? Date.now() - 1 : row.expiresAt,
    revokedAt: row.id === revoked.row.id ? Date.now() - 1 : row.revokedAt,
  }));
  stages.auth.replaceKeys(rows);
  expect(await send(door, { key: revoked.key })).toMatchObject({
    status: 401,
    text: expect.stringContaining('revoked'),
  });
  expect(await send(door, { key: expired.key })).toMatchObject({
    status: 401,
    text: expect.stringContaining('expired'),
  });
});

test('a chunked body over the limit is refused, too', async () => {
  const chunk = new TextEncoder().encode('x'.repeat(4096));
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (sent++ < 100) controller.enqueue(chunk);
      else controller.close();
    },
  });
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}` },
    body,
  });
  expect(response.status).toBe(413);
});

test('a body in an encoding that nobody reads here is refused by name', async () => {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-encoding': 'gzip' },
    body: Bun.gzipSync('{}'),
  });
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('gzip')]);
});

test('a route that takes another method says so', async () => {
  const response = await fetch(`${gateway.url}/v1/chat/completions`);
  expect([response.status, await response.text()]).toEqual([405, expect.stringContaining('POST')]);
});

test('the right one of two keys is found, whatever else an SDK sends along', async () => {
  for (const headers of [
    { authorization: 'Bearer sk-something-else', 'x-api-key': gateway.key },
    { authorization: `Bearer ${gateway.key}`, 'x-goog-api-key': 'AIza-something' },
    { authorization: `bearer ${gateway.key}, Basic abc` },
  ]) {
    expect((await fetch(`${gateway.url}/v1/models`, { headers })).status).toBe(200);
  }
});

test('a Host header that is none is no reason to fail', async () => {
  const { port } = new URL(gateway.url);
  const { promise, resolve } = Promise.withResolvers<string>();
  let reply = '';
  const socket = await Bun.connect({
    hostname: '127.0.0.1',
    port: Number(port),
    socket: {
      data: (_, chunk) => {
        reply += chunk.toString();
        if (reply.includes('}')) resolve(reply);
      },
      close: () => resolve(reply),
    },
  });
  socket.write('GET /nope?key=x HTTP/1.1\r\nHost: a b c\r\n\r\n');
  expect(await promise).toMatch(/^HTTP\/1\.1 40[04]/);
  socket.end();
});

test('an unknown route is 404 in the dialect of its neighbours', async () => {
  const get = async (path: string) => {
    const response = await fetch(`${gateway.url}${path}`, { method: 'POST' });
    return [response.status, await response.json()];
  };
  expect(await get('/v1/nothing')).toMatchObject([
    404,
    { error: { message: expect.any(String), code: expect.any(String) } },
  ]);
  expect(await get('/v1/messages/nothing')).toMatchObject([404, { type: 'error' }]);
  expect(await get('/v1beta/nothing')).toMatchObject([404, { error: { status: 'NOT_FOUND' } }]);
});

test('nothing was logged as a bug', () => {
  expect([...gateway.logged.errors, ...offline.logged.errors]).toEqual([]);
});
