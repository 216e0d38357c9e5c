import { expect, test } from 'bun:test';
import type { ChatRequest, Tool } from '../../chat/request.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import type { Target } from '../dialect.ts';
import { parseRequest } from './parse-request.ts';
import { renderRequest } from './render-request.ts';
import { assistant, call, chatRequest, result, target, text, user } from './test-conversation.ts';

function render(fields: Partial<ChatRequest> = {}, to: Partial<Target> = {}) {
  return renderRequest(chatRequest(fields), target(to));
}
const failure = (fields: Partial<ChatRequest>) => refusalOf(() => render(fields));
const look: Tool = { type: 'function', name: 'look' };

test('a plain request has the demanded limit', () => {
  expect(render()).toEqual({
    body: {
      model: 'claude-test',
      max_tokens: 64_000,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    },
    dropped: [],
  });
  expect(render({}, { maxOutputTokens: null }).body.max_tokens).toBe(4096);
  expect(render({ maxOutputTokens: 10 }, { stream: true }).body).toMatchObject({ max_tokens: 10, stream: true });
  expect(render({ maxOutputTokens: 99_000 }).body.max_tokens).toBe(64_000);
});

test('a conversation with everything is rendered', () => {
  const { body, dropped } = render({
    system: [{ ...text('Be kind.'), cache: { ttlSeconds: 3600 } }, text('')],
    messages: [
      user(
        text('See'),
        { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA' }, detail: 'high' },
        { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
        { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'BB' }, filename: 'a.pdf' },
        { type: 'file', source: { type: 'base64', mediaType: 'text/csv', data: 'YSxi' }, cache: {} },
      ),
      assistant(
        { type: 'reasoning', text: 'mine', signature: { dialect: 'anthropic-messages', value: 's' } },
        { type: 'reasoning', text: '', redacted: { dialect: 'anthropic-messages', value: 'r' } },
        { type: 'reasoning', text: 'theirs', signature: { dialect: 'google-generate', value: 'g' } },
        text('I look.'),
        call('a', '{"x":1}'),
        call('b', ''),
      ),
      user(result('a')),
      { role: 'system', content: [text('Hurry.')] },
      user({ ...result('b', ''), isError: true }, text('And?')),
    ],
    tools: [
      { ...look, description: 'Looks.', parameters: { type: 'object', properties: {} }, cache: { ttlSeconds: 300 } },
    ],
    toolChoice: { type: 'auto' },
    parallelToolCalls: false,
    stop: ['END', '\n'],
    user: 'u1',
    serviceTier: 'default',
    temperature: 0.3,
    topK: 9,
  });
  expect(dropped).toEqual(['image.detail', 'stop']);
  expect(body).toEqual({
    model: 'claude-test',
    max_tokens: 64_000,
    tools: [
      {
        name: 'look',
        description: 'Looks.',
        input_schema: { type: 'object', properties: {} },
        cache_control: { type: 'ephemeral', ttl: '5m' },
      },
    ],
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    system: [{ type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'See' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          {
            type: 'document',
            title: 'a.pdf',
            source: { type: 'base64', media_type: 'application/pdf', data: 'BB' },
          },
          {
            type: 'document',
            source: { type: 'text', media_type: 'text/plain', data: 'a,b' },
            cache_control: { type: 'ephemeral' },
          },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'mine', signature: 's' },
          { type: 'redacted_thinking', data: 'r' },
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'a', name: 'look', input: { x: 1 } },
          { type: 'tool_use', id: 'b', name: 'look', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'ok' }] },
          { type: 'tool_result', tool_use_id: 'b', is_error: true },
          { type: 'text', text: '<system>\nHurry.\n</system>' },
          { type: 'text', text: 'And?' },
        ],
      },
    ],
    temperature: 0.3,
    top_k: 9,
    stop_sequences: ['END'],
    metadata: { user_id: 'u1' },
    service_tier: 'standard_only',
  });
});

test('the same conversation, longer, begins with the same bytes', () => {
  const messages = [user(text('One')), assistant(text('Two'), call('bad id!')), user(result('bad id!'))];
  const short = JSON.stringify(render({ messages }).body.messages).slice(0, -1);
  const long = JSON.stringify(
    render({ messages: [...messages, assistant(text('Three')), user(text('Four'))] }).body.messages,
  );
  expect(long.startsWith(short)).toBe(true);
});

test('illegal, repeated and empty call ids become legal and unique, and results keep to their calls', () => {
  const messages = [
    assistant(call('call:1'), call('same'), call(''), call('')),
    user(result('call:1', 'r1'), result('same', 'r2'), result('', 'r3'), result('', 'r4')),
    assistant(call('same')),
    user(result('same', 'r5')),
  ];
  const { messages: turns } = render({ messages }).body as { messages: { content: Record<string, string>[] }[] };
  const calls = [0, 2].flatMap((at) => turns[at]!.content.map((block) => block.id!));
  const results = [1, 3].flatMap((at) => turns[at]!.content.map((block) => block.tool_use_id!));
  expect(results).toEqual(calls);
  expect(new Set(calls).size).toBe(5);
  for (const id of calls) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
  expect(calls[1]).toBe('same');
  expect(render({ messages }).body.messages).toEqual(turns);
});

