import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { startGateway, type TestGateway } from '../gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

/** One model of each provider. */
const MODELS = [
  { provider: 'openai', model: 'gpt-6-luna' },
  { provider: 'anthropic', model: 'claude-haiku-4-5' },
  { provider: 'google', model: 'gemini-3.5-flash-lite' },
];

const openai = () => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 });
const anthropic = () => new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 });
const google = () => new GoogleGenAI({ apiKey: gateway.key, httpOptions: { baseUrl: gateway.url } });

describe.each(MODELS)('the official SDKs get text from $provider', ({ provider, model }) => {
  const system = 'Answer like a pirate.';
  const text = (name: string) => `${name} [[sim:say=Ahoy from ${model}, mate!]]`;
  const expected = `Ahoy from ${model}, mate!`;

  test('openai', async () => {
    const { data, response } = await openai()
      .chat.completions.create({
        model,
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: text('openai') },
        ],
      })
      .withResponse();
    expect(data.choices[0]?.message.content).toContain(expected);
    expect(data.choices[0]?.message.content).toContain('simulated');
    expect(data.choices[0]?.finish_reason).toBe('stop');
    expect(data.usage?.prompt_tokens).toBeGreaterThan(0);
    expect(data.usage?.completion_tokens).toBeGreaterThan(0);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-gateway-provider': provider,
      'x-gateway-model': model,
      'x-gateway-simulated': 'true',
      'x-gateway-cache': 'miss',
      'x-gateway-strategy': 'explicit',
      'x-gateway-cost-usd': expect.stringMatching(/^0\.0\d+$/),
      'x-gateway-complexity': expect.stringMatching(/^(simple|moderate|complex|expert)$/),
      'x-gateway-overhead-ms': expect.stringMatching(/^\d+\.\d{3}$/),
    });
    expect(await gateway.lastRequest()).toMatchObject({
      id: response.headers.get('x-gateway-request-id'),
      provider,
      model,
      outcome: 'ok',
      isSimulated: true,
    });
  });

  test('openai, streamed', async () => {
    const stream = await openai().chat.completions.create({
      model,
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: text('openai streamed') },
      ],
    });
    let seen = '';
    let usage: OpenAI.CompletionUsage | undefined;
    for await (const chunk of stream) {
      seen += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(seen).toContain(expected);
    expect(usage?.prompt_tokens).toBeGreaterThan(0);
    expect(await gateway.lastRequest()).toMatchObject({
      provider,
      model,
      isStream: true,
      outcome: 'ok',
      isUsageEstimated: false,
    });
  });

  test('openai responses', async () => {
    const { data, response } = await openai()
      .responses.create({ model, instructions: system, input: text('responses') })
      .withResponse();
    expect(data.output_text).toContain(expected);
    expect([data.status, data.usage?.input_tokens]).toEqual(['completed', expect.any(Number)]);
    expect(response.headers.get('x-gateway-provider')).toBe(provider);
  });

  test('openai responses, streamed', async () => {
    const stream = openai().responses.stream({ model, instructions: system, input: text('responses streamed') });
    const final = await stream.finalResponse();
    expect(final.output_text).toContain(expected);
    expect(final.usage?.output_tokens).toBeGreaterThan(0);
    expect(await gateway.lastRequest()).toMatchObject({ endpoint: '/v1/responses', provider, outcome: 'ok' });
  });

  test('anthropic', async () => {
    const { data, response } = await anthropic()
      .messages.create({ model, max_tokens: 500, system, messages: [{ role: 'user', content: text('anthropic') }] })
      .withResponse();
    expect(data.content.map((block) => (block.type === 'text' ? block.text : '')).join('')).toContain(expected);
    expect(data.stop_reason).toBe('end_turn');
    expect(data.usage.input_tokens + (data.usage.cache_read_input_tokens ?? 0)).toBeGreaterThan(0);
    expect(response.headers.get('x-gateway-provider')).toBe(provider);
  });

  test('anthropic, streamed', async () => {
    const stream = anthropic().messages.stream({
      model,
      max_tokens: 500,
      system,
      messages: [{ role: 'user', content: text('anthropic streamed') }],
    });
    const message = await stream.finalMessage();
    expect(message.content.map((block) => (block.type === 'text' ? block.text : '')).join('')).toContain(expected);
    expect(message.stop_reason).toBe('end_turn');
    expect(message.usage.output_tokens).toBeGreaterThan(0);
  });

  test('google', async () => {
    const reply = await google().models.generateContent({
      model,
      contents: text('google'),
      config: { systemInstruction: system },
    });
    expect(reply.text).toContain(expected);
    expect(reply.usageMetadata?.promptTokenCount).toBeGreaterThan(0);
    expect(reply.candidates?.[0]?.finishReason?.toString()).toBe('STOP');
  });

  test('google, streamed', async () => {
    const stream = await google().models.generateContentStream({
      model,
      contents: text('google streamed'),
      config: { systemInstruction: system },
    });
    let seen = '';
    let total = 0;
    for await (const chunk of stream) {
      seen += chunk.text ?? '';
      total = chunk.usageMetadata?.totalTokenCount ?? total;
    }
    expect(seen).toContain(expected);
    expect(total).toBeGreaterThan(0);
  });
});

test('each SDK lists the models in its own shape', async () => {
  const ours = (await openai().models.list()).data.map(({ id }) => id);
  expect(ours).toContain('auto');
  expect(ours).toContain('claude-haiku-4-5');
  const theirs = (await anthropic().models.list()).data.map(({ id }) => id);
  expect(theirs).toEqual(ours);
  const names = [];
  for await (const model of await google().models.list()) names.push(model.name);
  expect(names).toContain('models/gpt-6-luna');
  expect((await openai().models.retrieve('gpt-6-luna')).owned_by).toBe('openai');
});

test('an SDK sees a wrong key as its own authentication error', async () => {
  const wrong = 'gw-wrong';
  const openaiError = new OpenAI({
    baseURL: `${gateway.url}/v1`,
    apiKey: wrong,
    maxRetries: 0,
  }).chat.completions.create({
    model: 'auto',
    messages: [{ role: 'user', content: 'hi' }],
  });
  await expect(Promise.resolve(openaiError)).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  const anthropicError = new Anthropic({ baseURL: gateway.url, apiKey: wrong, maxRetries: 0 }).messages.create({
    model: 'auto',
    max_tokens: 10,
    messages: [{ role: 'user', content: 'hi' }],
  });
  await expect(Promise.resolve(anthropicError)).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
  const googleError = new GoogleGenAI({ apiKey: wrong, httpOptions: { baseUrl: gateway.url } }).models.generateContent({
    model: 'auto',
    contents: 'hi',
  });
  await expect(googleError).rejects.toMatchObject({ status: 401 });
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
