import { describe, expect, test } from 'bun:test';
import type { ChatEvent } from '../../chat/event.ts';
import { collect } from '../../chat/reply.ts';
import { GatewayError } from '../../errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import { contextOf } from '../openai-common/test-requests.ts';
import { openaiResponses } from './index.ts';
import { events, proof, said, stopped, token, usage } from './test-reply.ts';
import { messagesIn, ours, parsed, withoutRaw } from './test-requests.ts';

const schema = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false };
const ask = {
  model: 'auto',
  instructions: 'Be brief.',
  input: 'Hello',
  tools: [{ type: 'function', name: 'look', parameters: schema, strict: true }],
};
function context(stream = true) {
  return contextOf(openaiResponses.parseRequest({ ...ask, stream }, {}));
}

function streamOf(list: readonly ChatEvent[]): string {
  const renderer = openaiResponses.createStreamRenderer(context());
  return list.map((event) => renderer.render(event)).join('');
}

const bodyOf = (list: readonly ChatEvent[]): JsonObject => openaiResponses.renderReply(collect(list), context(false));
const lastOf = (stream: string): JsonObject => messagesIn(stream).at(-1) ?? {};

describe('a stream', () => {
  const text = streamOf(events);
  const messages = messagesIn(text);

  test('has the events of OpenAI in their order, each counted', () => {
    const types = messages.map(({ type }) => String(type).replace('response.', ''));
    const summary = 'reasoning_summary';
    expect(types).toEqual(
      [
        ['created', 'in_progress'],
        ['output_item.added', `${summary}_part.added`, `${summary}_text.delta`, `${summary}_text.delta`],
        [`${summary}_text.done`, `${summary}_part.done`, 'output_item.done'],
        ['output_item.added', 'output_item.done'],
        ['output_item.added', 'content_part.added', 'output_text.delta', 'output_text.delta', 'output_text.delta'],
        ['output_text.annotation.added', 'output_text.done', 'content_part.done', 'output_item.done'],
        ['output_item.added', 'output_item.done'],
        ['output_item.added', 'function_call_arguments.delta'],
        ['output_item.added', 'custom_tool_call_input.delta'],
        ['function_call_arguments.delta', 'function_call_arguments.done', 'output_item.done'],
        ['custom_tool_call_input.done', 'output_item.done'],
        ['output_item.added', 'function_call_arguments.delta', 'function_call_arguments.done', 'output_item.done'],
        ['completed'],
      ].flat(),
    );
    expect(messages.map((message) => message.sequence_number)).toEqual(messages.map((_message, index) => index));
    expect(text.split('\n').filter((line) => line.startsWith('event: '))).toEqual(
      messages.map(({ type }) => `event: ${type}`),
    );
    expect(text).not.toContain('[DONE]');
  });

  test('ends in the body of the same reply', () => {
    const { response } = lastOf(text) as { response: JsonObject };
    expect(response).toEqual(bodyOf(events));
    expect(response).toMatchObject({
      id: 'resp_r1',
      object: 'response',
      status: 'completed',
      model: 'vendor/gpt-x',
      instructions: 'Be brief.',
      tools: ask.tools,
      store: false,
      error: null,
      usage: {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 30, cache_write_tokens: 20 },
        output_tokens: 50,
        output_tokens_details: { reasoning_tokens: 40 },
        total_tokens: 150,
      },
    });
  });

  test('is read again as what it was written from', () => {
    const again = collect(parsed(text));
    expect(again).toEqual(collect(openaiResponses.parseReply(bodyOf(events))));
    expect(again.usage).toEqual({ ...usage, serviceTier: 'default' });
    const [choice] = again.choices;
    expect(choice).toMatchObject({ reason: 'tool-calls', logprobs: [token] });
    expect(choice?.content.filter(({ type }) => type !== 'reasoning')).toMatchObject([
      { type: 'text', text: 'Hi there' },
      { id: 'c1', name: 'look', argumentsText: '{"a":1}' },
      { id: 'c2', name: 'run', argumentsText: 'ls', isCustom: true },
      { id: 'c3', name: 'wait', argumentsText: '{}' },
    ]);
  });

  test('survives any order: no start, no stop, no content, several choices, and events after its end', () => {
    const finish: ChatEvent = { type: 'finish', usage };
    expect(collect(parsed(streamOf([finish]))).choices[0]).toMatchObject({ content: [], reason: 'stop' });
    const odd = streamOf([
      { type: 'tool-call-delta', choice: 0, call: 7, argumentsText: 'lost' },
      { type: 'tool-call-end', choice: 0, call: 7 },
      { type: 'reasoning-end', choice: 0 },
      { type: 'reasoning-delta', choice: 0, text: 'Hm.' },
      { type: 'text-delta', choice: 1, text: 'b' },
      said('a'),
      { type: 'tool-call-start', choice: 0, call: 0, id: 'c', name: 'look' },
      said('c'),
      finish,
      finish,
      said('late'),
    ]);
    expect(collect(parsed(odd)).choices[0]?.content).toMatchObject([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'a' },
      { type: 'tool-call', id: 'c', argumentsText: '{}' },
      { type: 'text', text: 'c' },
    ]);
    expect(odd).not.toContain('late');
  });

  test('that fails says so twice, as OpenAI does', () => {
    const error = new GatewayError('provider_overloaded', 'The provider is overloaded.');
    const broken = streamOf([...events.slice(0, 8), { type: 'error', error }, ...events.slice(8)]);
    const [first, second] = messagesIn(broken).slice(-2);
    expect(first).toMatchObject({
      type: 'error',
      error: { message: error.message, type: 'server_error', param: null, code: 'provider_overloaded' },
    });
    expect(second).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'provider_overloaded', message: error.message } },
    });
    expect(withoutRaw(parsed(broken)).at(-1)).toMatchObject({ type: 'error', error: { code: 'provider_overloaded' } });
  });
});

