import { afterAll, describe, expect, test } from 'bun:test';
import OpenAI, { type APIError } from 'openai';
import type { ResponseCreateParamsNonStreaming, Tool } from 'openai/resources/responses/responses';
import { startSimulator } from '../../index.ts';
import { signThoughts } from '../../signature.ts';
import { failureOf } from '../../test-failure.ts';

const simulator = startSimulator({ gapMs: 0 });
afterAll(simulator.stop);
const client = new OpenAI({ apiKey: 'k', baseURL: simulator.url('openai'), maxRetries: 0 });

const fail = async (promise: Promise<unknown>) => (await failureOf(promise)) as APIError;
type Params = Partial<ResponseCreateParamsNonStreaming>;

function ask(input: Params['input'], params: Params = {}) {
  return client.responses.create({ model: 'gpt-4o', input: input!, ...params });
}

async function stream(input: string, params: Params = {}) {
  return await Array.fromAsync(await client.responses.create({ model: 'gpt-4o', input, ...params, stream: true }));
}

const weather: Tool = {
  type: 'function',
  name: 'get_weather',
  strict: true,
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
};

describe('a response', () => {
  test('has text and usage that adds up', async () => {
    const reply = await ask('What is a tide?');
    expect(reply).toMatchObject({ object: 'response', status: 'completed', error: null, incomplete_details: null });
    expect(reply.output_text).toStartWith('[simulated gpt-4o] ');
    expect(reply.usage!.total_tokens).toBe(reply.usage!.input_tokens + reply.usage!.output_tokens);
  });

  test('streams numbered events from created to completed, whose deltas are its text', async () => {
    const events = await stream('What is a tide?');
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    const kinds = events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
    expect(kinds).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const text = events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');
    const last = events.at(-1)!;
    expect(last.type === 'response.completed' && last.response.output[0]).toMatchObject({ content: [{ text }] });
  });

  test('shows a summary of its reasoning, and encrypted thoughts, where they are asked for', async () => {
    const params: Params = {
      model: 'gpt-5.4',
      reasoning: { summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    };
    const reply = await ask('Why?', params);
    expect(reply.output[0]).toMatchObject({
      type: 'reasoning',
      summary: [{ type: 'summary_text' }],
      encrypted_content: expect.any(String),
    });
    expect(reply.usage!.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
    const kinds = new Set((await stream('Why?', params)).map(({ type }) => type));
    expect(kinds).toContain('response.reasoning_summary_text.delta');
    const hidden = await ask('Why?', { model: 'gpt-5.4' });
    expect(hidden.output[0]).toMatchObject({ type: 'reasoning', summary: [] });
  });

  test('is incomplete when it reaches its limit', async () => {
    const reply = await ask('hello', { max_output_tokens: 16 });
    expect(reply).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect((await stream('hello', { max_output_tokens: 16 })).at(-1)!.type).toBe('response.incomplete');
  });

  test('may be a refusal', async () => {
    const reply = await ask('[[sim:refuse]]');
    expect(reply.output[0]).toMatchObject({ content: [{ type: 'refusal' }] });
    expect((await stream('[[sim:refuse]]')).some(({ type }) => type === 'response.refusal.delta')).toBe(true);
  });

  test('calls tools, in a stream too', async () => {
    const reply = await ask('get_weather in Oslo', { tools: [weather] });
    expect(reply.output).toMatchObject([
      { type: 'function_call', name: 'get_weather', arguments: '{"city":"Oslo"}', status: 'completed' },
    ]);
    const events = await stream('get_weather in Oslo', { tools: [weather] });
    const text = events
      .map((event) => (event.type === 'response.function_call_arguments.delta' ? event.delta : ''))
      .join('');
    expect(text).toBe('{"city":"Oslo"}');
    const custom = await stream('run_sql "select 1"', { tools: [{ type: 'custom', name: 'run_sql' }] });
    expect(custom.find(({ type }) => type === 'response.custom_tool_call_input.done')).toMatchObject({
      input: 'select 1',
    });
  });

  test('is continued by its id, also with what a tool has found', async () => {
    const first = await ask('get_weather in Oslo', { tools: [weather] });
    const call = first.output[0]!;
    const second = await ask(
      [{ type: 'function_call_output', call_id: (call as { call_id: string }).call_id, output: 'rain' }],
      { tools: [weather], previous_response_id: first.id },
    );
    expect(second.output_text).toContain('get_weather returned: rain');
    expect(second.usage!.input_tokens).toBeGreaterThan(first.usage!.input_tokens);
  });

  test("takes its encrypted thoughts back, and nobody else's", async () => {
    const params = { model: 'gpt-5.4', store: false, include: ['reasoning.encrypted_content' as const] };
    const first = await ask('Why?', params);
    const [thoughts, message] = first.output;
    const replay = (changed: object) =>
      ask(
        [
          { role: 'user', content: 'Why?' },
          { ...thoughts!, ...changed },
          message!,
          { role: 'user', content: 'So?' },
        ] as never,
        params,
      );
    expect((await replay({})).status).toBe('completed');
    const foreign = signThoughts('anthropic', '');
    expect(await fail(replay({ encrypted_content: foreign }))).toMatchObject({
      status: 400,
      code: 'invalid_encrypted_content',
    });
  });

  test('is kept unless it must not be, and can be fetched and deleted', async () => {
    const kept = await ask('hello');
    expect((await client.responses.retrieve(kept.id)).output_text).toBe(kept.output_text);
    await client.responses.delete(kept.id);
    expect(await fail(client.responses.retrieve(kept.id))).toMatchObject({ status: 404 });
    const lost = await ask('hello', { store: false });
    const continued = ask('and?', { previous_response_id: lost.id });
    expect(await fail(continued)).toMatchObject({ status: 400, code: 'previous_response_not_found' });
  });

  test('in the background is queued first', async () => {
    const queued = await ask('hello', { background: true });
    expect(queued).toMatchObject({ status: 'queued', output: [], usage: null });
    expect((await client.responses.retrieve(queued.id)).status).toBe('completed');
  });

  test('is an instance of the schema it is given', async () => {
    const schema = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
      additionalProperties: false,
    };
    const reply = await ask('Give me 7', {
      text: { format: { type: 'json_schema', name: 'n', strict: true, schema } },
    });
    expect(JSON.parse(reply.output_text)).toEqual({ n: 7 });
  });
});

describe('a mistake', () => {
  test.each([
    [[], {}, 'input'],
    ['hello', { max_output_tokens: 1 }, 'max_output_tokens'],
    ['hello', { stop: ['x'] } as Params, 'stop'],
    ['hello', { tools: [{ type: 'function', function: { name: 'f' } }] as unknown as Tool[] }, 'tools[0].name'],
    [
      [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] as unknown as Params['input'],
      {},
      'input[0].content[0].type',
    ],
    [[{ type: 'function_call_output', call_id: 'x', output: 'y' }], {}, 'input'],
    [[{ type: 'function_call', call_id: 'x', name: 'f', arguments: '{}' }], {}, 'input'],
    [[{ type: 'reasoning', id: 'rs_1', summary: [] }], {}, 'input'],
  ] satisfies [Params['input'], Params, string][])('like %j with %j is refused', async (input, params, param) => {
    expect(await fail(ask(input, params))).toMatchObject({ status: 400, param });
  });

  test('in mid-stream is an event, and the response has failed', async () => {
    const body = JSON.stringify({ model: 'gpt-4o', input: '[[sim:error-mid-stream]]', stream: true });
    const headers = { authorization: 'Bearer k' };
    const response = await fetch(`${simulator.url('openai')}/responses`, { method: 'POST', headers, body });
    const events = (await response.text()).trim().split('\n\n');
    expect(events.at(-2)).toStartWith('event: error\n');
    expect(events.at(-1)).toStartWith('event: response.failed\n');
  });
});

test('input is counted without being answered', async () => {
  expect(await client.responses.inputTokens.count({ model: 'gpt-4o', input: 'hello there' })).toEqual({
    object: 'response.input_tokens',
    input_tokens: expect.any(Number),
  });
});
