import { describe, expect, test } from 'bun:test';
import type { ChatEvent } from '../../chat/event.ts';
import { collect, textOf } from '../../chat/reply.ts';
import type { JsonObject } from '../../lib/json.ts';
import { createSseParser } from '../../lib/sse.ts';
import { foreignRequest } from '../openai-common/test-requests.ts';
import { parseReply } from './parse-reply.ts';
import { createStreamParser, isUnasked } from './parse-stream.ts';

function parseStream(text: string): ChatEvent[] {
  const sse = createSseParser();
  const parser = createStreamParser();
  const messages = [...sse.push(text), ...sse.end()];
  return [...messages.flatMap((message) => parser.parse(message)), ...parser.end()];
}

function stream(...chunks: JsonObject[]): ChatEvent[] {
  return parseStream(`${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')}data: [DONE]\n\n`);
}

const delta = (fields: JsonObject, finish: string | null = null) => ({
  id: 'chatcmpl-1',
  model: 'gpt-x',
  choices: [{ index: 0, delta: fields, finish_reason: finish }],
});

const call = (fields: JsonObject, fn: JsonObject) => delta({ tool_calls: [{ ...fields, function: fn }] });

function callsOf(events: ChatEvent[]): unknown[] {
  const content = collect(events).choices[0]?.content ?? [];
  return content.flatMap((part) => (part.type === 'tool-call' ? [[part.id, part.name, part.argumentsText]] : []));
}

test('a body and a stream of the same answer fold to the same reply', () => {
  const usage = { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 };
  const logprob = { token: 'Hi', logprob: -0.1, top_logprobs: [{ token: 'Yo', logprob: -2 }] };
  const annotation = { type: 'url_citation', url_citation: { url: 'https://example.com', title: 'A' } };
  const toolCall = { id: 'c', type: 'function', function: { name: 'look', arguments: '{"a":1}' } };
  const body = {
    id: 'chatcmpl-1',
    model: 'gpt-x',
    service_tier: 'default',
    choices: [
      {
        index: 0,
        message: { content: 'Hi there', reasoning_content: 'Hm.', tool_calls: [toolCall], annotations: [annotation] },
        logprobs: { content: [logprob] },
        finish_reason: 'tool_calls',
      },
    ],
    usage,
  };
  const streamed = stream(
    delta({ role: 'assistant', content: '', reasoning_content: 'Hm.' }),
    delta({ content: 'Hi' }),
    delta({ content: ' there' }),
    {
      ...delta({ annotations: [annotation] }),
      choices: [{ index: 0, delta: { annotations: [annotation] }, logprobs: { content: [logprob] } }],
    },
    call({ index: 0, id: 'c' }, { name: 'look', arguments: '' }),
    call({ index: 0 }, { arguments: '{"a"' }),
    call({ index: 0 }, { arguments: ':1}' }),
    delta({}, 'tool_calls'),
    { id: 'chatcmpl-1', service_tier: 'default', choices: [], usage },
  );
  const folded = collect(parseReply(body));
  expect(collect(streamed)).toEqual(folded);
  expect(folded).toMatchObject({
    id: 'chatcmpl-1',
    model: 'gpt-x',
    choices: [{ reason: 'tool-calls', logprobs: [{ token: 'Hi', top: [{ token: 'Yo' }] }] }],
    usage: { input: 9, output: 5, serviceTier: 'default' },
  });
  expect(streamed.map((event) => event.type).slice(-3)).toEqual(['stop', 'usage', 'finish']);
});

