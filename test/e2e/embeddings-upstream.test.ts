import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { encodeFloat32 } from '../../src/lib/float32.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { startUpstream } from '../upstream.ts';

const upstream = startUpstream();
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({
    env: {
      OPENAI_API_KEY: 'sk-provider-canary',
      OPENAI_BASE_URL: upstream.url,
      GEMINI_API_KEY: 'provider-canary',
      GEMINI_BASE_URL: upstream.url,
      PROVIDER_TIMEOUT_SECONDS: '2',
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});
beforeEach(() => upstream.answers(() => new Response('nothing was decided', { status: 500 })));

interface Sent {
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

async function post(path: string, body: unknown, { headers, signal }: Sent = {}) {
  const response = await fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, ...headers },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const SMALL = 'text-embedding-3-small';
/** Spaces, unknown fields and all. */
const OPENAI_REPLY = `{ "object": "list",  "data": [{"object": "embedding", "index": 0, "embedding": "${encodeFloat32([1, 2])}", "novelty": 1}],
  "model": "text-embedding-3-small-v7", "usage": {"prompt_tokens": 1000, "total_tokens": 1000}, "novelty": {"a": [1]} }`;
const googleReply = (count: number) =>
  Response.json({ embeddings: Array.from({ length: count }, (_, index) => ({ values: [index, 0.5] })) });

describe('between equal dialects', () => {
  test('the body goes on and comes back as it is, and the row has its tokens and its price', async () => {
    upstream.answers(() => new Response(OPENAI_REPLY, { headers: { 'content-type': 'application/json' } }));
    const asked = { input: [[1, 2]], encoding_format: 'base64', user: 'ada', novelty: [null] };
    const { text, headers } = await post('/v1/embeddings', { model: `openai/${SMALL}`, ...asked });
    expect(text).toBe(OPENAI_REPLY);
    expect(upstream.received).toMatchObject([{ path: '/v1/embeddings', body: { model: SMALL, ...asked } }]);
    expect(Object.keys(upstream.received[0]?.body ?? {})).toEqual(['model', ...Object.keys(asked)]);
    expect(upstream.received[0]?.headers.authorization).toBe('Bearer sk-provider-canary');
    // 1,000 tokens at $0.02 a million.
    expect(headers.get('x-gateway-cost-usd')).toBe('0.00002');
    expect(headers.get('x-gateway-estimated')).toBeNull();
    expect(await gateway.lastRequest()).toMatchObject({
      outcome: 'ok',
      inputTokens: 1000,
      outputTokens: 0,
      costNanoUsd: 20_000,
      isUsageEstimated: false,
      reportedModel: 'text-embedding-3-small-v7',
      complexity: null,
      savedNanoUsd: null,
    });
    expect((await gateway.allAttempts()).at(-1)).toMatchObject({ status: 200, inputTokens: 1000, costNanoUsd: 20_000 });
  });

  test('Google gets its own call, with its own name of the model', async () => {
    const reply = '{"embedding": {"values": [0.1, 0.2], "shape": [2]}}';
    upstream.answers(() => new Response(reply));
    const body = {
      model: 'models/google/gemini-embedding-2',
      content: { role: 'user', parts: [{ text: 'x' }, { inline_data: { mime_type: 'image/png', data: 'AAAA' } }] },
      taskType: 'CLUSTERING',
      novelty: 1,
    };
    const { text, headers } = await post('/v1beta/models/google/gemini-embedding-2:embedContent', body);
    expect(text).toBe(reply);
    expect(upstream.received).toMatchObject([
      { path: '/v1beta/models/gemini-embedding-2:embedContent', body: { ...body, model: 'models/gemini-embedding-2' } },
    ]);
    expect(headers.get('x-gateway-estimated')).toBe('true');
    expect(headers.get('x-gateway-dropped')).toBeNull();
    expect(await gateway.lastRequest()).toMatchObject({ isUsageEstimated: true, inputTokens: 259 });
  });
});

describe('between two dialects', () => {
  test('OpenAI to Google: one request for each text, and the vectors in the encoding asked for', async () => {
    upstream.answers(() => googleReply(2));
    const asked = { model: 'gemini-embedding-2', input: ['one', 'two'], dimensions: 2, user: 'ada' };
    const { text, headers } = await post('/v1/embeddings', { ...asked, encoding_format: 'base64' });
    expect(upstream.received).toMatchObject([
      {
        path: '/v1beta/models/gemini-embedding-2:batchEmbedContents',
        body: {
          requests: ['one', 'two'].map((part) => ({
            model: 'models/gemini-embedding-2',
            content: { parts: [{ text: part }] },
            outputDimensionality: 2,
          })),
        },
      },
    ]);
    expect(JSON.parse(text)).toEqual({
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: encodeFloat32([0, 0.5]) },
        { object: 'embedding', index: 1, embedding: encodeFloat32([1, 0.5]) },
      ],
      model: 'gemini-embedding-2',
      usage: { prompt_tokens: 2, total_tokens: 2 },
    });
    expect(headers.get('x-gateway-dropped')).toBe('user');
    expect(headers.get('x-gateway-estimated')).toBe('true');
  });

  test('several batches are one attempt, and their counts are summed', async () => {
    upstream.answers((_, { requests }) => {
      const embeddings = (requests as unknown[]).map(() => ({ values: [1] }));
      return Response.json({ embeddings, usageMetadata: { promptTokenCount: 70 } });
    });
    const input = Array.from({ length: 130 }, () => 'x');
    const { text } = await post('/v1/embeddings', { model: 'gemini-embedding-2', input });
    expect(upstream.received.map(({ body }) => (body.requests as unknown[]).length)).toEqual([100, 30]);
    expect(JSON.parse(text)).toMatchObject({ usage: { prompt_tokens: 140 } });
    expect(await gateway.lastRequest()).toMatchObject({ attemptCount: 1, inputTokens: 140, isUsageEstimated: false });
  });

  test('Google to OpenAI', async () => {
    upstream.answers(() => new Response(OPENAI_REPLY));
    const content = { parts: [{ text: 'a' }, { text: 'b' }] };
    const { text, headers } = await post(`/v1/models/${SMALL}:embedContent`, {
      content,
      embedContentConfig: { outputDimensionality: 2, taskType: 'CLUSTERING' },
    });
    expect(upstream.received).toMatchObject([
      { path: '/v1/embeddings', body: { model: SMALL, input: ['a\nb'], dimensions: 2 } },
    ]);
    expect(JSON.parse(text)).toEqual({ embedding: { values: [1, 2] }, usageMetadata: { promptTokenCount: 1000 } });
    expect(headers.get('x-gateway-dropped')).toBe('taskType');
  });
});

