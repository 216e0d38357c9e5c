import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import type { LimitSet } from '../../src/db/limit-set.ts';
import { startGateway, type TestGateway } from '../gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

let seen: { status: number; headers: Headers }[] = [];
beforeEach(() => {
  seen = [];
});

/** Lets the SDK go about its retries, and counts what it sends. */
async function counted(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  seen.push({ status: response.status, headers: response.headers });
  return response;
}

const MESSAGES = [{ role: 'user' as const, content: 'hello' }];
const NO_CACHE = { headers: { 'cache-control': 'no-store' } };

/** One question by each SDK, with the retries it makes of itself. */
const SDKS = {
  openai: (apiKey: string) => {
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, fetch: counted as typeof fetch });
    return client.chat.completions.create({ model: 'gpt-6-luna', messages: MESSAGES }, NO_CACHE);
  },
  responses: (apiKey: string) => {
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, fetch: counted as typeof fetch });
    return client.responses.create({ model: 'gpt-6-luna', input: 'hello' }, NO_CACHE);
  },
  anthropic: (apiKey: string) => {
    const client = new Anthropic({ baseURL: gateway.url, apiKey, fetch: counted as typeof fetch });
    return client.messages.create({ model: 'claude-haiku-4-5', max_tokens: 50, messages: MESSAGES }, NO_CACHE);
  },
  google: (apiKey: string) => {
    const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway.url, ...NO_CACHE } });
    return client.models.generateContent({ model: 'gemini-3.5-flash-lite', contents: 'hello' });
  },
} as const;

async function keyWith(limits: LimitSet) {
  return await gateway.services.keys.create({ name: 'program', userId: null, limits });
}

async function errorOf(work: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await work;
  } catch (thrown) {
    return thrown as Record<string, unknown>;
  }
  throw new Error('nothing was refused');
}

async function requestsOf(keyId: string) {
  return (await gateway.allRequests()).filter((row) => row.keyId === keyId);
}

describe.each(Object.entries(SDKS))('%s', (name, ask) => {
  test('is told that its budget is spent, and does not try again', async () => {
    const { key, row } = await keyWith({ dailyBudgetNanoUsd: 0 });
    const startedAt = performance.now();
    const error = await errorOf(ask(key));
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(error.status).toBe(402);
    expect(String(error.message)).toContain('daily budget of $0');
    expect(await requestsOf(row.id)).toMatchObject([{ outcome: 'refused', errorCode: 'budget_exceeded' }]);
  });

  test('is told which model it may not use, and does not try again', async () => {
    const { key, row } = await keyWith({ allowedModels: ['some-other-model'] });
    const error = await errorOf(ask(key));
    expect(error.status).toBe(403);
    expect(String(error.message)).toContain('may not be used with this gateway key');
    expect(await requestsOf(row.id)).toHaveLength(1);
  });

  test('comes back when it was told to, if it does so of itself', async () => {
    // The next request is free a tenth of a second after the first one took its place.
    const { key, row } = await keyWith({ requestsPerMinute: 600 });
    for (let i = 0; i < 600; i++) gateway.services.stages.limits.admit(row);
    if (name === 'google') {
      expect((await errorOf(ask(key))).status).toBe(429);
    } else {
      await ask(key);
      expect(seen.map(({ status }) => status)).toEqual([429, 200]);
      expect(Number(seen[0]?.headers.get('retry-after-ms'))).toBeLessThanOrEqual(100);
      expect(seen[0]?.headers.get('retry-after')).toBe('1');
    }
  });
});

test('every reply, also a refusal, tells how far the key may still go, in the names of the SDK that asks', async () => {
  const { key, row } = await keyWith({ requestsPerMinute: 60, tokensPerMinute: 100_000 });
  await SDKS.openai(key);
  const openai = Object.fromEntries(seen[0]?.headers ?? []);
  expect(openai).toMatchObject({
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '59',
    'x-ratelimit-reset-requests': expect.stringMatching(/^(\d+ms|1s|0\.\d+s)$/),
    'x-ratelimit-limit-tokens': '100000',
    'x-ratelimit-remaining-tokens': expect.stringMatching(/^99\d\d\d$/),
    'x-ratelimit-reset-tokens': expect.stringMatching(/^\d+ms$/),
  });
  await SDKS.anthropic(key);
  const anthropic = Object.fromEntries(seen[1]?.headers ?? []);
  expect(anthropic).toMatchObject({
    'anthropic-ratelimit-requests-limit': '60',
    'anthropic-ratelimit-requests-remaining': '58',
    'anthropic-ratelimit-requests-reset': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    'anthropic-ratelimit-tokens-limit': '100000',
  });
  expect(Object.keys(anthropic).some((header) => header.startsWith('x-ratelimit'))).toBe(false);

  for (let i = 0; i < 58; i++) gateway.services.stages.limits.admit(row);
  const headers = { authorization: `Bearer ${key}` };
  const refused = await fetch(`${gateway.url}/v1/models`, { headers });
  expect([refused.status, refused.headers.get('x-ratelimit-remaining-requests')]).toEqual([429, '0']);
});

test('a key without such a limit is told of none', async () => {
  const { key } = await keyWith({ requestsPerMinute: 0 });
  await SDKS.openai(key);
  const names = [...(seen[0]?.headers.keys() ?? [])];
  expect(names.filter((header) => header.includes('ratelimit'))).toEqual([]);
});

test('a key sees only what it may use, and `auto` chooses only among that', async () => {
  const allowed = ['claude-haiku-4-5', 'google/gemini-3.5-flash-lite'];
  const { key } = await keyWith({ allowedModels: allowed, allowedStrategies: ['cost'] });
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: key });
  const ids = (await client.models.list()).data.map(({ id }) => id);
  expect(ids).toEqual(['auto', 'auto:cost', ...['claude-haiku-4-5', 'gemini-3.5-flash-lite'].sort()].sort());
  for (let i = 0; i < 4; i++) {
    const content = `Prove theorem ${i} in full.`;
    const { response } = await client.chat.completions
      .create({ model: 'auto', messages: [{ role: 'user', content }] })
      .withResponse();
    expect(['claude-haiku-4-5', 'gemini-3.5-flash-lite']).toContain(response.headers.get('x-gateway-model') ?? '');
    // The gateway's own choice would be balanced, which this key may not.
    expect(response.headers.get('x-gateway-strategy')).toBe('cost');
  }
  const refused = await errorOf(client.chat.completions.create({ model: 'auto:quality', messages: MESSAGES }));
  expect(refused).toMatchObject({ status: 403, code: 'insufficient_permissions' });
});

test('a key that may use less is not told what another key of the same person asked', async () => {
  const { services } = gateway;
  const { insertUser } = await import('../../src/db/queries/users.ts');
  const person = { id: 'ada', email: 'ada@example.com', name: 'ada', role: 'member' as const, passwordHash: 'x' };
  await insertUser(services.db, { ...person, sessionVersion: 1, createdAt: 0, disabledAt: null });
  const wide = await services.keys.create({ name: 'wide', userId: 'ada' });
  const narrow = await services.keys.create({ name: 'narrow', userId: 'ada', limits: { allowedModels: ['x'] } });
  const ask = (key: string) =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'gpt-6-luna', messages: [{ role: 'user', content: 'a shared question' }] }),
    });
  await ask(wide.key);
  expect((await ask(wide.key)).headers.get('x-gateway-cache')).toBe('hit');
  expect((await ask(narrow.key)).status).toBe(403);
});