describe('liberties that servers take', () => {
  test('no id, no model, usage with the finish reason, which comes twice', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2 };
    const choice = { delta: { content: 'Hi' } };
    const last = { choices: [{ delta: {}, finish_reason: 'stop' }], usage };
    const events = stream({ choices: [choice] }, last, last);
    expect(events[0]).toMatchObject({ type: 'start', id: expect.stringMatching(/^chatcmpl-[0-9a-f]{32}$/), model: '' });
    expect(events.filter((event) => event.type === 'stop')).toHaveLength(1);
    expect(collect(events)).toMatchObject({ choices: [{ reason: 'stop' }], usage: { input: 1, output: 2 } });
  });

  test('comments and a first chunk without choices wait for the start', () => {
    const first = 'data: {"id":"","model":"","choices":[],"prompt_filter_results":[]}\n\n';
    const rest = `data: ${JSON.stringify(delta({ content: 'Hi' }, 'stop'))}\n\ndata: [DONE]\n\n`;
    const events = parseStream(`: WAITING\n\n${first}${rest}`);
    expect(events.map((event) => event.type)).toEqual(['other', 'other', 'start', 'text-delta', 'stop', 'finish']);
    expect(events.map((event) => event.raw?.frame ?? '').join('')).toBe(`: WAITING\n\n${first}${rest}`);
  });

  test('a stream without its end mark is whole once every choice has stopped', () => {
    const text = `data: ${JSON.stringify(delta({ content: 'Hi' }, 'stop'))}\n\n`;
    expect(parseStream(text).at(-1)).toMatchObject({ type: 'finish' });
    expect(parseStream(text.replace('"stop"', 'null')).at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'provider_garbled' },
    });
  });

  test('every call at index 0, without indexes, or with the name in each fragment', () => {
    const whole = (id: string | undefined, name: string) => ({ id, function: { name, arguments: '{"a":1}' } });
    const same = stream(
      delta({ tool_calls: [{ index: 0, ...whole('x', 'one') }] }),
      delta({ tool_calls: [{ index: 0, ...whole('y', 'two') }] }),
    );
    expect(callsOf(same)).toEqual([
      ['x', 'one', '{"a":1}'],
      ['y', 'two', '{"a":1}'],
    ]);

    const unnumbered = stream(delta({ tool_calls: [whole('', 'one')] }), delta({ tool_calls: [whole('', 'two')] }));
    expect(callsOf(unnumbered)).toEqual([
      ['call_chatcmpl1_0_0', 'one', '{"a":1}'],
      ['call_chatcmpl1_0_1', 'two', '{"a":1}'],
    ]);

    const repeated = stream(
      call({ index: 0, id: 'x' }, { name: 'one', arguments: '{"a"' }),
      call({ index: 0, id: 'x' }, { name: 'one', arguments: ':1}' }),
    );
    expect(callsOf(repeated)).toEqual([['x', 'one', '{"a":1}']]);
  });

  test('fragments of two calls in turns are told as one trio after the other', () => {
    const events = stream(
      call({ index: 0, id: 'x' }, { name: 'one' }),
      call({ index: 1, id: 'y' }, { name: 'two' }),
      call({ index: 1 }, { arguments: '{"b":2}' }),
      call({ index: 0 }, { arguments: '{"a":1}' }),
      delta({}, 'stop'),
    );
    const types = events.map((event): string => event.type).filter((type) => type.startsWith('tool-call'));
    const trio = ['tool-call-start', 'tool-call-delta', 'tool-call-end'];
    expect(types).toEqual([...trio, ...trio]);
    expect(callsOf(events)).toEqual([
      ['x', 'one', '{"a":1}'],
      ['y', 'two', '{"b":2}'],
    ]);
    expect(collect(events).choices[0]?.reason).toBe('tool-calls');
  });

  test('arguments as an object, calls without arguments, custom tools and calls of old', () => {
    const body = (message: JsonObject) => parseReply({ id: 'i', choices: [{ message, finish_reason: 'stop' }] });
    expect(callsOf(body({ tool_calls: [{ id: 'x', function: { name: 'one', arguments: { a: 1 } } }] }))).toEqual([
      ['x', 'one', '{"a":1}'],
    ]);
    expect(callsOf(body({ tool_calls: [{ id: 'x', function: { name: 'one', arguments: '' } }] }))).toEqual([
      ['x', 'one', '{}'],
    ]);
    expect(callsOf(body({ tool_calls: [{ id: 'x', custom: { name: 'one', input: 'free' } }] }))).toEqual([
      ['x', 'one', 'free'],
    ]);
    expect(callsOf(body({ function_call: { name: 'one', arguments: '{}' } }))).toEqual([['call_i_0_0', 'one', '{}']]);
  });

  test('thoughts in any of their fields, with the proof that has to be replayed', () => {
    const detail = { type: 'reasoning.text', text: 'Hm.', signature: 'sig', format: 'vendor-v1' };
    const thoughts = (message: JsonObject) =>
      collect(parseReply({ id: 'i', choices: [{ message }] })).choices[0]?.content;
    expect(thoughts({ reasoning: 'Hm.', reasoning_content: 'Hm.', content: 'a' })).toEqual([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'a' },
    ]);
    expect(thoughts({ reasoning_details: [detail], content: 'a' })).toEqual([
      {
        type: 'reasoning',
        text: 'Hm.',
        signature: {
          dialect: 'openai-chat',
          value: '{"type":"reasoning.text","format":"vendor-v1","signature":"sig"}',
        },
      },
      { type: 'text', text: 'a' },
    ]);
    const parts = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
      { type: 'text', text: 'a' },
    ];
    expect(thoughts({ content: parts })).toEqual([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'a' },
    ]);
  });
});