describe('a provider that fails', () => {
  const fallbacks = { headers: { 'x-gateway-fallbacks': 'gpt-6-luna, gemini-embedding-2' } };

  test('is replaced only by a model that was named, and that embeds', async () => {
    const answer = ({ url }: Request) =>
      url.includes('batchEmbed') ? googleReply(1) : new Response('{}', { status: 503 });
    upstream.answers(answer);
    expect((await post('/v1/embeddings', { model: SMALL, input: 'x' })).status).toBe(503);
    expect(await gateway.lastRequest()).toMatchObject({ outcome: 'error', attemptCount: 1, costNanoUsd: 0 });
    const replaced = await post('/v1/embeddings', { model: SMALL, input: 'x' }, fallbacks);
    expect([replaced.status, replaced.headers.get('x-gateway-model')]).toEqual([200, 'gemini-embedding-2']);
    expect(await gateway.lastRequest()).toMatchObject({ outcome: 'ok', attemptCount: 2, model: 'gemini-embedding-2' });
  });

  test.each([
    ['not JSON', () => new Response('<html>')],
    ['no vectors', () => Response.json({ data: 'none' })],
    ['an error with status 200', () => Response.json({ error: { message: 'no' } })],
    ['a redirect', () => new Response('', { status: 302, headers: { location: 'http://127.0.0.1:1' } })],
  ])("with %s is a bad gateway, told in the caller's envelope", async (_, answer) => {
    upstream.answers(answer);
    const { status, text } = await post('/v1/embeddings', { model: SMALL, input: 'x' });
    expect([status, JSON.parse(text)]).toMatchObject([502, { error: { message: expect.any(String) } }]);
    const google = await post(`/v1/models/${SMALL}:embedContent`, { content: { parts: [{ text: 'x' }] } });
    expect([google.status, JSON.parse(google.text)]).toMatchObject([502, { error: { code: 502 } }]);
  });

  test('with too few vectors is not believed', async () => {
    upstream.answers(() => googleReply(1));
    const { status, text } = await post('/v1/embeddings', { model: 'gemini-embedding-2', input: ['a', 'b'] });
    expect([status, text]).toEqual([502, expect.stringContaining('number of vectors')]);
  });

  test('and complains of the request is quoted word for word in its own dialect', async () => {
    const complaint = { error: { message: "-1 is less than the minimum of 1 - 'dimensions'", type: 'x', novelty: 1 } };
    upstream.answers(() => Response.json(complaint, { status: 400 }));
    const own = await post('/v1/embeddings', { model: SMALL, input: 'x', dimensions: -1 }, fallbacks);
    expect([own.status, JSON.parse(own.text)]).toEqual([400, complaint]);
    const other = await post(`/v1/models/${SMALL}:embedContent`, { content: { parts: [{ text: 'x' }] } });
    expect(JSON.parse(other.text)).toMatchObject({
      error: { status: 'INVALID_ARGUMENT', message: complaint.error.message },
    });
  });

  test('and refuses our key shows neither it nor its words', async () => {
    upstream.answers(() =>
      Response.json({ error: { message: 'Incorrect API key sk-provider-canary' } }, { status: 401 }),
    );
    const { status, text } = await post('/v1/embeddings', { model: SMALL, input: 'x' });
    expect([status, text]).toEqual([502, expect.not.stringContaining('canary')]);
  });

  test('a client that leaves lets the provider go, and the row says so', async () => {
    const leaver = new AbortController();
    const isGone = Promise.withResolvers<void>();
    upstream.answers(async (request) => {
      request.signal.addEventListener('abort', () => isGone.resolve());
      leaver.abort();
      await isGone.promise;
      return new Response();
    });
    const asked = post('/v1/embeddings', { model: SMALL, input: 'leaving' }, { signal: leaver.signal });
    await expect(asked).rejects.toThrow();
    await isGone.promise;
    let row = await gateway.lastRequest();
    for (let turn = 0; turn < 50 && row?.outcome !== 'aborted'; turn++) {
      await Bun.sleep(2);
      row = await gateway.lastRequest();
    }
    expect(row).toMatchObject({ outcome: 'aborted', status: 499, endpoint: '/v1/embeddings' });
  });
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
