import { afterAll, beforeAll, expect, test } from 'bun:test';
import { eq } from 'drizzle-orm';
import { requestBodies } from '../../src/db/schema.ts';
import { startGateway, type TestGateway } from '../gateway.ts';

const SECRET = 'The vault opens with swordfish-7.';

let gateway: TestGateway;
const cookies = new Map<string, string>();
let keyText = '';

beforeAll(async () => {
  gateway = await startGateway();
  const { services } = gateway;
  for (const role of ['admin', 'member', 'viewer'] as const) {
    const value = await services.sessions.start(await gateway.person(role));
    cookies.set(role, `${services.sessionCookie.name}=${value}`);
  }
  const userId = await gateway.person('member');
  keyText = (await services.keys.create({ name: 'keeps', userId, storesBodies: true })).key;
});
afterAll(async () => {
  expect(gateway.logged.errors).toEqual([]);
  await gateway.stop();
});

async function ask(key: string, content: string, stream: boolean, path = '/v1/chat/completions'): Promise<void> {
  const body = JSON.stringify({ model: 'auto', stream, messages: [{ role: 'user', content }] });
  const headers = { authorization: `Bearer ${key}` };
  await (await fetch(gateway.url + path, { method: 'POST', headers, body })).text();
}

async function pageFor(role: string, id: string | undefined): Promise<string> {
  const headers = { cookie: cookies.get(role) ?? '' };
  return await (await fetch(`${gateway.url}/dashboard/requests/${id}`, { headers })).text();
}

const keptRows = async () => await gateway.services.db.select().from(requestBodies);

test('a key keeps nothing of what is said unless it is told to, and a dry run never', async () => {
  await ask(gateway.key, SECRET, false);
  await ask(keyText, SECRET, false, '/v1/route');
  await gateway.lastRequest();
  expect(await keptRows()).toEqual([]);
});

test.each([true, false])(
  'a prompt and its answer can be read by the owner and by admins only; streamed: %p',
  async (stream) => {
    await ask(keyText, `${SECRET} ${stream} <script>alert(1)</script>`, stream);
    const request = await gateway.lastRequest();
    for (const role of ['admin', 'member']) {
      const html = await pageFor(role, request?.id);
      expect(html).toContain(`swordfish-7. ${stream} &lt;script&gt;alert(1)&lt;/script&gt;</pre>`);
      expect(html).toContain('[answer]\n');
      expect(html).not.toContain('<script>');
    }
    const seen = await pageFor('viewer', request?.id);
    expect(seen).toContain('Kept, for the owner of the key');
    expect(seen).not.toContain('swordfish');
  },
);

test('nothing of it stands in the database in clear, and a row that was moved does not open', async () => {
  await ask(keyText, SECRET.repeat(50), false);
  const request = await gateway.lastRequest();
  const files = new Bun.Glob('gateway.db*').scanSync(gateway.dataDir);
  for (const file of files) {
    const bytes = Buffer.from(await Bun.file(`${gateway.dataDir}/${file}`).arrayBuffer());
    expect([file, bytes.includes('swordfish')]).toEqual([file, false]);
  }
  const [first] = await keptRows();
  const { db } = gateway.services;
  await db
    .update(requestBodies)
    .set({ prompt: first!.prompt })
    .where(eq(requestBodies.requestId, request?.id ?? ''));
  expect(await pageFor('admin', request?.id)).toContain('it cannot be opened');
});

test('of what is long the beginning is kept, and that it was cut is said', async () => {
  await ask(keyText, `${'é'.repeat(100_000)}unquestionably over`, false);
  const html = await pageFor('admin', (await gateway.lastRequest())?.id);
  expect(html).toContain('cut at 64 KiB');
  expect(html).toContain('é'.repeat(32_000));
  expect(html).not.toContain('unquestionably over');
});

test('programs read the same through the API, each their own', async () => {
  await ask(keyText, 'for the API', false);
  const request = await gateway.lastRequest();
  const get = async (role: string, path: string) => {
    const response = await fetch(`${gateway.url}/api/requests${path}`, {
      headers: { cookie: cookies.get(role) ?? '' },
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  expect((await get('member', `/${request?.id}`)).body).toMatchObject({
    ...{ id: request?.id, key_id: request?.keyId, status: 200 },
    bodies: { prompt: '[user]\nfor the API', isPromptCut: false },
  });
  expect((await get('viewer', `/${request?.id}`)).body.bodies).toBeNull();
  const all = await get('viewer', '?limit=1');
  expect([all.body.requests.length, all.body.requests[0].id]).toEqual([1, request?.id]);
  const next = await get('viewer', `?limit=500&before=${all.body.older}`);
  expect(next.body.requests.length).toBeGreaterThan(1);
  const own = await get('member', '/export?format=json');
  expect(own.body.every((row: { user_id: string }) => row.user_id === request?.userId)).toBe(true);
  const other = next.body.requests.find((row: { user_id: string | null }) => row.user_id === null);
  expect((await get('member', `/${other.id}`)).status).toBe(404);
  expect((await get('nobody', '')).status).toBe(401);
  expect((await get('admin', '/export?format=xml')).body.error).toMatchObject({
    code: 'invalid_request',
    param: 'format',
  });
  expect((await get('admin', '?limit=0')).body.error).toMatchObject({ param: 'limit' });
});
