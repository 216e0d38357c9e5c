import { expect, test } from 'bun:test';
import Anthropic from '@anthropic-ai/sdk';
import type { ChatEvent } from '../../chat/event.ts';
import { collect } from '../../chat/reply.ts';
import { NO_USAGE } from '../../chat/usage.ts';
import { GatewayError } from '../../errors.ts';
import { anthropicMessages } from './index.ts';
import { parseReply } from './parse-reply.ts';
import { renderReply } from './render-reply.ts';
import { parseStreamText, renderContext, renderStreamText } from './test-conversation.ts';

const USAGE = { ...NO_USAGE, input: 10, cacheRead: 5, cacheWriteShort: 3, cacheWriteLong: 4, output: 20, reasoning: 8 };
const own = (value: string) => ({ dialect: 'anthropic-messages', value });
const foreign = (value: string) => ({ dialect: 'google-generate', value });
const citation = { type: 'char_location', cited_text: 'x', document_index: 0 };
const textDelta = (text: string, choice = 0): ChatEvent => ({ type: 'text-delta', choice, text });
const callStart = (call: number): ChatEvent => ({
  type: 'tool-call-start',
  choice: 0,
  call,
  id: `c${call}`,
  name: 'f',
});
const callDelta = (call: number, argumentsText: string): ChatEvent => ({
  type: 'tool-call-delta',
  choice: 0,
  call,
  argumentsText,
});
const callEnd = (call: number): ChatEvent => ({ type: 'tool-call-end', choice: 0, call });
const stop = (reason: 'stop' | 'tool-calls' | 'stop-sequence', stopSequence?: string): ChatEvent => ({
  type: 'stop',
  choice: 0,
  reason,
  stopSequence,
});
const start: ChatEvent = { type: 'start', id: 'msg_1', model: 'their-model' };
const finish: ChatEvent = { type: 'finish', usage: USAGE };

const EVERYTHING: ChatEvent[] = [
  start,
  { type: 'usage', usage: { ...USAGE, output: 1, reasoning: 0 } },
  { type: 'other' },
  { type: 'reasoning-delta', choice: 0, text: 'Hm' },
  { type: 'reasoning-end', choice: 0, signature: own('sig') },
  { type: 'reasoning-end', choice: 0, redacted: own('secret') },
  textDelta('Hel'),
  textDelta('lo'),
  { type: 'citation', choice: 0, citation },
  { type: 'logprobs', choice: 0, tokens: [] },
  callStart(0),
  callDelta(0, '{"a":'),
  callDelta(0, '1}'),
  callEnd(0),
  callStart(1),
  callEnd(1),
  stop('tool-calls'),
  finish,
];

/** The official SDK, given the text as if it had come from the provider. */
function sdk(text: string, contentType: string) {
  const fetch = () => Promise.resolve(new Response(text, { headers: { 'content-type': contentType } }));
  return new Anthropic({ apiKey: 'test', maxRetries: 0, fetch: Object.assign(fetch, { preconnect() {} }) });
}
const ASK = { model: 'm', max_tokens: 9, messages: [{ role: 'user' as const, content: 'Hi' }] };
const readStream = (text: string) => sdk(text, 'text/event-stream').messages.stream(ASK).finalMessage();

/** The types of a stream's messages, with the number of the block. */
function outline(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)))
    .map(({ type, index }) => (index === undefined ? type : `${type.replace('content_block_', '')} ${index}`));
}

test('the official SDK reads a rendered stream and a rendered body as the same message', async () => {
  const streamed = await readStream(renderStreamText(EVERYTHING));
  const text = JSON.stringify(renderReply(collect(EVERYTHING), renderContext()));
  const whole = await sdk(text, 'application/json').messages.create(ASK);
  expect(JSON.parse(JSON.stringify(streamed.content))).toEqual(JSON.parse(JSON.stringify(whole.content)));
  expect(whole).toMatchObject({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'anthropic/claude-test',
    stop_reason: 'tool_use',
    stop_sequence: null,
    usage: {
      input_tokens: 10,
      cache_read_input_tokens: 5,
      cache_creation_input_tokens: 7,
      cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 },
      output_tokens: 20,
      output_tokens_details: { thinking_tokens: 8 },
      service_tier: 'standard',
    },
  });
  expect(streamed.content).toMatchObject([
    { type: 'thinking', thinking: 'Hm', signature: 'sig' },
    { type: 'redacted_thinking', data: 'secret' },
    { type: 'text', text: 'Hello', citations: [citation] },
    { type: 'tool_use', id: 'c0', name: 'f', input: { a: 1 } },
    { type: 'tool_use', id: 'c1', name: 'f', input: {} },
  ]);
  expect(streamed.usage).toEqual(whole.usage);
  expect([streamed.id, streamed.stop_reason]).toEqual(['msg_1', 'tool_use']);
});

