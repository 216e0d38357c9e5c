import { afterAll, describe, expect, test } from 'bun:test';
import Anthropic, { type APIError } from '@anthropic-ai/sdk';
import type { MessageCreateParamsNonStreaming, MessageParam, Tool } from '@anthropic-ai/sdk/resources';
import { startSimulator } from '../index.ts';
import { failureOf } from '../test-failure.ts';

const simulator = startSimulator({ gapMs: 0 });
afterAll(simulator.stop);
const client = new Anthropic({ apiKey: 'k', baseURL: simulator.url('anthropic').replace('/v1', ''), maxRetries: 0 });

/** The SDK has dropped fields that the API still takes. */
const fail = async (promise: Promise<unknown>) => (await failureOf(promise)) as APIError;
type Params = Partial<MessageCreateParamsNonStreaming> & { temperature?: number };
const BASE = { model: 'claude-sonnet-5', max_tokens: 2000 };

function ask(content: string, params: Params = {}) {
  return client.messages.create({ ...BASE, messages: [{ role: 'user', content }], ...params });
}

async function stream(content: string, params: Params = {}) {
  return await Array.fromAsync(
    await client.messages.create({ ...BASE, messages: [{ role: 'user', content }], ...params, stream: true }),
  );
}

const weather: Tool = {
  name: 'get_weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const thinking = { type: 'enabled' as const, budget_tokens: 1024 };

describe('a mistake', () => {
  const user = { role: 'user' as const, content: 'hi' };
  const call = { type: 'tool_use' as const, id: 't1', name: 'f', input: {} };
  test.each([
    [{ max_tokens: undefined } as unknown as Params, 'max_tokens: Field required'],
    [{ messages: [] }, 'messages: at least one message is required'],
    [{ messages: [{ role: 'user', content: '' }, user] }, 'non-empty content'],
    [{ messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] }, 'text content blocks must be non-empty'],
    [{ messages: [{ role: 'system', content: 'x' } as unknown as MessageParam, user] }, 'Unexpected role "system"'],
    [
      { messages: [user, { role: 'assistant', content: [call] }, user] },
      'without `tool_result` blocks immediately after: t1',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 't9' }] }] },
      'unexpected `tool_use_id`',
    ],
    [{ messages: [user, { role: 'assistant', content: 'so ' }] }, 'trailing whitespace'],
    [
      {
        messages: [
          user,
          { role: 'assistant', content: [{ type: 'thinking', thinking: 'x' } as unknown as Anthropic.ThinkingBlock] },
          user,
        ],
      },
      'signature: Field required',
    ],
    [{ temperature: 1.5 }, 'temperature: range: 0..1'],
    [{ stop_sequences: ['\n'] }, 'non-whitespace'],
    [{ n: 2 } as Params, 'n: Extra inputs are not permitted'],
    [{ tools: [{ name: 'f' } as Tool] }, 'tools.0.custom.input_schema: Field required'],
    [{ tools: [weather, weather] }, 'Tool names must be unique'],
    [{ tool_choice: { type: 'any' } }, 'while providing tools'],
    [
      { thinking: { type: 'enabled', budget_tokens: 3000 } },
      '`max_tokens` must be greater than `thinking.budget_tokens`',
    ],
    [{ thinking, temperature: 0 }, '`temperature` may only be set to 1'],
    [{ thinking, tools: [weather], tool_choice: { type: 'any' } }, 'Thinking may not be enabled'],
  ] satisfies [Params, string][])('like %j is refused', async (params, message) => {
    const error = await fail(ask('hello', params));
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' });
    expect(error.message.replaceAll('\\"', '"')).toContain(message);
  });

  test('in the headers is refused', async () => {
    const response = await fetch(`${simulator.url('anthropic')}/models`, { headers: { 'x-api-key': 'k' } });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('anthropic-version: header is required');
  });

  test.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [413, null],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [503, 'api_error'],
    [529, 'overloaded_error'],
  ])('%d on demand has the type %p', async (status, type) => {
    const error = await fail(ask(`[[sim:error=${status}]]`));
    expect(error.status).toBe(status);
    if (type) expect(error.type).toBe(type as never);
    expect(error.headers!.get('x-should-retry')).toBe(`${status === 429 || status >= 500}`);
  });

  test('tells when to come back; an empty account is a bad request', async () => {
    const limited = await fail(ask('[[sim:error=429 retry=7]]'));
    expect(limited.headers!.get('retry-after')).toBe('7');
    expect(Date.parse(limited.headers!.get('anthropic-ratelimit-output-tokens-reset')!)).toBeGreaterThan(Date.now());
    expect((await fail(ask('[[sim:error=quota]]'))).message).toContain('credit balance is too low');
    expect((await fail(ask('[[sim:error=context]]'))).message).toContain('prompt is too long');
  });

  test('in mid-stream is an event after which nothing comes', async () => {
    expect((await fail(stream('[[sim:error-mid-stream]]'))).message).toContain('overloaded_error');
    expect(await fail(ask('[[sim:error-mid-stream]]'))).toMatchObject({ status: 529 });
  });
});
