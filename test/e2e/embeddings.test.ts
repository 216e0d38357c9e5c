import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { startGateway, type TestGateway } from '../gateway.ts';
import { startUpstream } from '../upstream.ts';

/** A server of the operator's own; the vendors are simulated. */
const local = startUpstream();
let gateway: TestGateway;
beforeAll(async () => {
  const models = [{ id: 'nomic-embed', prices: { input: 0.01, output: 0 } }];
  const providers = [{ id: 'local', baseUrl: `${local.url}/v1`, models }];
  gateway = await startGateway({
    env: { SIMULATOR: 'on' },
    files: { 'providers.json': JSON.stringify({ providers }) },
  });
});
afterAll(async () => {
  await gateway.stop();
  local.stop();
});

const openai = () => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 });
const google = () => new GoogleGenAI({ apiKey: gateway.key, httpOptions: { baseUrl: gateway.url } });

const PROVIDERS = [
  { provider: 'openai', model: 'text-embedding-3-small' },
  { provider: 'google', model: 'gemini-embedding-2' },
  { provider: 'local', model: 'nomic-embed' },
];

const cosine = (a: number[], b: number[]): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

/** Answers as many vectors as there are inputs, each of its place. */
function answerLocally(): void {
  local.answers((_, { input, model, dimensions = 4 }) => {
    const inputs = Array.isArray(input) ? input : [input];
    const data = inputs.map((_text, index) => ({
      object: 'embedding',
      index,
      embedding: new Array(Number(dimensions)).fill(index + 0.5),
    }));
    return Response.json({ object: 'list', data, model, usage: { prompt_tokens: 6, total_tokens: 6 } });
  });
}

describe.each(PROVIDERS)('the official SDKs get vectors from $provider', ({ provider, model }) => {
  const texts = ['a red apple', 'a red apple', 'the tax return of a company'];
  const row = { provider, model, outcome: 'ok', status: 200, attemptCount: 1, requestedModel: model, isStream: false };

  test('openai, in base64 as its SDK asks for it, and as numbers', async () => {
    answerLocally();
    const { data, response } = await openai()
      .embeddings.create({ model, input: texts, dimensions: 256 })
      .withResponse();
    expect(data.data.map(({ index }) => index)).toEqual([0, 1, 2]);
    for (const { embedding } of data.data) expect(embedding).toHaveLength(256);
    expect(data.usage.prompt_tokens).toBeGreaterThan(0);
    expect(data.model).toBe(model);

    const numbers = await openai().embeddings.create({
      model,
      input: texts,
      dimensions: 256,
      encoding_format: 'float',
    });
    expect(numbers.data.map(({ embedding }) => [...embedding])).toEqual(
      data.data.map(({ embedding }) => [...embedding]),
    );
    if (provider !== 'local') {
      const [apple = [], same = [], tax = []] = numbers.data.map(({ embedding }) => embedding);
      expect(cosine(apple, same)).toBeCloseTo(1, 4);
      expect(cosine(apple, tax)).toBeLessThan(0.8);
    }
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-gateway-provider': provider,
      'x-gateway-model': model,
      'x-gateway-strategy': 'explicit',
      'x-gateway-cache': 'bypass',
      'x-gateway-cost-usd': expect.stringMatching(/^0\.0\d+$/),
      'x-gateway-overhead-ms': expect.stringMatching(/^\d+\.\d{3}$/),
    });
    expect(response.headers.get('x-gateway-simulated')).toBe(provider === 'local' ? null : 'true');
    expect(await gateway.lastRequest()).toMatchObject({
      ...row,
      endpoint: '/v1/embeddings',
      dialect: 'openai-embeddings',
      outputTokens: 0,
      isUsageEstimated: provider === 'google',
      baselineModel: null,
      savedNanoUsd: null,
    });
  });

  test('openai, a single text', async () => {
    answerLocally();
    const { data } = await openai().embeddings.create({ model, input: 'a red apple' });
    expect(data).toHaveLength(1);
    expect(data[0]?.embedding.length).toBeGreaterThan(3);
  });

  test('google, several texts', async () => {
    answerLocally();
    const config = { outputDimensionality: 256, taskType: 'RETRIEVAL_QUERY' };
    // Of bare strings the SDK makes one text for the newest model.
    const contents = texts.map((text) => ({ parts: [{ text }] }));
    const { embeddings = [] } = await google().models.embedContent({ model, contents, config });
    expect(embeddings).toHaveLength(3);
    for (const { values } of embeddings) expect(values).toHaveLength(256);
    expect(await gateway.lastRequest()).toMatchObject({
      ...row,
      endpoint: ':batchEmbedContents',
      dialect: 'google-embed',
    });
  });

  test.each(['v1', 'v1beta'])('google, one text, under /%s', async (version) => {
    answerLocally();
    const response = await fetch(`${gateway.url}/${version}/models/${provider}%2F${model}:embedContent`, {
      method: 'POST',
      headers: { 'x-goog-api-key': gateway.key },
      body: JSON.stringify({ content: { parts: [{ text: 'a red apple' }] }, taskType: 'CLUSTERING' }),
    });
    expect(await response.json()).toMatchObject({ embedding: { values: expect.any(Array) } });
    expect(response.headers.get('x-gateway-dropped')).toBe(provider === 'google' ? null : 'taskType');
    expect(await gateway.lastRequest()).toMatchObject({
      ...row,
      endpoint: ':embedContent',
      requestedModel: `${provider}/${model}`,
    });
  });
});

