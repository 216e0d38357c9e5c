import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { z } from 'zod';
import { findRequestDetails, listPriceRows } from '../../src/db/queries/ledger.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { CHAT_END, chatAnswer, chatFrame, eventStream, startBreakingUpstream, startUpstream } from '../upstream.ts';

const PROVIDER_KEY = 'sk-canary-provider-key';

let gateway: TestGateway;
let upstream: ReturnType<typeof startUpstream>;
let breaking: ReturnType<typeof startBreakingUpstream>;
const hello = [
  chatFrame({ role: 'assistant', content: '' }),
  chatFrame({ content: 'hel' }),
  chatFrame({ content: 'lo' }),
];

beforeAll(async () => {
  upstream = startUpstream();
  breaking = startBreakingUpstream(hello);
  gateway = await startGateway({
    env: {
      OPENAI_API_KEY: PROVIDER_KEY,
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      PROVIDER_TIMEOUT_SECONDS: '1',
      BASELINE_MODEL: 'gpt-6-astra',
    },
    files: {
      'providers.json': JSON.stringify({
        providers: [
          { id: 'broken', baseUrl: breaking.url, models: [{ id: 'torn' }] },
          { id: 'local', baseUrl: `${upstream.url}/local/v1`, models: [{ id: 'qwen', free: true }, { id: 'odd' }] },
        ],
      }),
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
  breaking.stop();
});

let count = 0;
let prompt = '';
beforeEach(() => {
  prompt = `question ${count++}`;
});

interface Ask {
  body?: Record<string, unknown>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

function ask({ body = {}, headers = {}, signal }: Ask = {}) {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, ...headers },
    body: JSON.stringify({ model: 'gpt-6-luna', messages: [{ role: 'user', content: prompt }], ...body }),
    ...(signal && { signal }),
  });
}

describe('an answer', () => {
  test('comes back as the provider wrote it, priced to the nano-dollar', async () => {
    upstream.answers(() => chatAnswer('hello', { unknown_field: { kept: true } }));
    const response = await ask({ body: { unheard_of: [1, 2] } });
    expect(await response.json()).toMatchObject({ unknown_field: { kept: true }, model: 'gpt-6-luna-2026-09-22' });
    expect(upstream.received[0]).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${PROVIDER_KEY}` },
      body: { model: 'gpt-6-luna', unheard_of: [1, 2] },
    });
    // 1000 × $0.10 and 100 × $0.50 a million.
    expect(response.headers.get('x-gateway-cost-usd')).toBe('0.00015');
    expect(await gateway.lastRequest()).toMatchObject({
      costNanoUsd: 150_000,
      baselineModel: 'gpt-6-astra',
      baselineNanoUsd: 15_000_000,
      savedNanoUsd: 14_850_000,
      reportedModel: 'gpt-6-luna-2026-09-22',
      isSimulated: false,
      cache: 'miss',
    });
    expect(response.headers.has('x-gateway-simulated')).toBe(false);
    const { priceId } = (await gateway.lastRequest()) ?? {};
    expect(await listPriceRows(gateway.services.db, [priceId ?? ''])).toMatchObject([
      { provider: 'openai', model: 'gpt-6-luna', row: { tier: 'standard', rates: { input: 0.1, output: 0.5 } } },
    ]);
  });

  test('from a provider by configuration is free or unpriced as it was configured', async () => {
    upstream.answers(() => chatAnswer('hello'));
    const free = await ask({ body: { model: 'local/qwen' } });
    expect(upstream.received[0]).toMatchObject({ path: '/local/v1/chat/completions', body: { model: 'qwen' } });
    expect([free.headers.get('x-gateway-provider'), free.headers.get('x-gateway-cost-usd')]).toEqual(['local', '0']);
    const odd = await ask({ body: { model: 'odd' } });
    expect(odd.headers.get('x-gateway-cost-usd')).toBe('unpriced');
    expect(await gateway.lastRequest()).toMatchObject({ model: 'odd', costNanoUsd: null });
  });

  test('to auto names the model it came from and keeps the reason', async () => {
    upstream.answers(() => chatAnswer('hello'));
    const response = await ask({ body: { model: 'auto:cost' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-strategy')).toBe('cost');
    const row = await gateway.lastRequest();
    expect(row).toMatchObject({
      requestedModel: 'auto:cost',
      strategy: 'cost',
      model: response.headers.get('x-gateway-model'),
    });
    const details = await findRequestDetails(gateway.services.db, row?.id ?? '');
    expect(details?.decision).toMatchObject({ why: { code: expect.any(String) } });
    const stages = ['auth', 'read', 'cache', 'classify', 'route', 'first-content'];
    expect(details?.laps.map(({ stage }) => stage)).toEqual(stages);
    expect(details?.headers).toMatchObject({ 'user-agent': expect.any(String) });
    expect(JSON.stringify(details)).not.toContain(gateway.key);
    expect(upstream.received[0]?.body.model).toBe(row?.model);
  });
});

test("a client's own version and beta headers reach a provider of the same dialect, and its key does not", async () => {
  const anthropic = await startGateway({ env: { ANTHROPIC_API_KEY: PROVIDER_KEY, ANTHROPIC_BASE_URL: upstream.url } });
  upstream.answers(() =>
    Response.json({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 1 },
    }),
  );
  const headers = {
    'x-api-key': anthropic.key,
    'anthropic-version': '2026-10-21',
    'anthropic-beta': 'context-1m',
    'x-other': 'no',
  };
  const body = JSON.stringify({
    model: 'claude-haiku-4-5',
    max_tokens: 5,
    messages: [{ role: 'user', content: 'hi' }],
  });
  expect((await fetch(`${anthropic.url}/v1/messages?beta=true`, { method: 'POST', headers, body })).status).toBe(200);
  expect(upstream.received[0]).toMatchObject({
    path: '/v1/messages',
    headers: { 'x-api-key': PROVIDER_KEY, 'anthropic-version': '2026-10-21', 'anthropic-beta': 'context-1m' },
  });
  expect(upstream.received[0]?.headers).not.toHaveProperty('x-other');
  await anthropic.stop();
});

describe('the cache', () => {
  test('answers the same question again, without the provider and for nothing, also streamed and in another dialect', async () => {
    upstream.answers(() => chatAnswer('cached words'));
    const first = await ask({ body: { max_tokens: 50 } });
    const again = await ask({ body: { max_tokens: 50 } });
    expect(await again.text()).toBe(await first.text());
    expect(again.headers.get('x-gateway-cache')).toBe('hit');
    expect(again.headers.get('x-gateway-cost-usd')).toBe('0');
    expect(await gateway.lastRequest()).toMatchObject({ cache: 'hit', costNanoUsd: 0, cacheSavedNanoUsd: 150_000 });

    const streamed = await ask({ body: { max_tokens: 50, stream: true } });
    expect(streamed.headers.get('x-gateway-cache')).toBe('hit');
    expect(await streamed.text()).toMatch(/cached words[\s\S]*\[DONE\]/);

    const anthropic = await fetch(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': gateway.key, 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({ model: 'gpt-6-luna', max_tokens: 50, messages: [{ role: 'user', content: prompt }] }),
    });
    expect(await anthropic.json()).toMatchObject({
      type: 'message',
      content: [{ type: 'text', text: 'cached words' }],
    });
    expect(anthropic.headers.get('x-gateway-cache')).toBe('hit');
    expect(upstream.received).toHaveLength(1);
  });

  test('is asked around with no-store, and afresh with no-cache', async () => {
    upstream.answers(() => chatAnswer('words'));
    await ask();
    expect((await ask({ headers: { 'cache-control': 'no-store' } })).headers.get('x-gateway-cache')).toBe('bypass');
    expect((await ask({ headers: { 'cache-control': 'no-cache' } })).headers.get('x-gateway-cache')).toBe('miss');
    expect(upstream.received).toHaveLength(3);
  });

  test('does not keep failures, and does not answer another key', async () => {
    upstream.answers(() => Response.json({ error: { message: 'busy' } }, { status: 503 }));
    expect((await ask()).status).toBe(503);
    upstream.answers(() => chatAnswer('words'));
    expect((await ask()).headers.get('x-gateway-cache')).toBe('miss');
    const { key } = await gateway.services.keys.create({ name: 'other', userId: null });
    expect((await ask({ headers: { authorization: `Bearer ${key}` } })).headers.get('x-gateway-cache')).toBe('miss');
  });
});

test('a provider that takes longer than a slow client can read is not blamed for it', async () => {
  const frames = Array.from({ length: 40 }, (_, i) => chatFrame({ content: `${i}`.padEnd(400_000, 'x') }));
  upstream.answers(() => eventStream({ frames: [...hello, ...frames, CHAT_END] }));
  const response = await ask({ body: { stream: true } });
  const reader = response.body!.getReader();
  await reader.read();
  await Bun.sleep(1500);
  let text = '';
  const decoder = new TextDecoder();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) text += decoder.decode(chunk.value);
  expect(text).toEndWith('data: [DONE]\n\n');
  expect(await gateway.lastRequest()).toMatchObject({ outcome: 'ok', isUsageEstimated: false });
});

describe('when a provider fails', () => {
  const failFor = (model: string) => (_: Request, body: Record<string, unknown>) =>
    body.model === model
      ? Response.json({ error: { message: 'overloaded' } }, { status: 503 })
      : chatAnswer(`from ${body.model}`);

  test('an explicit model stays the only one that may answer', async () => {
    upstream.answers(failFor('gpt-6-luna'));
    expect((await ask()).status).toBe(503);
    expect(upstream.received).toHaveLength(1);
    expect(await gateway.lastRequest()).toMatchObject({
      outcome: 'error',
      errorCode: 'provider_overloaded',
      costNanoUsd: 0,
    });
  });

  test('a fallback the request names takes over, and both attempts are on record', async () => {
    upstream.answers(failFor('gpt-6-luna'));
    const response = await ask({ headers: { 'x-gateway-fallbacks': 'qwen' } });
    expect(response.headers.get('x-gateway-model')).toBe('qwen');
    expect(await response.text()).toContain('from qwen');
    const row = await gateway.lastRequest();
    expect(row).toMatchObject({ outcome: 'ok', attemptCount: 2, model: 'qwen' });
    const attempts = (await gateway.allAttempts()).filter(({ requestId }) => requestId === row?.id);
    expect(attempts.map(({ model, status }) => [model, status])).toEqual([
      ['gpt-6-luna', 503],
      ['qwen', 200],
    ]);
  });

  test('a fallback that cannot be asked does not hide what went wrong', async () => {
    upstream.answers(failFor('gpt-6-luna'));
    const { status } = await ask({ headers: { 'x-gateway-fallbacks': 'claude-haiku-4-5' } });
    expect(status).toBe(503);
  });

  test('a silent provider is booked with the prompt it may bill, and flagged', async () => {
    upstream.answers(() => new Promise<Response>(() => {}));
    expect((await ask()).status).toBe(504);
    const row = await gateway.lastRequest();
    expect(row).toMatchObject({ model: 'gpt-6-luna', isUsageEstimated: true, errorCode: 'provider_timeout' });
    expect(row?.costNanoUsd).toBeGreaterThan(0);
    expect(row?.overheadUs).toBeLessThan(500_000);
  });

  test('so does a fallback the key names', async () => {
    upstream.answers(failFor('gpt-6-luna'));
    const { key } = await gateway.services.keys.create({ name: 'safe', userId: null, fallbackModels: ['qwen'] });
    const response = await ask({ headers: { authorization: `Bearer ${key}` } });
    expect(response.headers.get('x-gateway-model')).toBe('qwen');
  });

  test('auto moves on to its next candidate by itself', async () => {
    let refused = '';
    upstream.answers((_, body) => {
      refused ||= String(body.model);
      return failFor(refused)(_, body);
    });
    const response = await ask({ body: { model: 'auto' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-model')).not.toBe(refused);
  });

  test('a complaint about the request is passed on in its own words, and nobody else is asked', async () => {
    const error = {
      message: "Invalid value for 'temperature'",
      type: 'invalid_request_error',
      param: 'temperature',
      code: null,
    };
    upstream.answers(() => Response.json({ error }, { status: 400 }));
    const response = await ask({ headers: { 'x-gateway-fallbacks': 'qwen' } });
    expect([response.status, await response.json()]).toEqual([400, { error }]);
    expect(upstream.received).toHaveLength(1);
  });

  test('a refusal of our own key never reaches the client in the words of the provider', async () => {
    upstream.answers(() =>
      Response.json({ error: { message: `Incorrect API key provided: ${PROVIDER_KEY}` } }, { status: 401 }),
    );
    const response = await ask();
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain('canary');
    const stored = JSON.stringify([await gateway.allRequests(), await gateway.allAttempts()]);
    expect(stored).not.toContain('canary');
  });

  test.each([
    ['something that is no JSON', () => new Response('<html>oops</html>'), 502],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'http://127.0.0.1:1/' } }), 502],
    ['nothing at all', () => new Response(''), 502],
    ['silence', () => new Promise<Response>(() => {}), 504],
  ])('%s is an error of the gateway type, not a crash', async (_, answer, status) => {
    upstream.answers(answer);
    const response = await ask();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
  });
});

describe('a stream', () => {
  test('goes through frame by frame, without the usage nobody asked for', async () => {
    upstream.answers(() => eventStream({ frames: [': keep-alive\n\n', ...hello, CHAT_END] }));
    const text = await (await ask({ body: { stream: true } })).text();
    expect(text).toStartWith(': keep-alive\n\n');
    expect(text).toEndWith('data: [DONE]\n\n');
    expect(text).not.toContain('"usage"');
    expect(upstream.received[0]?.body.stream_options).toEqual({ include_usage: true });
    expect(await gateway.lastRequest()).toMatchObject({ costNanoUsd: 150_000, isUsageEstimated: false, outcome: 'ok' });
  });

  test('is held back until its first content, so that an early failure moves on unseen', async () => {
    upstream.answers((_, body) =>
      body.model === 'gpt-6-luna'
        ? eventStream({
            frames: [
              chatFrame({ role: 'assistant', content: '' }),
              'data: {"error":{"message":"overloaded","code":503}}\n\n',
            ],
          })
        : eventStream({ frames: [...hello, CHAT_END] }),
    );
    const response = await ask({ body: { stream: true }, headers: { 'x-gateway-fallbacks': 'qwen' } });
    expect(response.headers.get('x-gateway-model')).toBe('qwen');
    expect(await response.text()).not.toContain('overloaded');
  });

  test.each(['close', 'silence'] as const)(
    'that ends by %s after its first content ends in an error',
    async (ending) => {
      upstream.answers(() => eventStream({ frames: hello, ending }));
      const response = await ask({ body: { stream: true } });
      const text = await response.text();
      expect(text).toContain('hel');
      expect(text).toMatch(/data: \{"error":/);
      expect(await gateway.lastRequest()).toMatchObject({ outcome: 'error', isUsageEstimated: true, status: 200 });
    },
  );

  test('whose connection breaks ends in an error, too', async () => {
    const text = await (await ask({ body: { model: 'torn', stream: true } })).text();
    expect(text).toContain('hel');
    expect(text).toMatch(/data: \{"error":/);
    expect(await gateway.lastRequest()).toMatchObject({ outcome: 'error', errorCode: 'provider_garbled', status: 200 });
  });

  test('lets the provider go as soon as the client leaves, and settles from what was seen', async () => {
    const { promise: released, resolve } = Promise.withResolvers<number>();
    upstream.answers(() =>
      eventStream({ frames: hello, ending: 'silence', onCancel: () => resolve(performance.now()) }),
    );
    const leaving = new AbortController();
    const response = await ask({ body: { stream: true }, signal: leaving.signal });
    const reader = response.body!.getReader();
    await reader.read();
    const leftAt = performance.now();
    leaving.abort();
    expect((await released) - leftAt).toBeLessThan(100);
    await Bun.sleep(20);
    const row = await gateway.lastRequest();
    expect(row).toMatchObject({ outcome: 'aborted', status: 499, isUsageEstimated: true, outputTokens: 2 });
    expect(row?.costNanoUsd).toBeGreaterThan(0);
  });

  test('that is left before its first byte is settled, too', async () => {
    const arrived = Promise.withResolvers<void>();
    upstream.answers(() => {
      arrived.resolve();
      return new Promise<Response>(() => {});
    });
    const leaving = new AbortController();
    const before = (await gateway.allRequests()).length;
    const response = ask({ body: { stream: true }, signal: leaving.signal }).catch(() => null);
    await arrived.promise;
    leaving.abort();
    await response;
    await Bun.sleep(30);
    expect((await gateway.allRequests()).length).toBe(before + 1);
    expect(await gateway.lastRequest()).toMatchObject({ outcome: 'aborted', status: 499 });
  });
});

const Considered = z.object({
  provider: z.string(),
  isKept: z.boolean(),
  reason: z.string(),
  rank: z.number().nullable(),
  expectedCostNanoUsd: z.number().nullable(),
});
const Decision = z.object({ requestedModel: z.string(), reason: z.string(), candidates: z.array(Considered) });

describe('a request that leans on what a provider keeps', () => {
  const respond = (fields: Record<string, unknown>) =>
    fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}` },
      body: JSON.stringify({ input: 'go on', ...fields }),
    });

  test('goes to a provider of its own dialect only, and is refused by name elsewhere', async () => {
    upstream.answers(() =>
      Response.json({ id: 'resp_2', object: 'response', status: 'completed', model: 'm', output: [] }),
    );
    await respond({ model: 'gpt-6-luna', previous_response_id: 'resp_1' });
    expect(upstream.received[0]).toMatchObject({ path: '/v1/responses', body: { previous_response_id: 'resp_1' } });
    const elsewhere = await respond({ model: 'qwen', previous_response_id: 'resp_1' });
    expect([elsewhere.status, await elsewhere.text()]).toEqual([400, expect.stringContaining('previous_response_id')]);
    expect(upstream.received).toHaveLength(1);
  });

  test('is not taken when the answer is to be fetched later, because its cost would never be seen', async () => {
    const later = await respond({ model: 'gpt-6-luna', background: true });
    expect([later.status, await later.json()]).toMatchObject([400, { error: { param: 'background' } }]);
  });
});