test('what is rendered is parsed back to the same reply, streamed or not', () => {
  const reply = { ...collect(EVERYTHING), model: 'anthropic/claude-test' };
  reply.usage = { ...reply.usage, serviceTier: 'standard' };
  expect(collect(parseStreamText(renderStreamText(EVERYTHING), 11))).toEqual(reply);
  expect(collect(parseReply(renderReply(collect(EVERYTHING), renderContext())))).toEqual(reply);
});

test('blocks come one after the other, and the start carries the prompt', () => {
  const text = renderStreamText(EVERYTHING);
  expect(outline(text).filter((type) => !type.startsWith('delta'))).toEqual([
    'message_start',
    ...[0, 1, 2, 3, 4].flatMap((index) => [`start ${index}`, `stop ${index}`]),
    'message_delta',
    'message_stop',
  ]);
  const first = JSON.parse(text.split('\n')[1]?.slice(6) ?? '');
  expect(first.message.usage).toMatchObject({ input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 1 });
  expect(text).toMatch(/^event: message_start\ndata: \{"type":"message_start".*\}\n\nevent: content_block_start\n/);
});

test('a stream of unknown usage says 0 first and everything at the end', async () => {
  const text = renderStreamText([start, textDelta('Hi'), stop('stop'), finish]);
  expect(JSON.parse(text.split('\n')[1]?.slice(6) ?? '').message.usage.input_tokens).toBe(0);
  const message = await readStream(text);
  expect(message.usage).toMatchObject({
    input_tokens: 10,
    cache_read_input_tokens: 5,
    cache_creation_input_tokens: 7,
    output_tokens: 20,
  });
});

test('events of alternating calls become blocks one after the other, and nothing is lost', async () => {
  const calls = [
    ...[callStart(0), callStart(1), callDelta(0, '{"a"'), callDelta(1, '{"b"'), callDelta(0, ':1}')],
    ...[callDelta(1, ':2}'), callStart(2), callDelta(2, '{"c":3}'), callEnd(0), callEnd(1), callEnd(2)],
  ];
  const text = renderStreamText([start, ...calls, textDelta('done'), stop('stop'), finish]);
  expect((await readStream(text)).content).toMatchObject([
    { id: 'c0', input: { a: 1 } },
    { id: 'c1', input: { b: 2 } },
    { id: 'c2', input: { c: 3 } },
    { type: 'text', text: 'done' },
  ]);
});

test('a finished call is not waited for', () => {
  const pieces = [start, callStart(0), callDelta(0, '{"a":1}'), callStart(1)];
  expect(outline(renderStreamText(pieces)).slice(-2)).toEqual(['stop 0', 'start 1']);
});

test('calls that are never ended are ended with the message', async () => {
  const text = renderStreamText([start, callStart(0), callStart(1), callDelta(1, '{}'), finish]);
  const message = await readStream(text);
  expect(message).toMatchObject({ content: [{ id: 'c0' }, { id: 'c1' }], stop_reason: 'tool_use' });
});

test('a free-text call is wrapped into an object', async () => {
  const custom: ChatEvent = { type: 'tool-call-start', choice: 0, call: 0, id: 'a b', name: 'f', isCustom: true };
  const events = [start, custom, callDelta(0, 'say "x"'), callEnd(0), stop('tool-calls'), finish];
  const message = await readStream(renderStreamText(events));
  expect(message.content).toMatchObject([{ type: 'tool_use', input: { input: 'say "x"' } }]);
  expect(message.content).toMatchObject(renderReply(collect(events), renderContext()).content as object[]);
});

