import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../lib/json.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import { openaiResponses, statefulFields } from './index.ts';

const parse = (fields: JsonObject) => openaiResponses.parseRequest({ model: 'gpt-x', input: 'Hello', ...fields }, {});

const refusal = (body: unknown) => refusalOf(() => openaiResponses.parseRequest(body, {}));

describe('fields', () => {
  test('with a word of ours are put into it', () => {
    const request = parse({
      stream: true,
      tools: [
        { type: 'function', name: 'look', description: 'd', parameters: { type: 'object' }, strict: true },
        { type: 'function', name: 'wait', parameters: null, strict: null },
        { type: 'custom', name: 'run', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
        { type: 'web_search' },
      ],
      tool_choice: { type: 'function', name: 'look' },
      parallel_tool_calls: false,
      text: { format: { type: 'json_schema', name: 'answer', schema: { type: 'object' }, strict: true } },
      reasoning: { effort: 'low', summary: 'auto' },
      include: ['message.output_text.logprobs'],
      top_logprobs: 3,
      max_output_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      user: 'ann',
      service_tier: 'flex',
      metadata: { a: 'b' },
    });
    expect(request).toMatchObject({
      model: 'gpt-x',
      stream: true,
      tools: [
        { type: 'function', name: 'look', description: 'd', parameters: { type: 'object' }, strict: true },
        { type: 'function', name: 'wait' },
        { type: 'custom', name: 'run', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } },
        { type: 'other', dialect: 'openai-responses', value: { type: 'web_search' } },
      ],
      toolChoice: { type: 'tool', name: 'look' },
      parallelToolCalls: false,
      output: { type: 'json-schema', name: 'answer', schema: { type: 'object' }, strict: true },
      reasoning: { effort: 'low', includeThoughts: true },
      topLogprobs: 3,
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      user: 'ann',
      serviceTier: 'flex',
      metadata: { a: 'b' },
      extras: {},
      stop: [],
      choices: 1,
    });
  });

  test('without one are kept, also those inside others', () => {
    const { extras, ...request } = parse({
      store: true,
      include: ['reasoning.encrypted_content', 'message.output_text.logprobs', 'web_search_call.results'],
      reasoning: { effort: 'low', summary: 'detailed', context: 'all_turns' },
      text: { format: { type: 'grammar' }, verbosity: 'low' },
      tool_choice: { type: 'web_search' },
      tools: [{ type: 'function', name: 'f', defer_loading: true }],
      truncation: 'auto',
      safety_identifier: 'ann',
      user: null,
      prompt: null,
    });
    expect(extras).toEqual({
      store: true,
      include: ['web_search_call.results'],
      'reasoning.summary': 'detailed',
      'reasoning.context': 'all_turns',
      'text.verbosity': 'low',
      'text.format': { type: 'grammar' },
      tool_choice: { type: 'web_search' },
      'tools[].defer_loading': [{ at: 'tools[0].defer_loading', value: true }],
      truncation: 'auto',
      safety_identifier: 'ann',
    });
    expect(request).toMatchObject({ topLogprobs: 0, user: 'ann', reasoning: { effort: 'low', includeThoughts: true } });
    expect(request).not.toHaveProperty('output');
    expect(request).not.toHaveProperty('toolChoice');
  });

  test('are no loss where they ask for what happens anyway', () => {
    expect(parse({ store: false, include: ['reasoning.encrypted_content'] }).extras).toEqual({});
  });

  test.each([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'required' }],
    [
      { type: 'custom', name: 'run' },
      { type: 'tool', name: 'run' },
    ],
    [
      { type: 'function', function: { name: 'look' } },
      { type: 'tool', name: 'look' },
    ],
    [
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'look' }] },
      { type: 'allowed', mode: 'required', names: ['look'] },
    ],
  ] as const)('the tool choice %j is understood', (tool_choice, expected) => {
    const { toolChoice, extras } = parse({ tool_choice });
    expect<unknown>(toolChoice).toEqual(expected);
    expect(extras).toEqual({});
  });

  test('that only this dialect has a header for are passed on with it', () => {
    const headers = { 'openai-beta': 'responses=v1', authorization: 'Bearer secret' };
    const { original } = openaiResponses.parseRequest({ model: 'm', input: 'a' }, { headers });
    expect(original).toEqual({
      dialect: 'openai-responses',
      body: { model: 'm', input: 'a' },
      headers: { 'openai-beta': 'responses=v1' },
    });
  });
});