describe("the gateway's own routes", () => {
  const post = (path: string, body: unknown) =>
    fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}` },
      body: JSON.stringify(body),
    });

  test('a dry run decides and sends nothing', async () => {
    upstream.answers(() => chatAnswer('never'));
    const before = (await gateway.allRequests()).length;
    const decision = Decision.parse(
      await (await post('/v1/route', { messages: [{ role: 'user', content: 'Why?' }] })).json(),
    );
    expect(decision).toMatchObject({ requestedModel: 'auto', reason: expect.any(String) });
    const kept = decision.candidates.filter((one) => one.isKept);
    const dropped = decision.candidates.filter((one) => !one.isKept);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept[0]).toMatchObject({
      expectedCostNanoUsd: expect.any(Number),
      reason: expect.any(String),
      rank: expect.any(Number),
    });
    expect(dropped.every((one) => one.reason.length > 0)).toBe(true);
    expect(dropped.some((one) => one.provider === 'anthropic')).toBe(true);
    expect(upstream.received).toHaveLength(0);
    expect((await gateway.allRequests()).length).toBe(before);
  });

  test('a dry run reads the instructions of an Anthropic body without its headers', async () => {
    const system = 'Weigh every word of this. '.repeat(200);
    const decision = await (await post('/v1/route', { system, messages: [{ role: 'user', content: 'hi' }] })).json();
    expect(z.object({ promptTokens: z.number() }).parse(decision).promptTokens).toBeGreaterThan(1000);
  });

  test('a dry run takes the other dialects and an explicit model, too', async () => {
    const google = await (
      await post('/v1/route', { contents: [{ parts: [{ text: 'Why?' }] }], model: 'gpt-6-luna' })
    ).json();
    expect(google).toMatchObject({ requestedModel: 'gpt-6-luna', isExplicit: true });
    expect((await post('/v1/route', { messages: [] })).status).toBe(400);
    expect((await post('/v1/route', [])).status).toBe(400);
  });

  test('the caller sees its own spend and nobody else does', async () => {
    const { key } = await gateway.services.keys.create({ name: 'payer', userId: null });
    upstream.answers(() => chatAnswer('words'));
    const usage = async () => (await fetch(`${gateway.url}/v1/usage`, { headers: { 'x-api-key': key } })).json();
    expect(await usage()).toMatchObject({ key: { name: 'payer' }, today: { requests: 0, cost_usd: '0' } });
    await (await ask({ headers: { authorization: `Bearer ${key}` } })).text();
    expect(await usage()).toMatchObject({
      today: { requests: 1, cost_usd: '0.00015', simulated_cost_usd: '0', prompt_tokens: 1000, output_tokens: 100 },
      by_model: [{ provider: 'openai', model: 'gpt-6-luna', requests: 1 }],
    });
    const { key: other } = await gateway.services.keys.create({ name: 'other payer', userId: null });
    const theirs = await fetch(`${gateway.url}/v1/usage`, { headers: { 'x-api-key': other } });
    expect(await theirs.json()).toMatchObject({ today: { requests: 0 }, this_month: { requests: 0 }, by_model: [] });
  });

  test('health and readiness need no key', async () => {
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
    expect(await (await fetch(`${gateway.url}/ready`)).json()).toEqual({ status: 'ready' });
  });
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
