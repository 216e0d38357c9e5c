import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goldenCatalogue } from '../contract/golden/catalogue.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { chatAnswer, chatFrame, eventStream, startBreakingUpstream, startUpstream } from '../upstream.ts';

// Whatever becomes of a request, the ledger has one row of it and one of each call to a provider: never two, never none.

const hello = [chatFrame({ role: 'assistant', content: '' }), chatFrame({ content: 'hello' })];

let gateway: TestGateway;
let upstream: ReturnType<typeof startUpstream>;
let breaking: ReturnType<typeof startBreakingUpstream>;
let made = 0;

beforeAll(async () => {
  upstream = startUpstream();
  breaking = startBreakingUpstream(hello);
  const server = (id: string, url: string) => ({
    id,
    baseUrl: `${url}/v1`,
    models: [{ id: `${id}-model`, prices: { input: 1, output: 2 } }],
  });
  gateway = await startGateway({
    env: {
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      REQUESTS_PER_MINUTE: '0',
      PROVIDER_TIMEOUT_SECONDS: '1',
    },
    files: {
      'models.json': goldenCatalogue(),
      'providers.json': JSON.stringify({
        providers: [server('second', upstream.url), server('torn', breaking.url), server('dead', 'http://127.0.0.1:1')],
      }),
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
  breaking.stop();
});

interface Ask {
  body?: Record<string, unknown> | string;
  headers?: Record<string, string>;
}

/** The one new row of a request and the rows of its calls. Fails where there are more, or none. */
async function rowsOf({ body = {}, headers = {} }: Ask = {}) {
  const messages = [{ role: 'user', content: `question ${made}` }];
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify({ model: 'openai/gold-chat', messages, ...body }),
  });
  const text = await response.text();
  const rows = (await gateway.allRequests()).slice(made);
  made++;
  expect(rows).toHaveLength(1);
  const calls = (await gateway.allAttempts()).filter(({ requestId }) => requestId === rows[0]?.id);
  expect(rows[0]?.attemptCount).toBe(calls.length);
  return { status: response.status, text, row: rows[0]!, calls };
}

const fallbacks = (...models: string[]) => ({ 'x-gateway-fallbacks': models.join(',') });
const overloaded = () => Response.json({ error: { message: 'overloaded' } }, { status: 503 });
/** 1000 tokens at $2.50 and 100 at $15 a million. */
const ANSWER = 1_000 * 2_500 + 100 * 15_000;

describe('one row of', () => {
  test('an answer', async () => {
    upstream.answers(() => chatAnswer('yes'));
    const { row, calls } = await rowsOf();
    expect(row).toMatchObject({ outcome: 'ok', status: 200, costNanoUsd: ANSWER });
    expect(calls).toMatchObject([{ status: 200, errorCode: null, costNanoUsd: ANSWER }]);
  });

  test('an answer from the cache, which costs nothing and saves what the first one cost', async () => {
    upstream.answers(() => chatAnswer('again'));
    const body = { messages: [{ role: 'user', content: 'the same twice' }] };
    const first = await rowsOf({ body });
    expect(first.row).toMatchObject({ cache: 'miss', costNanoUsd: ANSWER, cacheSavedNanoUsd: null });
    for (const stream of [false, true]) {
      const { row, calls } = await rowsOf({ body: { ...body, stream } });
      expect(row).toMatchObject({ cache: 'hit', outcome: 'ok', costNanoUsd: 0, cacheSavedNanoUsd: ANSWER });
      expect(calls).toEqual([]);
    }
    expect(upstream.received).toHaveLength(1);
  });

  test('an answer after failures, each of which is a call that cost nothing', async () => {
    upstream.answers((_, { model }) => (model === 'second-model' ? chatAnswer('second') : overloaded()));
    const { row, calls } = await rowsOf({ headers: fallbacks('dead-model', 'second-model') });
    expect(row).toMatchObject({ outcome: 'ok', model: 'second-model', costNanoUsd: 1_000 * 1_000 + 100 * 2_000 });
    expect(calls.map(({ model, errorCode, costNanoUsd }) => [model, errorCode, costNanoUsd])).toEqual([
      ['gold-chat', 'provider_overloaded', 0],
      ['dead-model', 'provider_unreachable', 0],
      ['second-model', null, 1_000 * 1_000 + 100 * 2_000],
    ]);
  });

  test('an answer after one that was lost, which may have to be paid as well', async () => {
    upstream.answers((_, { model }) => (model === 'second-model' ? chatAnswer('second') : new Response('<html>')));
    const { row, calls } = await rowsOf({ headers: fallbacks('second-model') });
    const [lost, answered] = calls.map(({ costNanoUsd }) => costNanoUsd ?? Number.NaN);
    expect(lost).toBeGreaterThan(0);
    expect(answered).toBe(1_000 * 1_000 + 100 * 2_000);
    expect(row.costNanoUsd).toBe((lost ?? 0) + (answered ?? 0));
  });

  test('failures alone', async () => {
    upstream.answers(overloaded);
    const { status, row, calls } = await rowsOf({ headers: fallbacks('second-model', 'dead-model') });
    expect([status, row.outcome, row.costNanoUsd, calls.length]).toEqual([502, 'error', 0, 3]);
  });

  test.each([
    [
      'a provider that complains about the request',
      400,
      () => Response.json({ error: { message: 'no' } }, { status: 400 }),
    ],
    ['a provider that refuses our key', 502, () => Response.json({ error: { message: 'no' } }, { status: 401 })],
    ['a provider that limits us', 429, () => Response.json({ error: { message: 'slow' } }, { status: 429 })],
    ['a provider that talks nonsense', 502, () => new Response('<html>')],
  ])('%s', async (_, expected, answer) => {
    for (const stream of [false, true]) {
      upstream.answers(answer);
      const { status, row, calls } = await rowsOf({ body: { stream } });
      expect([status, row.status, calls.length]).toEqual([expected, expected, 1]);
    }
  });

  test('a provider that is silent, which may have worked all the same', async () => {
    upstream.answers(() => new Promise<Response>(() => {}));
    const { status, row, calls } = await rowsOf();
    expect([status, row.status, row.isUsageEstimated, calls.length]).toEqual([504, 504, true, 1]);
    expect(row.costNanoUsd).toBeGreaterThan(0);
  });

  test.each([
    ['breaks off', () => eventStream({ frames: hello }), 'provider_garbled'],
    ['falls silent', () => eventStream({ frames: hello, ending: 'silence' }), 'provider_timeout'],
    [
      'turns into an error',
      () => eventStream({ frames: [...hello, 'data: {"error":{"code":503}}\n\n'] }),
      'provider_overloaded',
    ],
  ])('a stream that %s after its first words, with an estimate of them', async (_, answer, code) => {
    upstream.answers(answer);
    const { row, calls } = await rowsOf({ body: { stream: true } });
    expect(row).toMatchObject({ outcome: 'error', status: 200, errorCode: code, isUsageEstimated: true });
    expect(row.costNanoUsd).toBeGreaterThan(0);
    expect(calls).toMatchObject([{ errorCode: code, costNanoUsd: row.costNanoUsd }]);
  });

  test('a stream whose connection is torn', async () => {
    const { row, calls } = await rowsOf({ body: { model: 'torn-model', stream: true } });
    expect(row).toMatchObject({ outcome: 'error', isUsageEstimated: true });
    expect([calls.length, row.costNanoUsd ?? 0]).toEqual([1, expect.any(Number)]);
    expect(row.costNanoUsd).toBeGreaterThan(0);
  });

  test.each([
    ['a body that is no JSON', 400, '{"model":'],
    ['a body without messages', 400, { messages: [] }],
    ['a model nobody knows', 404, { model: 'no-such-model' }],
    ['a model nobody has a key for', 503, { model: 'anthropic/gold-claude' }],
  ])('%s, though nobody was called', async (_, expected, body) => {
    upstream.answers(() => chatAnswer('never'));
    const { status, row, calls } = await rowsOf({ body });
    expect([status, row.status, row.costNanoUsd, calls.length]).toEqual([expected, expected, 0, 0]);
    expect(upstream.received).toHaveLength(0);
  });

  test('a request past the limit of its key', async () => {
    const { key } = await gateway.services.keys.create({
      name: 'slow',
      userId: null,
      limits: { requestsPerMinute: 1 },
    });
    const headers = { authorization: `Bearer ${key}` };
    upstream.answers(() => chatAnswer('yes'));
    expect((await rowsOf({ headers })).row).toMatchObject({ outcome: 'ok' });
    const { status, row, calls } = await rowsOf({ headers });
    expect([status, row.outcome, row.errorCode, calls.length]).toEqual([429, 'refused', 'rate_limited', 0]);
  });

  test.each([
    ['a budget that is spent', { dailyBudgetNanoUsd: 0 }, 'openai/gold-chat'],
    ['too dear a request', { maxRequestNanoUsd: 1 }, 'openai/gold-chat'],
    ['a model the key may not use', { allowedModels: ['second-model'] }, 'openai/gold-chat'],
    ['an unpriced model under a hard budget', { dailyBudgetNanoUsd: 1_000_000_000 }, 'openai/gold-unpriced'],
  ])('%s', async (_, limits, model) => {
    const { key } = await gateway.services.keys.create({ name: 'limited', userId: null, limits });
    upstream.answers(() => chatAnswer('never'));
    const { row, calls } = await rowsOf({ body: { model }, headers: { authorization: `Bearer ${key}` } });
    expect(row).toMatchObject({ outcome: 'refused', costNanoUsd: 0, isUsageEstimated: false });
    expect([calls, upstream.received]).toEqual([[], []]);
  });
});

test('who has no key has no row', async () => {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body: '{}' });
  expect(response.status).toBe(401);
  expect((await gateway.allRequests()).length).toBe(made);
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});

