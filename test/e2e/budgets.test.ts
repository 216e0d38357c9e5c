import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { LimitSet } from '../../src/db/limit-set.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { CHAT_END, chatAnswer, chatFrame, eventStream, startUpstream } from '../upstream.ts';

/** 1000 × $0.10 and 100 × $0.50 a million, as every answer of `upstream.ts` counts. */
const ACTUAL = 150_000;
const BUDGET = 10 * ACTUAL;
const MANY = 200;

let gateway: TestGateway;
let upstream: ReturnType<typeof startUpstream>;
beforeAll(async () => {
  upstream = startUpstream();
  gateway = await startGateway({ env: { OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: `${upstream.url}/v1` } });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

let key: string;
let count = 0;
async function keyWith(limits: LimitSet): Promise<void> {
  const made = await gateway.services.keys.create({ name: 'program', userId: null, limits });
  key = made.key;
}
beforeEach(async () => {
  await keyWith({ requestsPerMinute: 0, dailyBudgetNanoUsd: BUDGET });
});

interface Ask {
  stream?: boolean;
  signal?: AbortSignal;
  path?: string;
  body?: Record<string, unknown>;
}

function ask({ stream = false, signal, path = '/v1/chat/completions', body = {} }: Ask = {}) {
  const messages = [{ role: 'user', content: `question ${count++}` }];
  return fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'gpt-6-luna', messages, stream, ...body }),
    ...(signal && { signal }),
  });
}

/** Many at once, each read to its end: what the clients got, by status. */
async function askMany(question: Ask = {}): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  const answers = Array.from({ length: MANY }, async () => {
    const response = await ask(question);
    await response.text();
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  });
  await Promise.all(answers);
  return statuses;
}

async function budget() {
  const response = await fetch(`${gateway.url}/v1/usage`, { headers: { authorization: `Bearer ${key}` } });
  const usage = (await response.json()) as { limits: { key: { daily_budget: Record<string, string> } } };
  const { spent_usd, reserved_usd, remaining_usd } = usage.limits.key.daily_budget;
  const nano = (usd: string | undefined) => Math.round(Number(usd) * 1e9);
  return { spent: nano(spent_usd), reserved: nano(reserved_usd), remaining: nano(remaining_usd) };
}

/** What the gateway expects one request to cost. */
async function estimate(): Promise<number> {
  const decision = (await (await ask({ path: '/v1/route' })).json()) as {
    candidates: { expectedCostNanoUsd: number }[];
  };
  return decision.candidates[0]?.expectedCostNanoUsd ?? Number.NaN;
}

/** The ledger's rows of the key in use. */
async function rows() {
  const id = (await gateway.services.keys.list({ id: '', email: '', name: '', role: 'admin' }))[0]?.id;
  return (await gateway.allRequests()).filter((row) => row.keyId === id);
}

const slowly = async (response: Response) => {
  await Bun.sleep(20);
  return response;
};
const frames = [chatFrame({ role: 'assistant', content: 'hel' }), chatFrame({ content: 'lo' }), CHAT_END];

describe(`${MANY} requests at once against a budget for 10`, () => {
  test.each([
    ['whole', false],
    ['streamed', true],
  ])('%s: never pass it by more than the error of one estimate, and spend it in the end', async (_, stream) => {
    upstream.answers(() => slowly(stream ? eventStream({ frames }) : chatAnswer('hello')));
    const error = Math.abs(ACTUAL - (await estimate()));
    const first = await askMany({ stream });
    expect((await budget()).spent).toBeLessThanOrEqual(BUDGET + error);
    expect(first.get(200)).toBeGreaterThan(0);
    // Whoever is told that requests under way hold the budget comes again, as SDKs do.
    let statuses = first;
    for (let wave = 0; wave < 30 && statuses.get(402) !== MANY; wave++) statuses = await askMany({ stream });
    expect([...statuses]).toEqual([[402, MANY]]);

    const { spent, reserved } = await budget();
    expect(spent).toBeLessThanOrEqual(BUDGET + error);
    expect(spent).toBeGreaterThan(BUDGET - ACTUAL - error);
    expect(reserved).toBe(0);
    // Nobody was served whom the ledger does not know, and it says the same as memory does.
    expect((await rows()).reduce((sum, row) => sum + (row.costNanoUsd ?? 0), 0)).toBe(spent);
    expect(upstream.received).toHaveLength(spent / ACTUAL);
    const refused = await ask();
    expect(refused.status).toBe(402);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    expect(await refused.json()).toMatchObject({ error: { type: 'insufficient_quota', code: 'insufficient_quota' } });
  });

  test('that say how long their answers may become are let through ten at a time', async () => {
    // As many tokens as the estimate holds for its prompt and the limit: nothing is left to chance.
    upstream.answers(() =>
      slowly(chatAnswer('hi', { usage: { prompt_tokens: 10, completion_tokens: 100, total_tokens: 110 } })),
    );
    await keyWith({ requestsPerMinute: 0, dailyBudgetNanoUsd: 10 * 52_000 });
    const statuses = await askMany({ body: { max_tokens: 100 } });
    expect(statuses.get(200)).toBeGreaterThanOrEqual(9);
    expect(statuses.get(200)).toBeLessThanOrEqual(10);
  });

  test('whose provider fails are given back every one', async () => {
    upstream.answers(() => slowly(Response.json({ error: { message: 'no' } }, { status: 500 })));
    await askMany();
    expect(await budget()).toEqual({ spent: 0, reserved: 0, remaining: BUDGET });
    upstream.answers(() => chatAnswer('hello'));
    expect((await ask()).status).toBe(200);
  });

  test('that are left at every possible moment give their places back, and are booked with what was seen', async () => {
    await keyWith({ requestsPerMinute: 0, dailyBudgetNanoUsd: BUDGET, concurrentRequests: 50 });
    upstream.answers(() => eventStream({ frames: frames.slice(0, 2), ending: 'silence' }));
    const leaving = Array.from({ length: MANY }, async (_, index) => {
      const controller = new AbortController();
      const answer = ask({ stream: true, signal: controller.signal }).catch(() => null);
      // Before the answer, at its headers, after its first bytes.
      const response = index % 3 === 0 ? null : await answer;
      if (index % 3 === 2) await response?.body?.getReader().read();
      controller.abort();
      await answer;
    });
    await Promise.all(leaving);
    while (gateway.services.stages.ledger.openCount() > 0) await Bun.sleep(5);
    const { spent, reserved } = await budget();
    expect(reserved).toBe(0);
    expect((await rows()).reduce((sum, row) => sum + (row.costNanoUsd ?? 0), 0)).toBe(spent);
    expect(spent).toBeLessThanOrEqual(BUDGET);
    const running = (await gateway.services.keys.list({ id: '', email: '', name: '', role: 'admin' }))[0];
    expect(gateway.services.stages.limits.reportOf(running!).key.concurrentRequests).toEqual({ limit: 50, running: 0 });
  });
});