test('a refusal, a filtered answer and sound are told for what they are', () => {
  const reply = (choice: JsonObject) => collect(parseReply({ id: 'i', choices: [choice] })).choices[0];
  const refused = reply({ message: { content: null, refusal: 'No.' }, finish_reason: 'stop' });
  expect(refused).toMatchObject({ content: [{ type: 'refusal', text: 'No.' }], reason: 'refusal' });
  expect(reply({ finish_reason: 'content_filter' })).toEqual({ content: [], reason: 'content-filter', logprobs: [] });
  expect(textOf(reply({ message: { content: null, audio: { transcript: 'Hello' } }, finish_reason: 'stop' }))).toBe(
    'Hello',
  );
});

test('choices of one stream are kept apart, also where they use the same ids', () => {
  const of = (index: number, fields: JsonObject, finish: string | null = null) => ({
    id: 'i',
    choices: [{ index, delta: fields, finish_reason: finish }],
  });
  const tool = { tool_calls: [{ index: 0, id: 'c', function: { name: 'look', arguments: '{}' } }] };
  const { choices } = collect(stream(of(0, tool), of(1, tool), of(1, {}, 'tool_calls'), of(0, {}, 'tool_calls')));
  expect(choices).toHaveLength(2);
  for (const choice of choices) expect(choice).toMatchObject({ content: [{ id: 'c' }], reason: 'tool-calls' });
});

describe('failures', () => {
  test('an error in a stream is classified, and nothing follows it', () => {
    const failed = { error: { message: 'You exceeded your rate for key sk-123', code: 'rate_limit_exceeded' } };
    const events = stream(delta({ content: 'Hi' }), failed, delta({ content: 'more' }, 'stop'));
    expect(events.map((event) => event.type)).toEqual(['start', 'text-delta', 'error']);
    expect(events[2]).toMatchObject({
      error: { code: 'provider_rate_limited' },
      raw: { data: JSON.stringify(failed) },
    });
    expect(JSON.stringify(collect(events).error?.message)).not.toContain('sk-123');
  });

  test('an error in place of a body, or within a choice, is one too', () => {
    expect(parseReply({ error: { message: 'Down', code: 503 } })).toMatchObject([
      { error: { code: 'provider_overloaded' } },
    ]);
    expect(parseReply({ object: 'error', message: 'bad', type: 'BadRequestError', code: 400 })).toMatchObject([
      { error: { code: 'provider_rejected', message: 'bad' } },
    ]);
    const inside = parseReply({ id: 'i', choices: [{ finish_reason: 'error', error: { code: 502, message: 'x' } }] });
    expect(inside.at(-1)).toMatchObject({ type: 'error', error: { code: 'provider_failed' } });
  });

  test.each(['data: {"id":"x","cho\n\n', 'data: 5\n\n', 'data: [DONE]\n\n', 'upstream connect error\n\n', ''])(
    'the stream %j is garbled',
    (text) => {
      const events = parseStream(text);
      expect(events).toMatchObject([{ type: 'error', error: { code: 'provider_garbled' } }]);
    },
  );

  test('a bare error body between frames is read', () => {
    expect(parseStream('{"error":{"message":"Overloaded","type":"overloaded_error"}}\n\n')).toMatchObject([
      { type: 'error', error: { code: 'provider_overloaded' } },
    ]);
  });
});

test('only the chunk of counts is unasked for, and only where the client did not ask', () => {
  const events = stream(delta({ content: 'Hi' }, 'stop'), { id: 'i', choices: [], usage: { prompt_tokens: 1 } });
  const unasked = (wantsStreamUsage: boolean, isStream = true) => {
    const request = foreignRequest({ stream: isStream, wantsStreamUsage });
    return events.filter((event) => isUnasked(event, request)).map((event) => event.type);
  };
  expect(unasked(false)).toEqual(['usage']);
  expect(unasked(true)).toEqual([]);
  expect(unasked(false, false)).toEqual([]);
});