test('a last turn of the assistant stays, to be continued', () => {
  const { body } = render({ messages: [user(text('Sun?')), assistant(text('It is (  '))] });
  expect(body.messages).toMatchObject([{ role: 'user' }, { role: 'assistant', content: [{ text: 'It is (' }] }]);
});

test('arguments that are no JSON object are wrapped, free text too', () => {
  const custom = { ...call('c', 'free'), isCustom: true };
  const { body } = render({ messages: [user(text('x')), assistant(call('a', '{"x":'), call('b', '[1]'), custom)] });
  expect(body.messages).toMatchObject([
    {},
    {
      content: [
        { input: { malformed_arguments: '{"x":' } },
        { input: { malformed_arguments: '[1]' } },
        { input: { input: 'free' } },
      ],
    },
  ]);
});

test('what cannot be said is named', () => {
  const { dropped } = render({
    seed: 1,
    topLogprobs: 0,
    presencePenalty: 1,
    frequencyPenalty: 0,
    metadata: { a: 'b' },
    serviceTier: 'flex',
    temperature: 1.7,
    extras: { store: true },
    messages: [
      { role: 'user', name: 'Ann', content: [text('x'), { type: 'other', dialect: 'openai-chat', value: {} }] },
      assistant({ type: 'image', source: { type: 'url', url: 'https://example.com' } }, text('y')),
      user(text('z')),
    ],
    tools: [{ type: 'other', dialect: 'openai-responses', value: { type: 'web_search' } }],
    toolChoice: { type: 'required' },
  });
  expect(dropped.sort()).toEqual(
    [
      'content',
      'content.image',
      'logprobs',
      'metadata',
      'name',
      'presencePenalty',
      'seed',
      'serviceTier',
      'store',
      'temperature',
      'tools.web_search',
    ].sort(),
  );
});

test.each<[string, Partial<ChatRequest>]>([
  ['several answers', { choices: 2 }],
  ['audio', { messages: [user({ type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: '' } })] }],
  ['a foreign file', { messages: [user({ type: 'file', source: { type: 'file-id', id: 'file-1' } })] }],
  ['video', { messages: [user({ type: 'file', source: { type: 'base64', mediaType: 'video/mp4', data: '' } })] }],
  ['free-text tools', { tools: [{ type: 'custom', name: 'patch' }] }],
])('%s cannot be left out without changing the meaning', (_what, fields) => {
  expect(failure(fields).code).toBe('unsupported');
});

test('a conversation of nothing is refused', () => {
  expect(failure({ messages: [user(text(' ')), assistant()] })).toMatchObject({
    code: 'invalid_request',
    param: 'messages',
  });
});

test('no more than four cache markers are sent, the last ones', () => {
  const marked = (value: string) => ({ ...text(value), cache: {} });
  const { body, dropped } = render({
    system: [marked('a'), marked('b')],
    messages: [user(marked('c'), marked('d'), marked('e'))],
  });
  expect(dropped).toEqual(['cache']);
  expect(JSON.stringify(body).match(/cache_control/g)).toHaveLength(4);
  expect(body.system).toMatchObject([{ text: 'a' }, { text: 'b', cache_control: { type: 'ephemeral' } }]);
  expect(JSON.stringify((body.system as unknown[])[0])).not.toContain('cache_control');
});

test('a request of this wire comes back the same through our vocabulary', () => {
  const body = {
    model: 'claude-test',
    max_tokens: 2000,
    tools: [
      { name: 'look', description: 'Looks.', input_schema: { type: 'object', properties: {} } },
      { type: 'web_search_20250305', name: 'web_search' },
    ],
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    system: [{ type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a' }, title: 'T' },
          { type: 'image', source: { type: 'file', file_id: 'file_1' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: '', signature: 'sig' },
          { type: 'text', text: 'So', citations: [{ type: 'char_location' }] },
          { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
          { type: 'tool_use', id: 'toolu_1', name: 'look', input: { a: [1] } },
        ],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'toolu_1',
            content: [{ type: 'text', text: 'no' }],
            is_error: true,
            cache_control: { type: 'ephemeral' },
          },
        ],
      },
    ],
    thinking: { type: 'enabled', budget_tokens: 1500 },
    stop_sequences: ['END'],
    metadata: { user_id: 'u' },
    service_tier: 'auto',
  };
  expect(renderRequest(parseRequest(body, {}), target())).toEqual({ body, dropped: [] });
});
