import { afterAll, describe, expect, test } from 'bun:test';
import OpenAI, { type APIError } from 'openai';
import type { ChatCompletionCreateParamsNonStreaming, ChatCompletionMessageParam } from 'openai/resources';
import { startSimulator } from '../../index.ts';
import { failureOf } from '../../test-failure.ts';

const simulator = startSimulator({ gapMs: 0 });
afterAll(simulator.stop);
const client = new OpenAI({ apiKey: 'sk-very-secret-key', baseURL: simulator.url('openai'), maxRetries: 0 });

const fail = async (promise: Promise<unknown>) => (await failureOf(promise)) as APIError;
type Params = Partial<ChatCompletionCreateParamsNonStreaming>;

function ask(content: string, params: Params = {}) {
  return client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content }], ...params });
}

async function stream(content: string, params: Params = {}) {
  const messages: ChatCompletionMessageParam[] = [{ role: 'user', content }];
  return await Array.fromAsync(
    await client.chat.completions.create({ model: 'gpt-4o', messages, ...params, stream: true }),
  );
}

describe('a mistake', () => {
  test.each([
    [{ messages: [] }, 'messages', 'empty_array'],
    [{ temperature: 3 }, 'temperature', 'integer_above_max_value'],
    [{ model: 'gpt-5.4', max_tokens: 5 }, 'max_tokens', 'unsupported_parameter'],
    [{ model: 'gpt-5.4', stop: ['x'] }, 'stop', 'unsupported_parameter'],
    [{ top_k: 5 } as Params, 'top_k', 'unknown_parameter'],
    [{ messages: [{ role: 'tool', tool_call_id: 'x', content: 'y' }] }, 'messages.[0].role', null],
    [{ tools: [{ type: 'function', function: { name: 'a b' } }] }, 'tools[0].function.name', 'invalid_value'],
    [
      {
        tools: [
          {
            type: 'function',
            function: { name: 'f', strict: true, parameters: { type: 'object', properties: { a: {} } } },
          },
        ],
      },
      'tools[0].function.parameters',
      'invalid_function_parameters',
    ],
    [{ response_format: { type: 'json_object' } }, 'messages', null],
  ] satisfies [Params, string, string | null][])('like %j is refused with its name', async (params, param, code) => {
    expect(await fail(ask('hello', params))).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      param,
      code,
    });
  });

  test('a call without an answer is refused', async () => {
    const messages: ChatCompletionMessageParam[] = [
      { role: 'assistant', tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
      { role: 'user', content: 'so?' },
    ];
    expect((await fail(ask('', { messages }))).message).toContain('did not have response messages: c1');
  });

  test.each([
    [400, 400, 'invalid_request_error'],
    [401, 401, 'invalid_request_error'],
    [403, 403, 'invalid_request_error'],
    [404, 404, 'invalid_request_error'],
    [413, 413, 'invalid_request_error'],
    [429, 429, 'tokens'],
    [500, 500, 'server_error'],
    [503, 503, 'server_error'],
    [529, 503, 'server_error'],
  ])('%d on demand is a %d of type %s', async (wanted, status, type) => {
    expect(await fail(ask(`[[sim:error=${wanted}]]`))).toMatchObject({ status, type });
  });

  test('tells when to come back, and quotes only a masked key', async () => {
    const limited = await fail(ask('[[sim:error=429 retry=7]]'));
    expect(limited.headers!.get('retry-after')).toBe('7');
    expect(limited.headers!.get('x-ratelimit-reset-tokens')).toBe('7s');
    const rejected = await fail(ask('[[sim:error=401]]'));
    expect(rejected.message).toContain('sk-very-*****-key');
    expect(await fail(ask('[[sim:error=quota]]'))).toMatchObject({ status: 429, code: 'insufficient_quota' });
    expect(await fail(ask('[[sim:error=context]]'))).toMatchObject({ status: 400, code: 'context_length_exceeded' });
  });

  test('in mid-stream comes as a message of the stream', async () => {
    expect(await fail(stream('[[sim:error-mid-stream]]'))).toMatchObject({
      message: expect.stringContaining('The server had an error'),
    });
    expect(await fail(ask('[[sim:error-mid-stream]]'))).toMatchObject({ status: 500 });
  });
});