test('more texts than Google takes at once come back whole and in order', async () => {
  const input = Array.from({ length: 250 }, (_, index) => `number ${index}`);
  const { data } = await openai().embeddings.create({ model: 'gemini-embedding-2', input, dimensions: 64 });
  expect(data).toHaveLength(250);
  const [alone] = (
    await openai().embeddings.create({ model: 'gemini-embedding-2', input: 'number 249', dimensions: 64 })
  ).data;
  expect(data[249]?.embedding).toEqual(alone!.embedding);
  expect(await gateway.allAttempts()).toContainEqual(expect.objectContaining({ provider: 'google', status: 200 }));
});

test('token numbers go to the vendor whose tokenizer made them, and to no other', async () => {
  const own = await openai().embeddings.create({ model: 'text-embedding-3-small', input: [[15339, 1917], [2]] });
  expect(own.data).toHaveLength(2);
  expect(own.usage.prompt_tokens).toBe(3);
  const refused = openai().embeddings.create({ model: 'gemini-embedding-2', input: [15339, 1917] });
  await expect(Promise.resolve(refused)).rejects.toMatchObject({ status: 400, param: 'input' });
  expect(await gateway.lastRequest()).toMatchObject({ outcome: 'refused', errorCode: 'unsupported', attemptCount: 0 });
});

describe("what cannot be done is said in the caller's words", () => {
  const ask = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { 'x-api-key': gateway.key, ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as { error: Record<string, unknown> } };
  };
  const content = { parts: [{ text: 'x' }] };

  test('an unknown model is 404', async () => {
    const theirs = await ask('/v1/embeddings', { model: 'text-embedding-3-smal', input: 'x' });
    expect(theirs).toMatchObject({ status: 404, body: { error: { code: 'model_not_found', param: 'model' } } });
    const google = await ask('/v1beta/models/no-such-model:embedContent', { content });
    expect(google).toMatchObject({ status: 404, body: { error: { code: 404, status: 'NOT_FOUND' } } });
  });

  test('a model that chats is 400, with a sentence', async () => {
    const { status, body } = await ask('/v1/embeddings', { model: 'gpt-6-luna', input: 'x' });
    expect([status, body.error.message]).toEqual([400, expect.stringContaining('does not make embeddings')]);
    const google = await ask('/v1/models/claude-haiku-4-5:batchEmbedContents', { requests: [{ content }] });
    expect(google).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } });
  });

  test('the gateway does not choose: vectors of different models cannot be compared', async () => {
    const { status, body } = await ask('/v1/embeddings', { model: 'auto:cost', input: 'x' });
    expect([status, body.error.message]).toEqual([400, expect.stringContaining('name an embedding model')]);
  });

  test('a picture is not for a model that reads text', async () => {
    const picture = { parts: [{ text: 'x' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] };
    const { status, body } = await ask('/v1beta/models/text-embedding-3-small:embedContent', { content: picture });
    expect([status, body.error.message]).toEqual([400, expect.stringContaining('inlineData')]);
  });

  test.each([
    [{}],
    [{ model: 'text-embedding-3-small' }],
    [{ model: 'text-embedding-3-small', input: [] }],
    [null],
    [[]],
    ['x'],
  ])('%j is 400', async (wrong) => {
    const { status, body } = await ask('/v1/embeddings', wrong);
    expect([status, typeof body.error.message]).toEqual([400, 'string']);
  });

  test('no key is 401, and a key over its rate is 429', async () => {
    expect((await ask('/v1/embeddings', {}, { 'x-api-key': '' })).status).toBe(401);
    const { key } = await gateway.services.keys.create({
      name: 'slow',
      userId: null,
      limits: { requestsPerMinute: 1 },
    });
    const body = { model: 'text-embedding-3-small', input: 'x' };
    expect((await ask('/v1/embeddings', body, { 'x-api-key': key })).status).toBe(200);
    expect((await ask('/v1/embeddings', body, { 'x-api-key': key })).status).toBe(429);
  });
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
