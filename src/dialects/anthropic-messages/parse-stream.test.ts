import { expect, test } from 'bun:test';
import type { ChatEvent } from '../../chat/event.ts';
import { collect } from '../../chat/reply.ts';
import { createSseParser } from '../../lib/sse.ts';
import { parseReply } from './parse-reply.ts';
import { createStreamParser } from './parse-stream.ts';
import { parseStreamText, streamText } from './test-conversation.ts';

const START = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    model: 'claude-test-1',
    content: [],
    usage: {
      input_tokens: 10,
      cache_read_input_tokens: 5,
      cache_creation_input_tokens: 7,
      cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 },
      output_tokens: 1,
      service_tier: 'priority',
    },
  },
};
const END = { type: 'message_stop' };
const stopped = (stop_reason: string, usage: object = { output_tokens: 20 }, stop_sequence: string | null = null) => ({
  type: 'message_delta',
  delta: { stop_reason, stop_sequence },
  usage,
});
const begin = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block });
const delta = (index: number, fields: object) => ({ type: 'content_block_delta', index, delta: fields });
const end = (index: number) => ({ type: 'content_block_stop', index });
const json = (partial_json: string) => ({ type: 'input_json_delta', partial_json });
const bare = (events: ChatEvent[]) => events.map(({ raw: _raw, ...event }) => event);