test('what was spent is known after a restart', async () => {
  upstream.answers(() => chatAnswer('hello'));
  for (let i = 0; i < 3; i++) await ask();
  const { spent } = await budget();
  expect(spent).toBe(3 * ACTUAL);
  const { readSpent } = await import('../../src/services/spent.ts');
  await gateway.services.writer.flush();
  const [made] = await gateway.services.keys.list({ id: '', email: '', name: '', role: 'admin' });
  const remembered = (await readSpent(gateway.services.db, Date.now())).filter(({ keyId }) => keyId === made?.id);
  expect(remembered).toMatchObject([
    { period: 'day', realNanoUsd: 3 * ACTUAL },
    { period: 'month', realNanoUsd: 3 * ACTUAL },
  ]);
});

test('an answer from the cache needs no budget', async () => {
  upstream.answers(() => chatAnswer('hello'));
  await keyWith({ requestsPerMinute: 0, dailyBudgetNanoUsd: (await estimate()) + 100_000, tokensPerMinute: 2000 });
  const messages = [{ role: 'user', content: 'the same question' }];
  const statuses: unknown[] = [];
  for (let i = 0; i < 5; i++) {
    const { status, headers } = await ask({ body: { messages } });
    statuses.push([status, headers.get('x-gateway-cache'), headers.get('x-ratelimit-remaining-tokens')]);
  }
  expect(statuses[0]).toEqual([200, 'miss', expect.stringMatching(/^90\d$/)]);
  expect(statuses[4]).toMatchObject([200, 'hit', expect.stringMatching(/^9\d\d$/)]);
  expect((await ask()).status).toBe(402);
});

test('a change of a limit holds from the next request on', async () => {
  upstream.answers(() => chatAnswer('hello'));
  const admin = { id: '', email: '', name: '', role: 'admin' as const };
  const [made] = await gateway.services.keys.list(admin);
  expect((await ask()).status).toBe(200);
  await gateway.services.keys.change(admin, made?.id ?? '', { limits: { dailyBudgetNanoUsd: ACTUAL } });
  expect((await ask()).status).toBe(402);
  await gateway.services.keys.change(admin, made?.id ?? '', { limits: { dailyBudgetNanoUsd: null } });
  expect((await ask()).status).toBe(200);
});

test('a fallback that is too dear for what is left is not asked, and one that fits is', async () => {
  await keyWith({ requestsPerMinute: 0, maxRequestNanoUsd: 1_000_000 });
  upstream.answers((_, { model }) =>
    model === 'gpt-6-luna' ? Response.json({ error: { message: 'no' } }, { status: 500 }) : chatAnswer('hello'),
  );
  const headers = (fallbacks: string) => ({ authorization: `Bearer ${key}`, 'x-gateway-fallbacks': fallbacks });
  const body = () =>
    JSON.stringify({ model: 'gpt-6-luna', messages: [{ role: 'user', content: `question ${count++}` }] });
  const url = `${gateway.url}/v1/chat/completions`;
  const tooDear = await fetch(url, { method: 'POST', headers: headers('gpt-6-astra'), body: body() });
  expect(tooDear.status).toBe(502);
  expect(upstream.received.map(({ body: sent }) => sent.model)).toEqual(['gpt-6-luna']);
});