describe('state kept at the provider', () => {
  test.each<[JsonObject, string[]]>([
    [{}, []],
    [{ store: true, background: false, previous_response_id: null }, []],
    [{ previous_response_id: 'resp_1' }, ['previous_response_id']],
    [{ conversation: { id: 'conv_1' }, background: true }, ['conversation', 'background']],
    [{ prompt: { id: 'pmpt_1' }, input: undefined }, ['prompt']],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, ['item_reference']],
    [{ input: [{ id: 'msg_1' }] }, ['item_reference']],
  ])('%j leans on %j', (fields, expected) => {
    expect(statefulFields(parse(fields))).toEqual(expected);
  });

  test('is no matter of other dialects', () => {
    const request = parse({ previous_response_id: 'resp_1' });
    expect(statefulFields({ ...request, original: { ...request.original, dialect: 'another' } })).toEqual([]);
  });

  test('brings the conversation where there is no input', () => {
    expect(parse({ input: [], previous_response_id: 'resp_1' }).messages).toEqual([]);
  });
});

test.each<[string, unknown]>([
  ['', null],
  ['', []],
  ['model', { input: 'a' }],
  ['model', { input: 'a', model: '' }],
  ['input', { model: 'm' }],
  ['input', { model: 'm', input: [] }],
  ['input', { model: 'm', input: 5 }],
  ['input[0]', { model: 'm', input: ['a'] }],
  ['input[0].type', { model: 'm', input: [{}] }],
  ['input[0].type', { model: 'm', input: [{ type: 5 }] }],
  ['input[0].role', { model: 'm', input: [{ type: 'message', content: 'a' }] }],
  ['input[0].role', { model: 'm', input: [{ role: 'tool', content: 'a' }] }],
  ['input[0].content', { model: 'm', input: [{ role: 'user' }] }],
  ['input[0].content[0].type', { model: 'm', input: [{ role: 'user', content: [{}] }] }],
  ['input[0].content[0].text', { model: 'm', input: [{ role: 'user', content: [{ type: 'input_text' }] }] }],
  ['input[0].content[0]', { model: 'm', input: [{ role: 'user', content: [{ type: 'input_image' }] }] }],
  ['input[0].name', { model: 'm', input: [{ type: 'function_call', call_id: 'c', arguments: '' }] }],
  ['input[0].call_id', { model: 'm', input: [{ type: 'function_call', name: 'f', arguments: '' }] }],
  ['input[0].call_id', { model: 'm', input: [{ type: 'function_call_output', output: '' }] }],
  ['tools[0].name', { model: 'm', input: 'a', tools: [{ type: 'function' }] }],
  ['tools[0].type', { model: 'm', input: 'a', tools: [{}] }],
  ['tool_choice', { model: 'm', input: 'a', tool_choice: 'some' }],
  ['tool_choice.name', { model: 'm', input: 'a', tool_choice: { type: 'function' } }],
  ['max_output_tokens', { model: 'm', input: 'a', max_output_tokens: 0 }],
  ['text.format.strict', { model: 'm', input: 'a', text: { format: { type: 'json_schema', strict: 'yes' } } }],
  ['stream', { model: 'm', input: 'a', stream: 'yes' }],
])('a wrong `%s` is refused by its name', (param, body) => {
  const error = refusal(body);
  expect(error).toMatchObject({ code: 'invalid_request', param });
  expect(error.message).toMatch(/^(`[^`]+`|The request body) .*\.$/);
});