test("another vendor's thoughts are shown with an empty signature, and its secrets not at all", async () => {
  const events: ChatEvent[] = [
    start,
    { type: 'reasoning-delta', choice: 0, text: 'Hm' },
    { type: 'reasoning-end', choice: 0, signature: foreign('g') },
    { type: 'reasoning-end', choice: 0, redacted: foreign('r') },
    textDelta(''),
    { type: 'citation', choice: 0, citation: { type: 'url_citation' } },
    stop('stop'),
    finish,
  ];
  const content = [{ type: 'thinking', thinking: 'Hm', signature: '' }];
  expect((await readStream(renderStreamText(events))).content as unknown).toEqual(content);
  expect(renderReply(collect(events), renderContext()).content).toEqual(content);
});

test('thoughts without text keep their signature', async () => {
  const events: ChatEvent[] = [start, { type: 'reasoning-end', choice: 0, signature: own('s') }, stop('stop'), finish];
  const content = [{ type: 'thinking', thinking: '', signature: 's' }];
  expect((await readStream(renderStreamText(events))).content as unknown).toEqual(content);
  expect(renderReply(collect(events), renderContext()).content).toEqual(content);
});

test('a refusal is text with a reason of its own', async () => {
  const events: ChatEvent[] = [start, { type: 'refusal-delta', choice: 0, text: 'No.' }, stop('stop'), finish];
  const expected = { content: [{ type: 'text', text: 'No.' }], stop_reason: 'refusal' };
  expect(await readStream(renderStreamText(events))).toMatchObject(expected as object);
  expect(renderReply(collect(events), renderContext())).toMatchObject(expected);
});

test('an answer of nothing is a whole message', async () => {
  const events = [start, stop('stop-sequence', 'END'), finish];
  const expected = { content: [], stop_reason: 'stop_sequence', stop_sequence: 'END' };
  expect(await readStream(renderStreamText(events))).toMatchObject(expected as object);
  expect(renderReply(collect(events), renderContext())).toMatchObject(expected);
  expect(outline(renderStreamText([finish]))).toEqual(['message_start', 'message_delta', 'message_stop']);
});

test('only the first of several answers is shown, under an id of this wire', () => {
  const other: ChatEvent = { type: 'stop', choice: 1, reason: 'length' };
  const events = [{ ...start, id: 'chatcmpl-1' }, textDelta('A'), textDelta('B', 1), stop('stop'), other, finish];
  expect(renderReply(collect(events), renderContext())).toMatchObject({
    id: 'msg_req_7',
    content: [{ type: 'text', text: 'A' }],
    stop_reason: 'end_turn',
  });
  expect(renderStreamText(events)).not.toContain('"B"');
});

test('an error ends the stream in the form the SDK throws', async () => {
  const error = new GatewayError('provider_overloaded', 'Busy.');
  const text = renderStreamText([start, textDelta('Hi'), { type: 'error', error }, textDelta('more'), finish]);
  expect(outline(text)).toEqual(['message_start', 'start 0', 'delta 0', 'error']);
  expect(text).toEndWith(
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Busy."},"request_id":"req_7"}\n\n',
  );
  expect(readStream(text)).rejects.toThrow('Busy.');
});

test('any order of events is survived', () => {
  let seed = 7;
  const next = (limit: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % limit;
  };
  for (let round = 0; round < 200; round++) {
    const shuffled = EVERYTHING.map((event) => ({ event, at: next(1000) }))
      .sort((a, b) => a.at - b.at)
      .map(({ event }) => event)
      .filter((event) => event.type !== 'finish');
    const text = renderStreamText([...shuffled, finish]);
    const opened = outline(text).filter((type) => type.startsWith('start '));
    const closed = outline(text).filter((type) => type.startsWith('stop '));
    expect(opened.map((type) => type.slice(6))).toEqual(closed.map((type) => type.slice(5)));
    expect(collect(parseStreamText(text)).error).toBeUndefined();
  }
});

test('the dialect has its name and its headers', () => {
  expect(anthropicMessages.id).toBe('anthropic-messages');
  expect(anthropicMessages.headers).toEqual(['anthropic-version', 'anthropic-beta']);
});