describe('the end of an answer', () => {
  test.each([
    ['completed', null, [said('a'), ...stopped('stop')]],
    ['incomplete', 'max_output_tokens', [said('a'), ...stopped('length')]],
    ['incomplete', 'content_filter', [said('a'), ...stopped('content-filter')]],
    ['incomplete', 'content_filter', stopped('refusal')],
    ['completed', null, [{ type: 'refusal-delta', choice: 0, text: 'No.' } as const, ...stopped('refusal')]],
  ] as const)('is %s for %p', (status, reason, list) => {
    const body = bodyOf(list);
    expect(body).toMatchObject({ status, incomplete_details: reason === null ? null : { reason } });
    const last = lastOf(streamOf(list));
    expect(last).toMatchObject({ type: `response.${status}`, response: body });
    expect(body.output).toMatchObject(list.length > 2 ? [{ status }] : []);
  });
});

test('items of this dialect keep what they were', () => {
  const own: ChatEvent[] = [
    { type: 'start', id: 'resp_9', model: 'm' },
    { type: 'reasoning-end', choice: 0, redacted: ours({ encrypted_content: 'E', id: 'rs_9' }) },
    { ...said('One'), signature: ours({ item: { id: 'msg_9', phase: 'commentary' } }) } as ChatEvent,
    {
      ...said('Two'),
      signature: ours({ item: { id: 'msg_8' }, before: [{ item: { id: 'msg_9', phase: 'commentary' }, length: 3 }] }),
    } as ChatEvent,
    { type: 'tool-call-start', choice: 0, call: 0, id: 'c', name: 'f', signature: ours({ item: { id: 'fc_9' } }) },
    { type: 'tool-call-end', choice: 0, call: 0 },
    ...stopped('stop'),
  ];
  const body = bodyOf(own);
  expect(body).toMatchObject({
    id: 'resp_9',
    output: [
      { type: 'reasoning', id: 'rs_9', encrypted_content: 'E', summary: [] },
      { type: 'message', id: 'msg_9', phase: 'commentary', content: [{ text: 'One' }] },
      { type: 'message', id: 'msg_8', content: [{ text: 'Two' }] },
      { type: 'function_call', id: 'fc_9', call_id: 'c', arguments: '{}' },
    ],
  });
  expect(lastOf(streamOf(own)).response).toEqual(body);
});

test("thoughts and proofs of any vendor come back from a client that sends a reply's items again", () => {
  const shown: ChatEvent[] = [
    { type: 'reasoning-delta', choice: 0, text: 'Shown.' },
    { type: 'reasoning-end', choice: 0, redacted: ours({ encrypted_content: 'E', id: 'rs_9' }) },
    ...events,
  ];
  const { response } = lastOf(streamOf(shown)) as { response: { output: JsonObject[] } };
  const input = [{ role: 'user', content: 'Hello' }, ...response.output];
  const { messages } = openaiResponses.parseRequest({ model: 'm', input }, {});
  expect(messages[1]?.content).toMatchObject([
    { type: 'reasoning', text: 'Shown.', redacted: ours({ encrypted_content: 'E', id: 'rs_9' }) },
    { type: 'reasoning', text: 'Hm.', signature: proof },
    { type: 'reasoning', text: '', redacted: { dialect: 'another', value: 'hidden' } },
    { type: 'text', text: 'Hi there' },
    { id: 'c1', signature: proof },
    { id: 'c2', isCustom: true },
    { id: 'c3' },
  ]);
});
