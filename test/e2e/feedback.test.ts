import { afterAll, beforeAll, expect, test } from 'bun:test';
import { z } from 'zod';
import { feedback, requests } from '../../src/db/schema.ts';
import { startGateway, type TestGateway } from '../gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { SIMULATOR: 'on' } });
});
afterAll(() => gateway.stop());

interface Answer {
  response: Response;
  body: { error?: { param: string | null }; [field: string]: unknown };
}

const rows = () => gateway.services.db.select().from(feedback);

async function post(key: string, path: string, body: object) {
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(gateway.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer: Answer = { response, body: JSON.parse(await response.text()) };
  return answer;
}

async function asked(key: string): Promise<string> {
  const messages = [{ role: 'user', content: 'hello' }];
  const { response } = await post(key, '/v1/chat/completions', { model: 'gpt-6-luna', messages });
  expect(response.status).toBe(200);
  return response.headers.get('x-gateway-request-id') ?? '';
}

test('an answer can be judged the moment it has come, and the last word counts', async () => {
  const { key, row } = await gateway.services.keys.create({ name: 'judge', userId: null });
  const id = await asked(key);
  const first = await post(key, '/v1/feedback', { request_id: id, rating: 2, note: 'beside the point' });
  expect([first.response.status, first.body]).toEqual([
    200,
    { object: 'feedback', request_id: id, passed: false, rating: 2, note: 'beside the point' },
  ]);
  await post(key, '/v1/feedback', { request_id: id, passed: true });
  const kept = (await rows()).filter(({ requestId }) => requestId === id);
  expect(kept).toMatchObject([{ source: 'caller', keyId: row.id, passed: true, rating: null, note: null }]);
});

test("another's request is told apart from none by nobody, and keys of one person share theirs", async () => {
  const userId = await gateway.person('member');
  const { key: one } = await gateway.services.keys.create({ name: 'one', userId });
  const { key: two } = await gateway.services.keys.create({ name: 'two', userId });
  const { key: other } = await gateway.services.keys.create({ name: 'other', userId: null });
  const id = await asked(one);
  const theirs = await post(other, '/v1/feedback', { request_id: id, passed: true });
  const nobodys = await post(other, '/v1/feedback', { request_id: Bun.randomUUIDv7(), passed: true });
  expect([theirs.response.status, nobodys.response.status]).toEqual([404, 404]);
  expect(theirs.body).toEqual(nobodys.body);
  expect((await post(two, '/v1/feedback', { request_id: id, passed: true })).response.status).toBe(200);
});

test.each([
  [{ passed: true }, 'request_id'],
  [{ request_id: 'x', passed: true }, 'request_id'],
  [{ request_id: Bun.randomUUIDv7() }, 'passed'],
  [{ request_id: Bun.randomUUIDv7(), passed: true, rating: 5 }, 'passed'],
  [{ request_id: Bun.randomUUIDv7(), rating: 6 }, 'rating'],
  [{ request_id: Bun.randomUUIDv7(), passed: true, note: 'x'.repeat(501) }, 'note'],
])('%j is refused by its %s', async (body, param) => {
  const { key } = await gateway.services.keys.create({ name: 'careless', userId: null });
  const answer = await post(key, '/v1/feedback', body);
  expect([answer.response.status, answer.body.error?.param]).toEqual([400, param]);
});

test('the arms of an experiment are told apart by requests, cost, errors, times and feedback', async () => {
  const { key, row } = await gateway.services.keys.create({ name: 'experimenter', userId: null });
  const id = await asked(key);
  const { db } = gateway.services;
  const model = (await gateway.allRequests()).find((one) => one.id === id);
  if (!model) throw new Error('The request is not in the ledger.');
  const base = { ...model, keyId: row.id, isSimulated: false, costNanoUsd: 1_000_000, durationMs: 100, isStream: true };
  const ids = [1, 2, 3, 4].map(() => Bun.randomUUIDv7());
  const [first = '', second = '', third = '', fourth = ''] = ids;
  await db.insert(requests).values([
    { ...base, id: first, arm: 'canary/new', firstContentMs: 50 },
    { ...base, id: second, arm: 'canary/new', durationMs: 300, firstContentMs: 290, isStream: false },
    { ...base, id: fourth, arm: 'canary/new', isSimulated: true, costNanoUsd: 5_000_000, firstContentMs: 50 },
    { ...base, id: third, arm: 'canary/rest', outcome: 'error', status: 502, costNanoUsd: null, firstContentMs: null },
  ]);
  await post(key, '/v1/feedback', { request_id: first, rating: 5 });
  await post(key, '/v1/feedback', { request_id: second, passed: false });
  const [arm, rest] = z
    .array(z.record(z.string(), z.unknown()))
    .parse(await gateway.services.experimentsOf(row.id, 30));
  expect(arm).toMatchObject({
    ...{ arm: 'canary/new', requests: 3, simulated: 1, errors: 0, unpriced: 0 },
    ...{ costUsd: '0.002', costPerRequestUsd: '0.001', simulatedUsd: '0.005', simulatedPerRequestUsd: '0.005' },
    feedback: { judged: 2, passed: 1, passRate: 0.5 },
  });
  const near = (value: unknown, ms: number) => Math.abs(Number(value) - ms) < ms / 10;
  expect([near(arm?.p50Ms, 100), near(arm?.p95Ms, 300), near(arm?.firstContentP95Ms, 50)]).toEqual([true, true, true]);
  expect(JSON.stringify(arm?.feedback)).toMatch(/"interval":\[0\.09\d*,0\.90\d*\]/);
  expect(rest).toMatchObject({
    ...{ arm: 'canary/rest', requests: 1, errors: 1, unpriced: 1, costUsd: '0', costPerRequestUsd: null, p50Ms: null },
    feedback: { judged: 0, passed: 0, passRate: null, interval: null },
  });
});

test('the table is for whoever may see the key', async () => {
  const { row } = await gateway.services.keys.create({ name: 'nobodys', userId: null });
  const get = async (role: 'admin' | 'member', query: string) => {
    const userId = await gateway.person(role);
    const authorization = `Bearer ${await gateway.services.sessions.start(userId)}`;
    const response = await fetch(`${gateway.url}/api/experiments?${query}`, { headers: { authorization } });
    return [response.status, await response.json()];
  };
  expect(await get('admin', `key=${row.id}`)).toEqual([200, { key: row.id, days: 30, arms: [] }]);
  expect(await get('member', `key=${row.id}`)).toMatchObject([404, { error: { param: 'key' } }]);
  expect(await get('admin', `key=${row.id}&days=0`)).toMatchObject([400, { error: { param: 'days' } }]);
});
