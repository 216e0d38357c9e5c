import { describe, expect, test } from 'bun:test';
import { refusalOf } from '../../testing/refusal-of.ts';
import { parseRequest } from './parse-request.ts';

const BASE = { model: 'claude-test', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] };

const failure = (body: unknown) => refusalOf(() => parseRequest(body, {}));

test('a plain request is read', () => {
  const request = parseRequest({ ...BASE, stream: true, temperature: 0.5, top_k: 5, stop_sequences: ['END'] }, {});
  expect(request).toMatchObject({
    model: 'claude-test',
    stream: true,
    wantsStreamUsage: true,
    maxOutputTokens: 100,
    temperature: 0.5,
    topK: 5,
    stop: ['END'],
    choices: 1,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    extras: {},
  });
  expect(request.original.dialect).toBe('anthropic-messages');
});

test('every kind of block has its part', () => {
  const { messages } = parseRequest(
    {
      ...BASE,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See', cache_control: { type: 'ephemeral', ttl: '1h' } },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
            { type: 'document', title: 'Plan', source: { type: 'text', media_type: 'text/plain', data: 'héllo' } },
            { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
            { type: 'document', source: { type: 'file', file_id: 'file_1' } },
            { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'x' }] } },
            { type: 'container_upload', file_id: 'file_2' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm', signature: 'sig' },
            { type: 'redacted_thinking', data: 'secret' },
            { type: 'thinking', thinking: 'foreign', signature: '' },
            { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
            { type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 1 }, caller: { type: 'direct' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', is_error: true, content: 'broken' },
            { type: 'tool_result', tool_use_id: 'toolu_2', content: [{ type: 'tool_reference', tool_name: 'x' }] },
          ],
        },
        { role: 'system', content: 'Be brief.' },
      ],
    },
    {},
  );
  const dialect = 'anthropic-messages';
  expect(messages[0]?.content).toEqual([
    { type: 'text', text: 'See', cache: { ttlSeconds: 3600 } },
    { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } },
    { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
    { type: 'file', filename: 'Plan', source: { type: 'base64', mediaType: 'text/plain', data: 'aMOpbGxv' } },
    { type: 'file', source: { type: 'url', url: 'https://example.com/a.pdf', mediaType: 'application/pdf' } },
    { type: 'file', source: { type: 'file-id', id: 'file_1' } },
    {
      type: 'other',
      dialect,
      value: { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'x' }] } },
    },
    { type: 'other', dialect, value: { type: 'container_upload', file_id: 'file_2' } },
  ]);
  expect(messages[1]?.content).toEqual([
    { type: 'reasoning', text: 'Hm', signature: { dialect, value: 'sig' } },
    { type: 'reasoning', text: '', redacted: { dialect, value: 'secret' } },
    { type: 'reasoning', text: 'foreign' },
    { type: 'other', dialect, value: { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} } },
    { type: 'tool-call', id: 'toolu_1', name: 'look', argumentsText: '{"at":1}' },
  ]);
  expect(messages[2]?.content).toMatchObject([
    { type: 'tool-result', callId: 'toolu_1', isError: true, content: [{ type: 'text', text: 'broken' }] },
    { type: 'tool-result', callId: 'toolu_2', isError: false, content: [{ type: 'other' }] },
  ]);
  expect(messages[3]).toEqual({ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] });
});

test('tools, the choice among them and parallel calls are read', () => {
  const tools = [
    { name: 'look', description: 'Looks.', input_schema: { type: 'object' }, strict: true, cache_control: null },
    { type: 'web_search_20250305', name: 'web_search' },
  ];
  const choice = { type: 'tool', name: 'look', disable_parallel_tool_use: true };
  const request = parseRequest({ ...BASE, tools, tool_choice: choice }, {});
  expect(request.tools).toEqual([
    { type: 'function', name: 'look', description: 'Looks.', parameters: { type: 'object' }, strict: true },
    { type: 'other', dialect: 'anthropic-messages', value: { type: 'web_search_20250305', name: 'web_search' } },
  ]);
  expect(request.toolChoice).toEqual({ type: 'tool', name: 'look' });
  expect(request.parallelToolCalls).toBe(false);
  expect(parseRequest({ ...BASE, tools, tool_choice: { type: 'any' } }, {}).toolChoice).toEqual({ type: 'required' });
});

test('thinking, effort and output format are read, in the old spelling too', () => {
  const format = { type: 'json_schema', schema: { type: 'object' } };
  const read = (fields: object) => parseRequest({ ...BASE, ...fields }, {});
  expect(read({ thinking: { type: 'enabled', budget_tokens: 2000 } }).reasoning).toEqual({
    budgetTokens: 2000,
    includeThoughts: true,
  });
  expect(
    read({ thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'xhigh' } }).reasoning,
  ).toEqual({ effort: 'xhigh', isAdaptive: true, includeThoughts: false });
  expect(read({ thinking: { type: 'disabled' } }).reasoning).toEqual({ effort: 'none', budgetTokens: 0 });
  expect(read({ output_config: { format } }).output).toEqual({ type: 'json-schema', schema: { type: 'object' } });
  expect(read({ output_format: format }).output).toEqual({ type: 'json-schema', schema: { type: 'object' } });
});

