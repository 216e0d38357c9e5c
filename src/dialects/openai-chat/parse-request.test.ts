import { expect, test } from 'bun:test';
import type { JsonObject } from '../../lib/json.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import { parseRequest } from './parse-request.ts';

const hello = { role: 'user', content: 'Hello' };

function parse(fields: JsonObject) {
  return parseRequest({ model: 'gpt-x', messages: [hello], ...fields }, {});
}

const failure = (body: unknown) => refusalOf(() => parseRequest(body, {}));

test('a plain request has a model, a message and nothing else', () => {
  const body = { model: 'gpt-x', messages: [hello] };
  expect(parseRequest(body, {})).toEqual({
    model: 'gpt-x',
    stream: false,
    wantsStreamUsage: false,
    system: [],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    tools: [],
    stop: [],
    choices: 1,
    extras: {},
    original: { dialect: 'openai-chat', body, headers: {} },
  });
});

test('null means absent for every optional field', () => {
  const names = [
    'stream',
    'stream_options',
    'tools',
    'tool_choice',
    'response_format',
    'temperature',
    'stop',
    'n',
    'user',
  ];
  const nulls = Object.fromEntries(
    [...names, 'logprobs', 'reasoning_effort', 'metadata', 'seed'].map((name) => [name, null]),
  );
  const { original, ...parsed } = parse(nulls);
  const { original: _, ...plain } = parse({});
  expect(parsed).toEqual(plain);
  expect(original.body).toMatchObject(nulls);
});

test('every parameter with a word of ours is understood, and the others are kept aside', () => {
  const parsed = parse({
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 10,
    max_completion_tokens: 20,
    temperature: 0.5,
    top_p: 0.9,
    top_k: 40,
    presence_penalty: 1,
    frequency_penalty: -1,
    seed: 7,
    stop: 'END',
    n: 2,
    logprobs: true,
    top_logprobs: 3,
    user: 'ann',
    service_tier: 'flex',
    metadata: { team: 'a', size: 3 },
    reasoning_effort: 'low',
    parallel_tool_calls: false,
    logit_bias: { '50': -100 },
    store: true,
  });
  expect(parsed).toMatchObject({
    stream: true,
    wantsStreamUsage: true,
    maxOutputTokens: 20,
    temperature: 0.5,
    topP: 0.9,
    topK: 40,
    presencePenalty: 1,
    frequencyPenalty: -1,
    seed: 7,
    stop: ['END'],
    choices: 2,
    topLogprobs: 3,
    user: 'ann',
    serviceTier: 'flex',
    metadata: { team: 'a' },
    reasoning: { effort: 'low' },
    parallelToolCalls: false,
  });
  expect(parsed.extras).toEqual({ logit_bias: { '50': -100 }, store: true });
});

test('the model may stand in the URL, and -1 tokens is no limit', () => {
  expect(parseRequest({ messages: [hello] }, { model: 'deployment' }).model).toBe('deployment');
  expect(parse({ max_tokens: -1 }).maxOutputTokens).toBeUndefined();
});

