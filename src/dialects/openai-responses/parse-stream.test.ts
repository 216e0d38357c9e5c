import { describe, expect, test } from 'bun:test';
import { collect } from '../../chat/reply.ts';
import type { JsonObject } from '../../lib/json.ts';
import { openaiResponses } from './index.ts';
import { ours, parsed } from './test-requests.ts';

const usage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 30, cache_write_tokens: 20 },
  output_tokens: 50,
  output_tokens_details: { reasoning_tokens: 40 },
  total_tokens: 150,
};
const logprob = { token: 'Hi', logprob: -0.5, bytes: [72, 105], top_logprobs: [{ token: 'Hi', logprob: -0.5 }] };
const citation = { type: 'url_citation', url: 'https://example.com', title: 'A', start_index: 0, end_index: 2 };

const thoughtsItem = {
  type: 'reasoning',
  id: 'rs_1',
  encrypted_content: 'E',
  summary: [
    { type: 'summary_text', text: 'One.' },
    { type: 'summary_text', text: 'Two.' },
  ],
};
const messageItem = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  phase: 'commentary',
  content: [{ type: 'output_text', text: 'Hi there', annotations: [citation], logprobs: [logprob] }],
};
const secondItem = { ...messageItem, id: 'msg_2', content: [{ type: 'output_text', text: '!', annotations: [] }] };
const callItem = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'look', arguments: '{"a":1}' };
const customItem = { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_2', name: 'run', input: 'ls' };
const searchItem = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
const output = [thoughtsItem, searchItem, messageItem, secondItem, callItem, customItem];

const response: JsonObject = {
  id: 'resp_1',
  object: 'response',
  model: 'gpt-x-2026',
  status: 'completed',
  error: null,
  output,
  usage,
  service_tier: 'default',
};

let sequence = 0;
function frame(type: string, fields: JsonObject = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...fields })}\n\n`;
}

const created = frame('response.created', {
  response: { ...response, status: 'in_progress', output: [], usage: null },
});
const opened = (index: number, item: JsonObject, empty: JsonObject) =>
  frame('response.output_item.added', { output_index: index, item: { ...item, ...empty } });
const closed = (index: number, item: JsonObject) => frame('response.output_item.done', { output_index: index, item });
const part = (index: number, type: string, fields: JsonObject) =>
  frame(`response.${type}`, { output_index: index, content_index: 0, obfuscation: 'x', ...fields });

const whole = [
  created,
  frame('response.in_progress', { response: { ...response, output: [] } }),
  'event: keepalive\ndata: {"type":"keepalive","sequence_number":3}\n\n',
  ': comment\n\n',
  opened(0, thoughtsItem, { summary: [], encrypted_content: 'unfinished' }),
  part(0, 'reasoning_summary_text.delta', { summary_index: 0, delta: 'On' }),
  part(0, 'reasoning_summary_text.delta', { summary_index: 0, delta: 'e.' }),
  part(0, 'reasoning_summary_text.delta', { summary_index: 1, delta: 'Two.' }),
  closed(0, thoughtsItem),
  opened(1, searchItem, {}),
  part(1, 'web_search_call.searching', {}),
  closed(1, searchItem),
  opened(2, messageItem, { content: [] }),
  part(2, 'content_part.added', { part: { type: 'output_text', text: '' } }),
  part(2, 'output_text.delta', { delta: 'Hi', logprobs: [logprob] }),
  part(2, 'output_text.delta', { delta: ' there', logprobs: [] }),
  part(2, 'output_text.annotation.added', { annotation: citation, annotation_index: 0 }),
  part(2, 'output_text.done', { text: 'Hi there' }),
  closed(2, messageItem),
  opened(3, secondItem, { content: [] }),
  part(3, 'output_text.delta', { delta: '!' }),
  closed(3, secondItem),
  opened(4, callItem, { arguments: '' }),
  part(4, 'function_call_arguments.delta', { delta: '{"a"' }),
  part(4, 'function_call_arguments.delta', { delta: ':1}' }),
  part(4, 'function_call_arguments.done', { arguments: '{"a":1}' }),
  closed(4, callItem),
  opened(5, customItem, { input: '' }),
  part(5, 'custom_tool_call_input.delta', { delta: 'ls' }),
  closed(5, customItem),
  frame('response.completed', { response }),
].join('');

describe('a stream', () => {
  test('folds to the same reply as its body, and can be sent on to the byte', () => {
    const events = parsed(whole);
    expect(events.map(({ raw }) => raw?.frame ?? '').join('')).toBe(whole);
    expect(collect(events)).toEqual(collect(openaiResponses.parseReply(response)));
  });

  test('says what was said, thought, called and used', () => {
    expect(collect(parsed(whole))).toMatchObject({
      id: 'resp_1',
      model: 'gpt-x-2026',
      choices: [
        {
          reason: 'tool-calls',
          content: [
            { type: 'reasoning', text: 'One.\n\nTwo.', redacted: ours({ encrypted_content: 'E', id: 'rs_1' }) },
            {
              type: 'text',
              text: 'Hi there!',
              citations: [citation],
              signature: ours({
                before: [{ item: { id: 'msg_1', phase: 'commentary' }, length: 8 }],
                item: { id: 'msg_2', phase: 'commentary' },
              }),
            },
            { type: 'tool-call', id: 'call_1', name: 'look', argumentsText: '{"a":1}' },
            { type: 'tool-call', id: 'call_2', name: 'run', argumentsText: 'ls', isCustom: true },
          ],
          logprobs: [{ token: 'Hi', logprob: -0.5, top: [{ token: 'Hi', logprob: -0.5 }] }],
        },
      ],
      usage: { input: 50, cacheRead: 30, cacheWriteShort: 20, output: 50, reasoning: 40, serviceTier: 'default' },
    });
  });

  test('of whole items alone says the same', () => {
    const items = [
      created,
      ...output.map((item, index) => closed(index, item)),
      frame('response.completed', { response }),
    ];
    expect(collect(parsed(items.join('')))).toEqual(collect(parsed(whole)));
    const end = [created, frame('response.completed', { response })];
    expect(collect(parsed(end.join('')))).toEqual(collect(parsed(whole)));
  });

  test('of a server that counts all items as one says each once', () => {
    const items = output.map((item) => closed(0, item));
    const text = [created, ...items, frame('response.completed', { response })].join('');
    expect(collect(parsed(text))).toEqual(collect(parsed(whole)));
  });

  test('ends an open call with its response, and a truncated one as it is', () => {
    const cut = { ...response, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [] };
    const events = parsed(
      [
        created,
        opened(0, callItem, { arguments: '' }),
        part(0, 'function_call_arguments.delta', { delta: '{"a' }),
        frame('response.incomplete', { response: cut }),
      ].join(''),
    );
    expect<string[]>(events.map(({ type }) => type)).toEqual(
      ['start', 'tool-call-start', 'tool-call-delta', 'tool-call-end'].concat(['usage', 'stop', 'finish']),
    );
    expect(collect(events).choices[0]).toMatchObject({ reason: 'length', content: [{ argumentsText: '{"a' }] });
  });

  test('of open thoughts tells them, and remembers that they were open', () => {
    const item = { type: 'reasoning', id: 'a', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] };
    const text = [
      created,
      opened(0, item, { content: [] }),
      part(0, 'reasoning_text.delta', { delta: 'Hm' }),
      closed(0, item),
      frame('response.completed', { response: { ...response, output: [item] } }),
    ].join('');
    expect(collect(parsed(text)).choices[0]?.content).toEqual([
      { type: 'reasoning', text: 'Hm.', redacted: ours({ id: 'a', in: 'content' }) },
    ]);
  });

  test.each([
    ['nothing', ''],
    ['a beginning', created],
    ['a message cut off', whole.slice(0, whole.length / 2)],
  ])('of %s is garbled', (_name, text) => {
    const events = parsed(text);
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'provider_garbled' } });
    expect(events.filter(({ type }) => type === 'error')).toHaveLength(1);
  });

  test('that is no JSON is garbled, and says nothing more', () => {
    const events = parsed(`${created}data: {"type":\n\n${whole}`);
    expect(events.map(({ type }) => type)).toEqual(['start', 'error']);
    expect(events.at(-1)).toMatchObject({ error: { code: 'provider_garbled' } });
  });
});

describe('an error in a stream', () => {
  const said = { type: 'insufficient_quota', code: 'insufficient_quota', message: 'Quota of org-secret', param: null };
  const failed = (error: unknown) => frame('response.failed', { response: { ...response, status: 'failed', error } });

  test('that comes twice is one, with all its frames', () => {
    const text = created + frame('error', { error: said }) + failed({ code: said.code, message: said.message });
    const events = parsed(text);
    expect(events.map(({ type }) => type)).toEqual(['start', 'other', 'error']);
    expect(events.map(({ raw }) => raw?.frame).join('')).toBe(text);
    expect(events.at(-1)).toMatchObject({ error: { code: 'provider_quota' } });
  });

  test.each<[string, string]>([
    ['provider_quota', frame('error', { error: said })],
    ['provider_rate_limited', frame('error', { code: 'rate_limit_exceeded', message: 'Slow down.', param: null })],
    ['provider_failed', failed({ code: 'server_error', message: 'Sorry.' })],
    ['provider_failed', failed(null)],
    ['provider_rejected', failed({ code: 'invalid_prompt', message: 'No.' })],
    ['provider_rejected', failed({ code: 'image_too_large', message: 'No.' })],
    ['context_too_long', failed({ code: 'context_length_exceeded', message: 'Too long.' })],
    ['provider_overloaded', 'data: {"error":{"message":"The server is overloaded","type":"server_error"}}\n\n'],
    ['provider_failed', '{"error":{"message":"The server broke","type":"server_error"}}\n\n'],
  ])('means %s', (code, text) => {
    expect(parsed(created + text).at(-1)).toMatchObject({ type: 'error', error: { code } });
  });

  test('about the request keeps the words of the provider', () => {
    const events = parsed(created + failed({ code: 'invalid_prompt', message: 'No.' }));
    expect(events.at(-1)).toMatchObject({
      error: {
        message: 'No.',
        complaint: {
          body: { error: { message: 'No.', type: 'invalid_request_error', param: null, code: 'invalid_prompt' } },
        },
      },
    });
  });
});

describe('a body', () => {
  test.each<[string, JsonObject]>([
    ['length', { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [thoughtsItem] }],
    ['content-filter', { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }],
    ['other', { status: 'incomplete', incomplete_details: { reason: 'steered' } }],
    ['other', { status: 'queued', output: [], usage: null }],
    ['stop', { output: [messageItem] }],
    ['stop', { output: [searchItem] }],
    ['refusal', { output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }] }],
  ])('stops for %s: %j', (reason, fields) => {
    const reply = collect(openaiResponses.parseReply({ ...response, ...fields }));
    expect<string | undefined>(reply.choices[0]?.reason).toBe(reason);
    expect(reply.error).toBeUndefined();
  });

  test.each([[null], ['text'], [[]], [{}], [{ object: 'list' }]])('that is %j is garbled', (body) => {
    expect(openaiResponses.parseReply(body)).toMatchObject([{ type: 'error', error: { code: 'provider_garbled' } }]);
  });

  test('of a failed response is an error', () => {
    const error = { code: 'server_error', message: 'Sorry.' };
    expect(openaiResponses.parseReply({ ...response, status: 'failed', error })).toMatchObject([
      { type: 'error', error: { code: 'provider_failed' } },
    ]);
  });

  test('counts cache writes by how long the request had them kept', () => {
    const { usage: counted } = collect(
      openaiResponses.parseReply({ ...response, prompt_cache_options: { mode: 'explicit', ttl: '12h' } }),
    );
    expect(counted).toMatchObject({ input: 50, cacheRead: 30, cacheWriteShort: 0, cacheWriteLong: 20 });
  });
});