const EVERYTHING = [
  START,
  begin(0, { type: 'thinking', thinking: '', signature: '' }),
  { type: 'ping' },
  delta(0, { type: 'thinking_delta', thinking: 'Hm' }),
  delta(0, { type: 'signature_delta', signature: 'sig' }),
  end(0),
  begin(1, { type: 'redacted_thinking', data: 'secret' }),
  end(1),
  begin(2, { type: 'text', text: '', citations: [] }),
  delta(2, { type: 'citations_delta', citation: { type: 'char_location', cited_text: 'x' } }),
  delta(2, { type: 'text_delta', text: 'Hel' }),
  delta(2, { type: 'text_delta', text: 'lo' }),
  end(2),
  begin(3, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }),
  delta(3, json('{"q":1}')),
  end(3),
  begin(4, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }),
  end(4),
  begin(5, { type: 'tool_use', id: 'toolu_1', name: 'look', input: {}, caller: { type: 'direct' } }),
  delta(5, json('')),
  delta(5, json('{"a":')),
  delta(5, json('1}')),
  end(5),
  begin(6, { type: 'tool_use', id: 'toolu_2', name: 'now', input: {} }),
  delta(6, json('')),
  end(6),
  stopped('tool_use', { output_tokens: 20, input_tokens: 12, output_tokens_details: { thinking_tokens: 8 } }),
  END,
];
const BODY = {
  type: 'message',
  id: 'msg_1',
  model: 'claude-test-1',
  content: [
    { type: 'thinking', thinking: 'Hm', signature: 'sig' },
    { type: 'redacted_thinking', data: 'secret' },
    { type: 'text', text: 'Hello', citations: [{ type: 'char_location', cited_text: 'x' }] },
    { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { q: 1 } },
    { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
    { type: 'tool_use', id: 'toolu_1', name: 'look', input: { a: 1 } },
    { type: 'tool_use', id: 'toolu_2', name: 'now', input: {} },
  ],
  stop_reason: 'tool_use',
  stop_sequence: null,
  usage: {
    ...START.message.usage,
    input_tokens: 12,
    output_tokens: 20,
    output_tokens_details: { thinking_tokens: 8 },
  },
};

test('a stream folds to the same reply as the body of the same answer', () => {
  const streamed = collect(parseStreamText(streamText(EVERYTHING)));
  expect(streamed).toEqual(collect(parseReply(BODY)));
  const dialect = 'anthropic-messages';
  expect(streamed).toEqual({
    id: 'msg_1',
    model: 'claude-test-1',
    choices: [
      {
        content: [
          { type: 'reasoning', text: 'Hm', signature: { dialect, value: 'sig' } },
          { type: 'reasoning', text: '', redacted: { dialect, value: 'secret' } },
          { type: 'text', text: 'Hello', citations: [{ type: 'char_location', cited_text: 'x' }] },
          { type: 'tool-call', id: 'toolu_1', name: 'look', argumentsText: '{"a":1}' },
          { type: 'tool-call', id: 'toolu_2', name: 'now', argumentsText: '{}' },
        ],
        reason: 'tool-calls',
        stopSequence: undefined,
        logprobs: [],
      },
    ],
    usage: {
      input: 12,
      cacheRead: 5,
      cacheWriteShort: 3,
      cacheWriteLong: 4,
      audioInput: 0,
      output: 20,
      reasoning: 8,
      audioOutput: 0,
      serviceTier: 'committed',
      isEstimated: false,
    },
  });
});

test('every message is on the first event made of it, so the raw frames are the stream', () => {
  const text = `: hello\n\nevent: unheard_of\ndata: {"type":"unheard_of"}\n\n${streamText(EVERYTHING)}`;
  for (const size of [1, 7, text.length]) {
    const frames = parseStreamText(text, size).flatMap((event) => event.raw?.frame ?? []);
    expect(frames.join('')).toBe(text);
  }
});

test('what comes first and last is what the vocabulary promises', () => {
  const events = bare(parseStreamText(streamText(EVERYTHING)));
  expect(events.slice(0, 2)).toMatchObject([
    { type: 'start', id: 'msg_1', model: 'claude-test-1' },
    { type: 'usage', usage: { input: 10, cacheRead: 5, output: 1 } },
  ]);
  expect(events.filter((event) => event.type === 'stop')).toHaveLength(1);
  expect(events.at(-1)?.type).toBe('finish');
  expect(events.filter((event) => event.type === 'tool-call-start')).toMatchObject([
    { call: 0, id: 'toolu_1' },
    { call: 1, id: 'toolu_2' },
  ]);
});

test('a stop sequence and an empty answer are told', () => {
  const events = bare(parseStreamText(streamText([START, stopped('stop_sequence', { output_tokens: 2 }, 'END'), END])));
  expect(events.slice(2)).toMatchObject([
    { type: 'other' },
    { type: 'stop', choice: 0, reason: 'stop-sequence', stopSequence: 'END' },
    { type: 'finish', usage: { input: 10, output: 2, cacheWriteShort: 3, cacheWriteLong: 4 } },
  ]);
  expect(collect(parseReply({ ...BODY, content: [], stop_reason: 'end_turn' })).choices).toMatchObject([
    { content: [], reason: 'stop' },
  ]);
});

test('the end is told by the last message, whether or not the connection closes, and nothing comes after it', () => {
  const parser = createStreamParser();
  const sse = createSseParser();
  const read = (text: string) => sse.push(text).flatMap((message) => parser.parse(message));
  expect(read(streamText([START, stopped('end_turn'), END])).at(-1)).toMatchObject({ type: 'finish' });
  expect([...read(streamText([END])), ...parser.end()]).toEqual([]);
});

test.each([
  ['pause_turn', 'pause'],
  ['refusal', 'refusal'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'context-full'],
  ['something_new', 'other'],
  ['constructor', 'other'],
])('the stop reason %s is %s', (wire, reason) => {
  expect(collect(parseStreamText(streamText([START, stopped(wire), END]))).choices[0]?.reason).toBe(reason as 'other');
});

test('more cache writes at the end than at the start keep their time to live', () => {
  const usageOf = (split: object, total: number) => {
    const start = { ...START, message: { ...START.message, usage: { ...START.message.usage, cache_creation: split } } };
    const last = stopped('end_turn', { output_tokens: 1, cache_creation_input_tokens: total });
    const { cacheWriteShort, cacheWriteLong } = collect(parseStreamText(streamText([start, last, END]))).usage;
    return [cacheWriteShort, cacheWriteLong];
  };
  expect(usageOf({ ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 }, 10)).toEqual([6, 4]);
  expect(usageOf({ ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 4 }, 10)).toEqual([0, 10]);
  expect(usageOf({}, 10)).toEqual([10, 0]);
});

test('arguments that come whole with the block are not lost', () => {
  const block = { type: 'tool_use', id: 'toolu_1', name: 'look', input: { a: 1 } };
  const { choices } = collect(parseStreamText(streamText([START, begin(0, block), end(0), stopped('tool_use'), END])));
  expect(choices[0]?.content).toEqual([{ type: 'tool-call', id: 'toolu_1', name: 'look', argumentsText: '{"a":1}' }]);
});

test('a block that is never ended is ended with the message', () => {
  const messages = [START, begin(0, { type: 'tool_use', id: 'toolu_1', name: 'look' }), delta(0, json('{"a":1}'))];
  const types = bare(parseStreamText(streamText([...messages, END]))).map((event) => event.type);
  expect(types.slice(-4)).toEqual(['tool-call-delta', 'tool-call-end', 'stop', 'finish']);
});

test('an error in the stream is classified and is the last word', () => {
  const error = { type: 'error', error: { details: null, type: 'overloaded_error', message: 'Overloaded' } };
  const events = parseStreamText(streamText([START, error, stopped('end_turn'), END]));
  expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'provider_overloaded' } });
  expect(events.at(-1)?.raw?.frame).toContain('event: error');
  const credit = { type: 'error', error: { type: 'invalid_request_error', message: 'Your credit balance is too low' } };
  expect(parseStreamText(streamText([credit]))).toMatchObject([{ type: 'error', error: { code: 'provider_quota' } }]);
});

