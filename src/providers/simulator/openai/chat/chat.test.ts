import { afterAll, describe, expect, test } from 'bun:test';
import OpenAI, { type APIError } from 'openai';
import type {
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources';
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

const weather: ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, unit: { enum: ['celsius', 'fahrenheit'] } },
      required: ['city', 'unit'],
    },
  },
};
const clock: ChatCompletionTool = {
  type: 'function',
  function: { name: 'get_time', parameters: { type: 'object', properties: {} } },
};

describe('a chat completion', () => {
  test('has text, a finish and usage that adds up', async () => {
    const reply = await ask('What is a tide?');
    expect(reply.id).toMatch(/^chatcmpl-\w{29}$/);
    expect(reply.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant', refusal: null } });
    expect(reply.choices[0]!.message.content).toStartWith('[simulated gpt-4o] ');
    expect(reply.usage!.total_tokens).toBe(reply.usage!.prompt_tokens + reply.usage!.completion_tokens);
    expect(reply.usage!.prompt_tokens).toBeGreaterThan(3);
  });

  test('is the same text as a stream', async () => {
    const whole = await ask('What is a tide?');
    const chunks = await stream('What is a tide?');
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(
      whole.choices[0]!.message.content!,
    );
    expect(chunks[0]!.choices[0]!.delta.role).toBe('assistant');
    expect(chunks.at(-1)!.choices[0]!.finish_reason).toBe('stop');
    expect(chunks.every((chunk) => chunk.usage === undefined)).toBe(true);
    expect(chunks.length).toBeWithin(5, 15);
  });

  test('tells usage in a chunk of its own only where it is asked to', async () => {
    const chunks = await stream('hi', { stream_options: { include_usage: true } } as Params);
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) } });
  });

  test('can be several, whose chunks take turns', async () => {
    const reply = await ask('hi', { n: 3 });
    expect(new Set(reply.choices.map(({ message }) => message.content)).size).toBe(3);
    const order = (await stream('hi', { n: 2 })).map((chunk) => chunk.choices[0]!.index);
    expect(order.slice(0, 4)).toEqual([0, 1, 0, 1]);
  });

  test('ends at a stop sequence, at the limit, or when it is told to', async () => {
    const stopped = await ask('[[sim:say=one STOP two]]', { stop: ['STOP', 'two'] });
    expect(stopped.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: '[simulated gpt-4o] one ' },
    });
    const limited = await ask('hi', { max_tokens: 5 });
    expect(limited.choices[0]!.finish_reason).toBe('length');
    expect(limited.usage!.completion_tokens).toBe(5);
    expect((await ask('[[sim:length]]')).choices[0]!.finish_reason).toBe('length');
  });

  test('may be a refusal', async () => {
    const [choice] = (await ask('[[sim:refuse]]')).choices;
    expect(choice!.message.content).toBeNull();
    const chunks = await stream('[[sim:refuse]]');
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.refusal ?? '').join('');
    expect(text).toBe(choice!.message.refusal!);
    expect(text).toContain('sorry');
  });

  test('spends tokens on reasoning when the model reasons or is asked to', async () => {
    const reasoning = async (params: Params) =>
      (await ask('hi', params)).usage!.completion_tokens_details!.reasoning_tokens!;
    expect(await reasoning({ model: 'gpt-4o' })).toBe(0);
    expect(await reasoning({ model: 'gpt-5.4' })).toBeGreaterThan(0);
    expect(await reasoning({ model: 'gpt-5.4', reasoning_effort: 'high' })).toBe(448);
    expect(await reasoning({ model: 'gpt-5.4', reasoning_effort: 'none' })).toBe(0);
  });

  test('reads a long prompt from the cache the second time', async () => {
    const system = { role: 'system' as const, content: 'Rules of the house. '.repeat(400) };
    const cached = async (content: string) => {
      const reply = await ask('', { messages: [system, { role: 'user', content }] });
      return reply.usage!.prompt_tokens_details!.cached_tokens!;
    };
    expect(await cached('one')).toBe(0);
    const second = await cached('two');
    expect(second).toBeGreaterThanOrEqual(1024);
    expect(second % 128).toBe(0);
  });

  test('is an instance of the schema it is given', async () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'integer' }, b: { type: 'integer' } },
      required: ['a', 'b'],
      additionalProperties: false,
    };
    const reply = await ask('Add 2 and 3', {
      response_format: { type: 'json_schema', json_schema: { name: 'sum', strict: true, schema } },
    });
    expect(JSON.parse(reply.choices[0]!.message.content!)).toEqual({ a: 2, b: 3 });
    const free = await ask('Answer in JSON', { response_format: { type: 'json_object' } });
    expect(JSON.parse(free.choices[0]!.message.content!)).toMatchObject({ simulated: true });
  });

  test('has log probabilities for every token when they are wanted', async () => {
    const reply = await ask('hi', { logprobs: true, top_logprobs: 2 });
    const tokens = reply.choices[0]!.logprobs!.content!;
    expect(tokens.map(({ token }) => token).join('')).toBe(reply.choices[0]!.message.content!);
    expect(tokens[0]!.top_logprobs).toHaveLength(2);
  });
});

