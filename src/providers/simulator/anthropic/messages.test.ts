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
const clock: Tool = { name: 'get_time', input_schema: { type: 'object' } };
const thinking = { type: 'enabled' as const, budget_tokens: 1024 };

describe('a message', () => {
  test('has text, a reason to stop and usage', async () => {
    const message = await ask('What is a tide?');
    expect(message.id).toMatch(/^msg_01/);
    expect(message).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn', stop_sequence: null });
    const [block] = message.content;
    expect(block!.type === 'text' && block!.text).toStartWith('[simulated claude-sonnet-5] ');
    expect(message.usage.input_tokens).toBeGreaterThan(3);
    expect(message.usage.output_tokens).toBeGreaterThan(20);
  });

  test('streams its events in the order of the vendor', async () => {
    const body = JSON.stringify({ ...BASE, messages: [{ role: 'user', content: 'hi' }], stream: true });
    const headers = { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' };
    const response = await fetch(`${simulator.url('anthropic')}/messages?beta=true`, { method: 'POST', headers, body });
    const events = [...(await response.text()).matchAll(/^event: (\w+)\ndata: (.+)\n\n/gm)];
    for (const [, name, data] of events) expect(JSON.parse(data!).type).toBe(name);
    expect(events.map(([, name]) => name).filter((name, index, all) => name !== all[index - 1])).toEqual([
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  test('is the same when its stream is put together', async () => {
    const params = { ...BASE, messages: [{ role: 'user' as const, content: 'What is a tide?' }] };
    const whole = await client.messages.create(params);
    const built = await client.messages.stream(params).finalMessage();
    expect<unknown>(built.content).toEqual(whole.content);
    expect(built.usage.output_tokens).toBe(whole.usage.output_tokens);
    expect(built.stop_reason).toBe(whole.stop_reason);
  });

  test('ends at a stop sequence and says at which, or at the limit', async () => {
    const stopped = await ask('[[sim:say=one STOP two]]', { stop_sequences: ['two', 'STOP'] });
    expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'STOP' });
    expect(await ask('hello', { max_tokens: 5 })).toMatchObject({
      stop_reason: 'max_tokens',
      usage: { output_tokens: 5 },
    });
    expect((await ask('[[sim:length]]')).stop_reason).toBe('max_tokens');
  });

  test('may be a refusal, without content', async () => {
    expect(await ask('[[sim:refuse]]')).toMatchObject({
      content: [],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal' },
    });
    const events = await stream('[[sim:refuse]]');
    expect(events.map(({ type }) => type)).toEqual(['message_start', 'message_delta', 'message_stop']);
  });

  test('is an instance of the schema it is given', async () => {
    const schema = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
      additionalProperties: false,
    };
    const message = await ask('Give me 7', { output_config: { format: { type: 'json_schema', schema } } });
    const [block] = message.content;
    expect(block!.type === 'text' && JSON.parse(block!.text)).toEqual({ n: 7 });
  });

  test('writes what is marked into the cache and reads it the next time', async () => {
    const system = [
      {
        type: 'text' as const,
        text: 'Rules of the house. '.repeat(400),
        cache_control: { type: 'ephemeral' as const },
      },
    ];
    const first = (await ask('one', { system })).usage;
    expect(first.cache_creation_input_tokens).toBeGreaterThan(1900);
    expect(first.cache_creation!.ephemeral_5m_input_tokens).toBe(first.cache_creation_input_tokens!);
    const second = (await ask('two', { system })).usage;
    expect(second.cache_read_input_tokens).toBe(first.cache_creation_input_tokens!);
    expect(second.cache_creation_input_tokens).toBe(0);
    expect(second.input_tokens).toBe(first.input_tokens);
    const unmarked = (await ask('two', { system: system[0]!.text })).usage;
    expect(unmarked).toMatchObject({ cache_read_input_tokens: 0, cache_creation_input_tokens: 0 });
  });
});

describe('thinking', () => {
  test('is a block before the text, with its signature', async () => {
    const message = await ask('Why?', { thinking });
    expect(message.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
    const built = await client.messages
      .stream({ ...BASE, thinking, messages: [{ role: 'user', content: 'Why?' }] })
      .finalMessage();
    expect<unknown>(built.content).toEqual(message.content);
    expect(message.usage.output_tokens_details!.thinking_tokens).toBeGreaterThan(0);
  });

  test('that is not shown still leaves a signature', async () => {
    const message = await ask('Why?', { thinking: { type: 'adaptive', display: 'omitted' } });
    expect(message.content[0]).toMatchObject({
      type: 'thinking',
      thinking: '',
      signature: expect.stringMatching(/.{20}/),
    });
  });

  test('is all there is of an answer that says nothing', async () => {
    const silent = await ask('[[sim:silent]]', { thinking });
    expect(silent).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'thinking' }] });
    expect((await ask('[[sim:silent]]')).content).toEqual([]);
  });

  test('has to come back unchanged', async () => {
    const first = await ask('get_weather in Oslo', { thinking, tools: [weather] });
    expect(first.content.map(({ type }) => type)).toEqual(['thinking', 'text', 'tool_use']);
    const call = first.content[2]!;
    const replay = (content: MessageParam['content']) =>
      ask('', {
        thinking,
        tools: [weather],
        messages: [
          { role: 'user', content: 'get_weather in Oslo' },
          { role: 'assistant', content },
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: (call as { id: string }).id, content: 'rain' }],
          },
        ],
      });
    const answered = await replay(first.content);
    expect(answered.content[0]).toMatchObject({ type: 'thinking', thinking: expect.stringContaining('rain') });
    expect(answered.content.map((block) => (block.type === 'text' ? block.text : '')).join('')).toContain(
      'get_weather returned: rain',
    );

    const [thoughts, ...rest] = first.content;
    expect((await fail(replay(rest))).message).toContain('Expected `thinking`');
    const changed = { ...thoughts!, thinking: 'something else' } as Anthropic.ThinkingBlock;
    expect((await fail(replay([changed, ...rest]))).message).toContain('Invalid `signature`');
  });
});