test('what has no word here is kept, with the place where it stood', () => {
  const { extras } = parseRequest(
    {
      ...BASE,
      container: 'c_1',
      mcp_servers: [{ name: 'x' }],
      metadata: { user_id: 'u', team: 't' },
      output_config: { task_budget: { total: 5 } },
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hi', later: 1 }] },
        { role: 'system', content: [{ type: 'tool_addition' }] },
      ],
      context_management: null,
    },
    {},
  );
  expect(extras).toEqual({
    container: 'c_1',
    mcp_servers: [{ name: 'x' }],
    'metadata.team': 't',
    'output_config.task_budget': { total: 5 },
    'messages[].content[].later': [{ at: 'messages[0].content[0].later', value: 1 }],
    'messages[].content[]': [{ at: 'messages[1].content[0]', value: { type: 'tool_addition' } }],
  });
});

test('only the headers of the dialect are kept, and the URL may name the model', () => {
  const headers = { 'anthropic-beta': 'files-api', 'x-api-key': 'gw-secret' };
  const request = parseRequest({ ...BASE, model: null }, { model: 'from-url', stream: true, headers });
  expect(request.original.headers).toEqual({ 'anthropic-beta': 'files-api' });
  expect(request.model).toBe('from-url');
  expect(request.stream).toBe(true);
});

describe('a wrong field is named', () => {
  const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
  const cases: [string, object][] = [
    ['model', { model: undefined }],
    ['model', { model: 7 }],
    ['max_tokens', { max_tokens: undefined }],
    ['max_tokens', { max_tokens: null }],
    ['max_tokens', { max_tokens: '10' }],
    ['max_tokens', { max_tokens: 1.5 }],
    ['messages', { messages: undefined }],
    ['messages', { messages: [] }],
    ['messages', { messages: { role: 'user' } }],
    ['messages[0]', { messages: [null] }],
    ['messages[0].role', { messages: [{ role: 'tool', content: 'x' }] }],
    ['messages[0].content', { messages: [{ role: 'user' }] }],
    ['messages[0].content', user(5)],
    ['messages[0].content[0]', user([null])],
    ['messages[0].content[0].type', user([{}])],
    ['messages[0].content[1].text', user([{ type: 'text', text: 'a' }, { type: 'text' }])],
    ['messages[0].content[0].source', user([{ type: 'image' }])],
    ['messages[0].content[0].source.data', user([{ type: 'image', source: { type: 'base64', media_type: 'a/b' } }])],
    ['messages[0].content[0].tool_use_id', user([{ type: 'tool_result' }])],
    [
      'messages[0].content[0].content[0].text',
      user([{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 1 }] }]),
    ],
    ['messages[0].content[0].input', { messages: [{ role: 'assistant', content: [toolUse([])] }] }],
    ['system', { system: 5 }],
    ['system[0].text', { system: [{ type: 'text' }] }],
    ['stream', { stream: 'yes' }],
    ['temperature', { temperature: '1' }],
    ['stop_sequences[1]', { stop_sequences: ['a', 1] }],
    ['tools[0].input_schema', { tools: [{ name: 'a' }] }],
    ['tools[0].name', { tools: [{ input_schema: {} }] }],
    ['tool_choice.type', { tool_choice: { type: 'some' } }],
    ['tool_choice', { tool_choice: 'auto' }],
    ['tool_choice.name', { tool_choice: { type: 'tool' } }],
    ['thinking.budget_tokens', { thinking: { type: 'enabled' } }],
    ['thinking', { thinking: true }],
    ['output_config', { output_config: 'high' }],
    ['output_config.format.schema', { output_config: { format: { type: 'json_schema' } } }],
    ['metadata.user_id', { metadata: { user_id: 3 } }],
  ];
  test.each(cases)('%s', (param, fields) => {
    const error = failure({ ...BASE, ...fields });
    expect(error.code).toBe('invalid_request');
    expect(error.param).toBe(param);
    expect(error.message).toContain(`\`${param}\``);
  });
});

function toolUse(input: unknown) {
  return { type: 'tool_use', id: 'a', name: 'b', input };
}

test.each([[null], [undefined], [1], ['text'], [[]], [true]])('a body of %p is refused', (body) => {
  expect(failure(body)).toMatchObject({ code: 'invalid_request' });
});

test('arguments nested too deeply to be written are refused, not thrown on', () => {
  let input: Record<string, unknown> = {};
  for (let depth = 0; depth < 50_000; depth++) input = { a: input };
  const error = failure({ ...BASE, messages: [{ role: 'assistant', content: [toolUse(input)] }] });
  expect(error.param).toBe('messages[0].content[0].input');
});

test('names that mean something to JavaScript are only names', () => {
  const body = JSON.parse('{"__proto__":{"polluted":true},"constructor":1}');
  const { extras } = parseRequest(Object.assign(Object.create(null), body, BASE, { hasOwnProperty: 1 }), {});
  expect(Object.hasOwn(extras, 'constructor')).toBe(true);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