test('instructions at the start are the system prompt, and later ones stay where they are', () => {
  const { system, messages } = parse({
    messages: [
      { role: 'system', content: 'One.' },
      { role: 'developer', content: [{ type: 'text', text: 'Two.', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
      hello,
      { role: 'system', content: 'Three.' },
    ],
  });
  expect(system).toEqual([
    { type: 'text', text: 'One.' },
    { type: 'text', text: 'Two.', cache: { ttlSeconds: 3600 } },
  ]);
  expect(messages[1]).toEqual({ role: 'system', content: [{ type: 'text', text: 'Three.' }] });
});

test('every kind of user content is understood, and an unknown one is kept as it is', () => {
  const [message] = parse({
    messages: [
      {
        role: 'user',
        name: 'ann',
        content: [
          { type: 'text', text: 'Look', prompt_cache_breakpoint: { mode: 'explicit' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
          { type: 'image_url', image_url: 'data:image/png;base64,AAAA' },
          { type: 'input_audio', input_audio: { data: 'BBBB', format: 'mp3' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,CCCC' } },
          { type: 'file', file: { file_id: 'file-1' } },
          { type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } },
        ],
      },
    ],
  }).messages;
  expect(message).toEqual({
    role: 'user',
    name: 'ann',
    content: [
      { type: 'text', text: 'Look', cache: {} },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' }, detail: 'low' },
      { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } },
      { type: 'audio', source: { type: 'base64', mediaType: 'audio/mpeg', data: 'BBBB' } },
      { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'CCCC' }, filename: 'a.pdf' },
      { type: 'file', source: { type: 'file-id', id: 'file-1' } },
      {
        type: 'other',
        dialect: 'openai-chat',
        value: { type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } },
      },
    ],
  });
});

test('calls and their results become parts, and the results of one turn are one message', () => {
  const call = (id: string, name: string) => ({ id, type: 'function', function: { name, arguments: '{"a":1}' } });
  const { messages } = parse({
    messages: [
      hello,
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'Hm.',
        tool_calls: [call('c1', 'one'), { id: 'c2', type: 'custom', custom: { name: 'two', input: 'free' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'first' },
      { role: 'tool', tool_call_id: 'c2', content: [{ type: 'text', text: 'second' }] },
      hello,
    ],
  });
  expect(messages).toHaveLength(4);
  expect(messages[1]?.content).toEqual([
    { type: 'reasoning', text: 'Hm.' },
    { type: 'tool-call', id: 'c1', name: 'one', argumentsText: '{"a":1}' },
    { type: 'tool-call', id: 'c2', name: 'two', argumentsText: 'free', isCustom: true },
  ]);
  expect(messages[2]?.content).toEqual([
    { type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'first' }], isError: false },
    { type: 'tool-result', callId: 'c2', content: [{ type: 'text', text: 'second' }], isError: false },
  ]);
});

test('functions and calls of old, and empty ids, still find each other', () => {
  const legacy = parse({
    functions: [{ name: 'look', parameters: { type: 'object' } }],
    function_call: { name: 'look' },
    messages: [
      hello,
      { role: 'assistant', content: null, function_call: { name: 'look', arguments: '{}' } },
      { role: 'function', name: 'look', content: 'seen' },
    ],
  });
  expect(legacy.tools).toEqual([{ type: 'function', name: 'look', parameters: { type: 'object' } }]);
  expect(legacy.toolChoice).toEqual({ type: 'tool', name: 'look' });
  expect(legacy.messages[2]?.content[0]).toMatchObject({
    type: 'tool-result',
    callId: 'call_1_function',
    name: 'look',
  });

  const fn = { name: 'look', arguments: '' };
  const empty = parse({
    messages: [
      hello,
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { id: '', function: fn },
          { id: '', function: fn },
        ],
      },
      { role: 'tool', tool_call_id: '', content: 'a' },
      { role: 'tool', tool_call_id: '', content: 'b' },
    ],
  });
  expect(empty.messages[1]?.content).toMatchObject([{ id: 'call_1_0', argumentsText: '{}' }, { id: 'call_1_1' }]);
  expect(empty.messages[2]?.content).toMatchObject([{ callId: 'call_1_0' }, { callId: 'call_1_1' }]);
});

test('output formats are understood, and one without a word stays aside', () => {
  const schema = { type: 'object' };
  const format = { type: 'json_schema', json_schema: { name: 'x', schema, strict: true } };
  expect(parse({ response_format: { type: 'text' } })).not.toHaveProperty('output');
  expect(parse({ response_format: { type: 'json_object' } }).output).toEqual({ type: 'json' });
  expect(parse({ response_format: format }).output).toEqual({ type: 'json-schema', name: 'x', schema, strict: true });
  const grammar = { response_format: { type: 'grammar', grammar: 'a' } };
  expect(parse(grammar).extras).toEqual(grammar);
});

test.each([
  ['', null],
  ['', []],
  ['', 'text'],
  ['messages', { model: 'm' }],
  ['messages', { model: 'm', messages: [] }],
  ['messages', { model: 'm', messages: 'hello' }],
  ['messages[0]', { model: 'm', messages: ['hello'] }],
  ['messages[0].role', { model: 'm', messages: [{ content: 'a' }] }],
  ['messages[0].role', { model: 'm', messages: [{ role: 'robot', content: 'a' }] }],
  ['messages[0].content', { model: 'm', messages: [{ role: 'user' }] }],
  ['messages[0].content', { model: 'm', messages: [{ role: 'user', content: 5 }] }],
  ['messages[0].content[0].text', { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 5 }] }] }],
  ['messages[0].content[0].image_url', { model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }],
  ['messages[0].tool_call_id', { model: 'm', messages: [{ role: 'tool', content: 'a' }] }],
  ['messages[0].tool_calls[0].function', { model: 'm', messages: [{ role: 'assistant', tool_calls: [{ id: 'a' }] }] }],
  ['model', { messages: [hello] }],
  ['model', { model: '', messages: [hello] }],
  ['temperature', { model: 'm', messages: [hello], temperature: 'hot' }],
  ['max_tokens', { model: 'm', messages: [hello], max_tokens: 0 }],
  ['n', { model: 'm', messages: [hello], n: 1e9 }],
  ['stop', { model: 'm', messages: [hello], stop: 5 }],
  ['tools[0].function.name', { model: 'm', messages: [hello], tools: [{ type: 'function', function: {} }] }],
  ['tool_choice', { model: 'm', messages: [hello], tool_choice: 'perhaps' }],
  ['response_format.json_schema', { model: 'm', messages: [hello], response_format: { type: 'json_schema' } }],
])('a mistake in `%s` is named', (param, body) => {
  const error = failure(body);
  expect(error).toMatchObject({ code: 'invalid_request', param });
  expect(error.message).toMatch(/^(The request body|`[^`]+`) .+\.$/);
});