describe('tools', () => {
  test('are called when the text names them or invites to', async () => {
    for (const text of ['Use the tool for Oslo', 'Please get weather in Oslo', 'call get_weather in Oslo']) {
      const reply = await ask(text, { tools: [weather] });
      expect(reply.choices[0]!.finish_reason).toBe('tool_calls');
      expect(reply.choices[0]!.message.content).toBeNull();
      const [call] = reply.choices[0]!.message.tool_calls!;
      expect(call).toMatchObject({
        id: expect.stringMatching(/^call_/),
        type: 'function',
        function: { name: 'get_weather' },
      });
      expect(JSON.parse((call as { function: { arguments: string } }).function.arguments)).toEqual({
        city: 'Oslo',
        unit: 'celsius',
      });
    }
  });

  test('are left alone otherwise, or when they must be', async () => {
    expect((await ask('Just talk', { tools: [weather] })).choices[0]!.finish_reason).toBe('stop');
    expect((await ask('get_weather', { tools: [weather], tool_choice: 'none' })).choices[0]!.finish_reason).toBe(
      'stop',
    );
  });

  test('are called when they are forced to be; by name it ends with stop', async () => {
    const required = await ask('hello', { tools: [weather, clock], tool_choice: 'required' });
    expect(required.choices[0]!.finish_reason).toBe('tool_calls');
    const named = await ask('hello', {
      tools: [weather, clock],
      tool_choice: { type: 'function', function: { name: 'get_time' } },
    });
    expect(named.choices[0]!.finish_reason).toBe('stop');
    expect(named.choices[0]!.message.tool_calls).toMatchObject([{ function: { name: 'get_time', arguments: '{}' } }]);
  });

  test('are called in parallel, unless that is forbidden', async () => {
    const names = async (text: string, params: Params = {}) =>
      (await ask(text, { tools: [weather, clock], ...params })).choices[0]!.message.tool_calls!.map(
        (call) => (call as { function: { name: string } }).function.name,
      );
    expect(await names('get weather twice')).toEqual(['get_weather', 'get_weather']);
    expect(await names('use the tool, in parallel')).toEqual(['get_weather', 'get_time']);
    expect(await names('get weather twice', { parallel_tool_calls: false })).toEqual(['get_weather']);
  });

  test('stream their arguments in pieces under the index of their call', async () => {
    const chunks = await stream('get weather twice, in Rome and in Bern', { tools: [weather] });
    expect(chunks[0]!.choices[0]!.delta).toMatchObject({
      role: 'assistant',
      content: null,
      tool_calls: [{ index: 0, type: 'function' }],
    });
    const calls = ['', ''];
    for (const chunk of chunks) {
      for (const call of chunk.choices[0]?.delta.tool_calls ?? []) calls[call.index] += call.function?.arguments ?? '';
    }
    expect(calls.map((text) => JSON.parse(text).city)).toEqual(['Rome', 'Bern']);
  });

  test('of free text get text', async () => {
    const tools: ChatCompletionTool[] = [{ type: 'custom', custom: { name: 'run_sql' } }];
    const reply = await ask('run_sql "select 1"', { tools });
    expect(reply.choices[0]!.message.tool_calls).toMatchObject([
      { type: 'custom', custom: { name: 'run_sql', input: 'select 1' } },
    ]);
  });

  test('are quoted once they have answered', async () => {
    const messages: ChatCompletionMessageParam[] = [
      { role: 'user', content: 'get_weather in Oslo' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '4 degrees and rain' },
    ];
    const reply = await ask('', { messages, tools: [weather] });
    expect(reply.choices[0]).toMatchObject({ finish_reason: 'stop' });
    expect(reply.choices[0]!.message.content).toContain('get_weather returned: 4 degrees and rain');
  });
});

test('models are listed, and found by their id', async () => {
  const { data } = await client.models.list();
  expect(data.map(({ id }) => id)).toContain('gpt-5.4');
  expect(await client.models.retrieve('gpt-5.4')).toMatchObject({ id: 'gpt-5.4', object: 'model' });
  expect(await fail(client.models.retrieve('nothing'))).toMatchObject({ status: 404, code: 'model_not_found' });
});