describe('tools', () => {
  test('are called after a word, or without one when it is forced', async () => {
    const invited = await ask('get_weather in Oslo', { tools: [weather] });
    expect(invited).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'text' }, { type: 'tool_use', name: 'get_weather', input: { city: 'Oslo' } }],
    });
    const forced = await ask('hello', { tools: [weather, clock], tool_choice: { type: 'tool', name: 'get_time' } });
    expect(forced).toMatchObject({ content: [{ type: 'tool_use', name: 'get_time', input: {} }] });
    expect((await ask('get_weather', { tools: [weather], tool_choice: { type: 'none' } })).stop_reason).toBe(
      'end_turn',
    );
  });

  test('are called in parallel, unless that is forbidden', async () => {
    const count = async (params: Params) =>
      (await ask('get weather twice', { tools: [weather], ...params })).content.filter(
        ({ type }) => type === 'tool_use',
      ).length;
    expect(await count({})).toBe(2);
    expect(await count({ tool_choice: { type: 'auto', disable_parallel_tool_use: true } })).toBe(1);
  });

  test('stream their input, which begins with an empty piece', async () => {
    const events = await stream('get_weather in Oslo', { tools: [weather] });
    const pieces = events.flatMap((event) =>
      event.type === 'content_block_delta' && event.delta.type === 'input_json_delta' ? [event.delta.partial_json] : [],
    );
    expect(pieces[0]).toBe('');
    expect(JSON.parse(pieces.join(''))).toEqual({ city: 'Oslo' });
  });
});

test('tokens are counted as they are billed', async () => {
  const params = { model: BASE.model, messages: [{ role: 'user' as const, content: 'hello there' }], tools: [weather] };
  const { input_tokens } = await client.messages.countTokens(params);
  const message = await client.messages.create({ ...params, max_tokens: 100 });
  expect(message.usage.input_tokens).toBe(input_tokens);
});

test('models are listed, and found by their id', async () => {
  const { data } = await client.models.list();
  expect(data.map(({ id }) => id)).toContain('claude-sonnet-5');
  expect((await client.models.retrieve('claude-sonnet-5')).display_name).toBe('claude-sonnet-5 (simulated)');
  expect(await fail(client.models.retrieve('nothing'))).toMatchObject({ status: 404, type: 'not_found_error' });
});