test.each([
  ['an empty stream', ''],
  ['one that ends early', streamText([START, delta(0, { type: 'text_delta', text: 'Hel' })])],
  ['one that ends after its reason', streamText([START, stopped('end_turn')])],
  ['no JSON', 'event: message_start\ndata: {oops\n\n'],
  ['JSON that is no object', 'data: [1]\n\n'],
  ['a web page', '<html><body>Bad gateway</body></html>\n\n'],
])('%s is garbled', (_what, text) => {
  const events = parseStreamText(text);
  expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'provider_garbled' } });
  expect(events.filter((event) => event.type === 'error' || event.type === 'finish')).toHaveLength(1);
});

test('a reply without an id or a start gets one', () => {
  const events = bare(
    parseStreamText(streamText([delta(0, { type: 'text_delta', text: 'Hi' }), stopped('end_turn'), END])),
  );
  expect(events[0]).toMatchObject({ type: 'start', id: expect.stringMatching(/^msg_\w+$/) });
  expect(events[1]).toMatchObject({ type: 'text-delta', text: 'Hi' });
});

const STRANGE: unknown[] = [null, 0, -1, 'x', true, [], [[]], {}, { type: 'message' }, { type: 5 }, { content: 'x' }];
const FIELDS = ['type', 'index', 'message', 'content_block', 'delta', 'usage', 'content', 'id', 'model', 'stop_reason'];

test('strange shapes never throw', () => {
  for (const value of STRANGE) {
    expect(parseReply(value).at(-1)?.type).toMatch(/^(finish|error)$/);
    for (const field of FIELDS) {
      expect(parseReply({ ...BODY, [field]: value }).at(-1)?.type).toMatch(/^(finish|error)$/);
      for (const message of EVERYTHING) {
        const events = parseStreamText(streamText([START, { ...message, [field]: value }, END]));
        expect(events.at(-1)?.type).toMatch(/^(finish|error)$/);
      }
    }
    expect(parseReply({ ...BODY, content: [value, { type: 'tool_use', input: value }] }).at(-1)?.type).toBe('finish');
  }
});

test('a body that is an error or makes no sense ends in an error', () => {
  const error = { type: 'error', error: { type: 'rate_limit_error', message: 'slow' } };
  expect(parseReply(error)).toMatchObject([{ type: 'error', error: { code: 'provider_rate_limited' } }]);
  expect(parseReply('<html>')).toMatchObject([{ type: 'error', error: { code: 'provider_garbled' } }]);
});

test('fast mode is a tier of its own', () => {
  const usage = { ...BODY.usage, speed: 'fast' };
  expect(collect(parseReply({ ...BODY, usage })).usage.serviceTier).toBe('fast');
});
