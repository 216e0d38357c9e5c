import { afterEach, beforeEach, expect, test } from 'bun:test';
import { eq } from 'drizzle-orm';
import { feedback, learned } from '../../src/db/schema.ts';
import { createServices } from '../../src/services/index.ts';
import { startGateway, type TestGateway } from '../gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway({ env: { SIMULATOR: 'on', LEARNING: 'on' } });
});
afterEach(() => gateway.stop());

const PROMPT = 'Is a verbal contract for the sale of land enforceable under the statute of frauds?';

async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const authorization = `Bearer ${gateway.key}`;
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization, ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: JSON.parse((await response.text()) || 'null') };
}

const messages = (content: string) => [{ role: 'user', content }];

interface Candidate {
  model: string;
  expectedSuccess: number;
  learned: { logit: number; success: number } | null;
  isKept: boolean;
  reason: string;
}

async function expected(model: string): Promise<Candidate> {
  const { body } = await post('/v1/route', { messages: messages(PROMPT) });
  const candidates: Candidate[] = body.candidates;
  const found = candidates.find((one) => one.model === model);
  if (!found) throw new Error(`there is no ${model}`);
  return found;
}

async function ask(content: string, model = 'gpt-6-luna', headers = {}): Promise<string> {
  const answer = await post('/v1/chat/completions', { model, messages: messages(content) }, headers);
  expect(answer.status).toBe(200);
  return answer.headers.get('x-gateway-request-id') ?? '';
}

test('verdicts move what is expected of a model, say so, are taken back when the word changes, and a reset forgets them', async () => {
  const before = await expected('gpt-6-luna');
  expect(before.learned).toBeNull();
  const ids: string[] = [];
  for (let time = 0; time < 12; time++) ids.push(await ask(`${PROMPT} ${time}`));
  for (const id of ids) await post('/v1/feedback', { request_id: id, passed: false });

  const after = await expected('gpt-6-luna');
  expect(after.learned?.logit).toBeLessThan(-0.1);
  expect(after.expectedSuccess).toBeCloseTo(before.expectedSuccess + (after.learned?.success ?? 0), 2);
  const rows = await gateway.services.db.select().from(feedback);
  expect(rows).toHaveLength(12);
  expect(rows[0]).toMatchObject({ source: 'caller', passed: false, learned: { source: 'caller' } });

  for (const id of ids) await post('/v1/feedback', { request_id: id, rating: 5 });
  expect((await expected('gpt-6-luna')).learned?.logit).toBeGreaterThan(0);
  expect(await gateway.services.db.select().from(feedback)).toHaveLength(12);

  const token = await gateway.services.sessions.start(await gateway.person('admin'));
  const admin = { authorization: `Bearer ${token}` };
  const state = await fetch(`${gateway.url}/api/learning`, { headers: admin });
  expect(JSON.parse(await state.text())).toMatchObject({ isOn: true, owners: 1, labels: { caller: 12 } });
  expect((await post('/api/learning/reset', {}, admin)).status).toBe(204);
  expect((await expected('gpt-6-luna')).learned).toBeNull();
  expect((await expected('gpt-6-luna')).expectedSuccess).toBe(before.expectedSuccess);
  expect(await gateway.services.db.select().from(learned)).toEqual([]);
  const audit = await fetch(`${gateway.url}/api/audit?action=learning.reset`, { headers: admin });
  expect(JSON.parse(await audit.text()).entries[0].details).toEqual({ labels: { caller: 12 } });
  expect(gateway.logged.errors).toEqual([]);
});

test('what was learned outlives a restart', async () => {
  for (let time = 0; time < 8; time++) {
    const id = await ask(`${PROMPT} ${time}`);
    await post('/v1/feedback', { request_id: id, passed: false });
  }
  const { learned: before } = await expected('gpt-6-luna');
  const { config, now, log } = gateway.services;
  await gateway.services.learning.save();
  const copy = `${gateway.dataDir}/again`;
  await Bun.$`mkdir ${copy} && cp ${gateway.dataDir}/master.key ${copy}`.quiet();
  gateway.services.db.run(`VACUUM INTO '${copy}/gateway.db'`);

  const env = { SIMULATOR: 'on', LEARNING: 'on' };
  const again = await createServices({ config: { ...config, dataDir: copy }, env, now, log });
  const admin = { id: 'x', email: '', name: '', role: 'admin' } as const;
  expect(again.learning.state(admin)).toEqual(gateway.services.learning.state(admin));
  expect(before?.logit).toBeLessThan(0);
  await again.stop();
});

test('asking again, and of a stronger model, is written down as what it is', async () => {
  const fresh = { 'cache-control': 'no-cache' };
  const first = await ask(PROMPT, 'gpt-6-luna', fresh);
  const second = await ask(PROMPT, 'gpt-6-luna', fresh);
  await ask(PROMPT, 'gpt-6-sol', fresh);
  await gateway.services.verdicts.flush();
  const sources = async (id: string) =>
    (await gateway.services.db.select().from(feedback).where(eq(feedback.requestId, id))).map((row) => [
      row.source,
      row.passed,
      row.learned !== null,
    ]);
  expect(await sources(first)).toEqual([['regenerate', false, true]]);
  expect(await sources(second)).toEqual([['retry-stronger', false, true]]);
});

test('while it is off feedback is kept and teaches nothing', async () => {
  await gateway.stop();
  gateway = await startGateway({ env: { SIMULATOR: 'on' } });
  const id = await ask(PROMPT);
  await post('/v1/feedback', { request_id: id, passed: false });
  await ask(PROMPT, 'gpt-6-luna', { 'cache-control': 'no-cache' });
  await gateway.services.verdicts.flush();
  const rows = await gateway.services.db.select().from(feedback);
  expect(rows).toMatchObject([{ source: 'caller', learned: null }]);
  expect((await expected('gpt-6-luna')).learned).toBeNull();
});