test('requests that a shutdown cuts have their rows before the process ends', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'gateway-cut-'));
  await Bun.write(join(dataDir, 'models.json'), goldenCatalogue());
  upstream.answers((_, { stream }) =>
    stream ? eventStream({ frames: hello, ending: 'silence' }) : new Promise<Response>(() => {}),
  );
  const child = Bun.spawn(['bun', 'src/main.ts'], {
    cwd: join(import.meta.dir, '../..'),
    env: {
      PATH: process.env.PATH,
      DATA_DIR: dataDir,
      PORT: '0',
      SHUTDOWN_SECONDS: '0',
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      BUN_CONFIG_MAX_HTTP_REQUESTS: '1024',
    },
    stdout: 'pipe',
    stderr: 'inherit',
  });
  let output = '';
  const reading = (async () => {
    for await (const chunk of child.stdout) output += Buffer.from(chunk).toString();
  })();
  while (!/Providers\s+\S/.test(output)) await Bun.sleep(10);
  const ask = (content: string, stream = false) =>
    fetch(`${/serves at (\S+)/.exec(output)?.[1]}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${/First key\s+(\S+)/.exec(output)?.[1]}` },
      body: JSON.stringify({ model: 'openai/gold-chat', stream, messages: [{ role: 'user', content }] }),
    });
  const streamed = await ask('go on', true);
  const silent = ask('say nothing').catch(() => null);
  while (upstream.received.length < 2) await Bun.sleep(5);
  child.kill('SIGTERM');
  await Promise.all([streamed.text().catch(() => ''), silent, child.exited, reading]);

  const db = new Database(join(dataDir, 'gateway.db'), { readonly: true });
  const select = 'select outcome, attempt_count as calls, is_usage_estimated as estimated, cost_nano_usd > 0 as paid';
  const rows = db.query(`${select} from requests`).all();
  const calls = db.query('select count(*) as rows from attempts').get();
  db.close();
  await rm(dataDir, { recursive: true, force: true });
  const cut = { outcome: 'aborted', calls: 1, estimated: 1, paid: 1 };
  expect(rows).toEqual([cut, cut]);
  expect(calls).toEqual({ rows: 2 });
});
