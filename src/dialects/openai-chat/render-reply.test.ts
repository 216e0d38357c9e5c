import { describe, expect, test } from 'bun:test';
import OpenAI from 'openai';
import type { ChatEvent } from '../../chat/event.ts';
import { collect } from '../../chat/reply.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { NO_USAGE } from '../../chat/usage.ts';
import { GatewayError } from '../../errors.ts';
import { createSseParser } from '../../lib/sse.ts';
import { contextOf, foreignRequest } from '../openai-common/test-requests.ts';
import { parseReply } from './parse-reply.ts';
import { parseRequest } from './parse-request.ts';
import { createStreamParser } from './parse-stream.ts';
import { renderReply } from './render-reply.ts';
import { createStreamRenderer } from './render-stream.ts';

const asking = foreignRequest({ stream: true, wantsStreamUsage: true });
const usage = { ...NO_USAGE, input: 3, cacheRead: 2, output: 7, reasoning: 4 };

const events: ChatEvent[] = [
  { type: 'start', id: 'msg_1', model: 'vendor-model' },
  { type: 'reasoning-delta', choice: 0, text: 'Hm.' },
  { type: 'reasoning-end', choice: 0, signature: { dialect: 'another', value: 'sig' } },
  { type: 'other' },
  { type: 'text-delta', choice: 0, text: 'I will ' },
  { type: 'text-delta', choice: 0, text: 'look.' },
  { type: 'citation', choice: 0, citation: { type: 'odd', url: 'https://example.com', title: 'A' } },
  { type: 'logprobs', choice: 0, tokens: [{ token: 'é', logprob: -1, top: [] }] },
  {
    type: 'tool-call-start',
    choice: 0,
    call: 0,
    id: 'c1',
    name: 'look',
    signature: { dialect: 'another', value: 'p' },
  },
  { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '{"a"' },
  { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: ':1}' },
  { type: 'tool-call-end', choice: 0, call: 0 },
  { type: 'tool-call-start', choice: 0, call: 1, id: 'c2', name: 'wait' },
  { type: 'tool-call-end', choice: 0, call: 1 },
  { type: 'usage', usage: NO_USAGE },
  { type: 'stop', choice: 0, reason: 'tool-calls' },
  { type: 'finish', usage },
];

function streamOf(list: ChatEvent[], request: ChatRequest = asking): string {
  const renderer = createStreamRenderer(contextOf(request));
  return list.map((event) => renderer.render(event)).join('');
}

function chunksOf(text: string) {
  const frames = text.split('\n\n').filter((frame) => frame !== '' && frame !== 'data: [DONE]');
  return frames.map((frame) => JSON.parse(frame.slice('data: '.length)));
}

function parsed(text: string): ChatEvent[] {
  const sse = createSseParser();
  const parser = createStreamParser();
  return [...sse.push(text).flatMap((message) => parser.parse(message)), ...parser.end()];
}

/** The official client, with an answer in place of a network. */
function clientAnswering(text: string, type: string): OpenAI {
  const answer = () => Promise.resolve(new Response(text, { headers: { 'content-type': type } }));
  return new OpenAI({ apiKey: 'none', baseURL: 'http://localhost/v1', maxRetries: 0, fetch: answer });
}

const ask = { model: 'gpt-x', messages: [{ role: 'user' as const, content: 'Hello' }] };

describe('a body', () => {
  test('has every field of a chat.completion', () => {
    const call = (id: string, name: string, text: string) => ({
      id,
      type: 'function',
      function: { name, arguments: text },
    });
    expect<unknown>(renderReply(collect(events), contextOf(asking))).toEqual({
      id: 'chatcmpl-r1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'vendor/gpt-x',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'I will look.',
            reasoning_content: 'Hm.',
            reasoning_details: [{ type: 'reasoning.text', signature: 'sig', format: 'dialect/another', text: 'Hm.' }],
            refusal: null,
            annotations: [
              {
                type: 'url_citation',
                url_citation: { start_index: 12, end_index: 12, url: 'https://example.com', title: 'A' },
              },
            ],
            tool_calls: [
              { ...call('c1', 'look', '{"a":1}'), extra_content: { signature: 'p', format: 'dialect/another' } },
              call('c2', 'wait', '{}'),
            ],
          },
          logprobs: { content: [{ token: 'é', logprob: -1, bytes: [195, 169], top_logprobs: [] }], refusal: null },
          finish_reason: 'tool_calls',
        },
      ],
      usage: {
        prompt_tokens: 5,
        completion_tokens: 7,
        total_tokens: 12,
        prompt_tokens_details: { cached_tokens: 2, audio_tokens: 0 },
        completion_tokens_details: {
          reasoning_tokens: 4,
          audio_tokens: 0,
          accepted_prediction_tokens: 0,
          rejected_prediction_tokens: 0,
        },
      },
      system_fingerprint: null,
    });
  });

  test('is read by the official client, and by us as the reply it was', async () => {
    const body = renderReply(collect(events), contextOf(asking));
    const client = clientAnswering(JSON.stringify(body), 'application/json');
    const completion = await client.chat.completions.parse(ask);
    expect(completion.choices[0]?.message.tool_calls).toHaveLength(2);
    expect(collect(parseReply(body)).choices[0]).toMatchObject({
      reason: 'tool-calls',
      content: [{ type: 'reasoning' }, { type: 'text', text: 'I will look.' }, { id: 'c1' }, { id: 'c2' }],
    });
  });

  test('without content is an empty answer, and a refusal or a call only has null content', () => {
    const message = (list: ChatEvent[]) => chunksFree(renderReply(collect(list), contextOf(asking)));
    expect(message([])).toMatchObject({ message: { content: '', refusal: null }, finish_reason: 'stop' });
    const refusal: ChatEvent[] = [
      { type: 'refusal-delta', choice: 0, text: 'No.' },
      { type: 'stop', choice: 0, reason: 'refusal' },
    ];
    expect(message(refusal)).toMatchObject({ message: { content: null, refusal: 'No.' }, finish_reason: 'stop' });
    expect(message([{ type: 'stop', choice: 0, reason: 'refusal' }])).toMatchObject({
      finish_reason: 'content_filter',
    });
  });
});

function chunksFree(body: unknown) {
  return (body as { choices: unknown[] }).choices[0];
}

describe('a stream', () => {
  test('begins with the role, ends with counts and the end mark, and says null counts before', () => {
    const text = streamOf(events);
    const chunks = chunksOf(text);
    expect(chunks[0]).toEqual({
      id: 'chatcmpl-r1',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: 'vendor/gpt-x',
      system_fingerprint: null,
      choices: [
        { index: 0, delta: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: null },
      ],
      usage: null,
    });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 12 } });
    expect(chunks.at(-2)).toMatchObject({ choices: [{ delta: {}, finish_reason: 'tool_calls' }], usage: null });
    expect(text.endsWith('}\n\ndata: [DONE]\n\n')).toBe(true);
  });

  test('tells no counts to a client that did not ask', () => {
    const text = streamOf(events, foreignRequest({ stream: true }));
    expect(text).not.toContain('"usage"');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  test('is added up by the official client to what the body says', async () => {
    const stream = clientAnswering(streamOf(events), 'text/event-stream').chat.completions.stream(ask);
    const { choices, usage: counted } = await stream.finalChatCompletion();
    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: 'I will look.',
        tool_calls: [
          { id: 'c1', function: { name: 'look', arguments: '{"a":1}' } },
          { id: 'c2', function: { name: 'wait', arguments: '{}' } },
        ],
      },
    });
    expect(counted?.total_tokens).toBe(12);
  });

  test('is read by our own parser as the reply it was', () => {
    const { choices, usage: counted } = collect(parsed(streamOf(events)));
    const [choice] = collect(events).choices;
    expect(counted).toEqual(usage);
    expect(choices[0]).toMatchObject({ reason: 'tool-calls', logprobs: choice?.logprobs ?? [] });
    expect(choices[0]?.content.map((part) => part.type)).toEqual(choice?.content.map((part) => part.type) ?? []);
    expect(choices[0]?.content.at(-2)).toEqual(choice!.content.at(-2)!);
  });

  test('survives any order: no start, no stop, no content, several choices, and events after its end', () => {
    const finish: ChatEvent = { type: 'finish', usage: NO_USAGE };
    const bare = chunksOf(streamOf([finish]));
    expect(bare.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([null, 'stop', undefined]);
    const two = streamOf([
      { type: 'text-delta', choice: 1, text: 'b' },
      { type: 'text-delta', choice: 0, text: 'a' },
      finish,
      finish,
      { type: 'text-delta', choice: 0, text: 'late' },
    ]);
    expect(collect(parsed(two)).choices.map(({ content }) => content)).toEqual([
      [{ type: 'text', text: 'a' }],
      [{ type: 'text', text: 'b' }],
    ]);
    expect(two.split('[DONE]')).toHaveLength(2);
  });

  test('that fails ends in an error and the end mark', () => {
    const error = new GatewayError('provider_overloaded', 'The provider is overloaded.');
    const text = streamOf([...events.slice(0, 5), { type: 'error', error }, ...events.slice(5)]);
    expect(chunksOf(text).at(-1)).toEqual({
      error: { message: 'The provider is overloaded.', type: 'server_error', param: null, code: 'provider_overloaded' },
    });
    expect(text.endsWith('}\n\ndata: [DONE]\n\n')).toBe(true);
    expect(parsed(text).at(-1)).toMatchObject({ type: 'error' });
  });
});

test('a client that still sends functions gets a function_call', () => {
  const request = parseRequest({ model: 'm', messages: ask.messages, functions: [{ name: 'look' }] }, {});
  const { message, finish_reason } = chunksFree(renderReply(collect(events), contextOf(request))) as {
    message: object;
    finish_reason: string;
  };
  expect(message).toMatchObject({ function_call: { name: 'look', arguments: '{"a":1}' } });
  expect(message).not.toHaveProperty('tool_calls');
  expect(finish_reason).toBe('function_call');
  const streamed = streamOf(events, request);
  expect(streamed).not.toContain('tool_calls');
  expect(collect(parsed(streamed)).choices[0]?.content.at(-1)).toMatchObject({
    name: 'look',
    argumentsText: '{"a":1}',
  });
});

test('a custom tool is called with free text', () => {
  const custom: ChatEvent[] = [
    { type: 'tool-call-start', choice: 0, call: 0, id: 'c', name: 'run', isCustom: true },
    { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: 'ls' },
    { type: 'tool-call-end', choice: 0, call: 0 },
    { type: 'stop', choice: 0, reason: 'tool-calls' },
    { type: 'finish', usage: NO_USAGE },
  ];
  const expected = [{ type: 'tool-call', id: 'c', name: 'run', argumentsText: 'ls', isCustom: true }];
  expect<unknown>(collect(parsed(streamOf(custom))).choices[0]?.content).toEqual(expected);
  expect<unknown>(collect(parseReply(renderReply(collect(custom), contextOf(asking)))).choices[0]?.content).toEqual(
    expected,
  );
});

test("another vendor's proofs come back from a client that keeps its messages", () => {
  const { message } = chunksFree(renderReply(collect(events), contextOf(asking))) as { message: object };
  const { messages } = parseRequest({ model: 'm', messages: [...ask.messages, message] }, {});
  expect(messages[1]?.content).toMatchObject([
    { type: 'reasoning', text: 'Hm.', signature: { dialect: 'another', value: 'sig' } },
    { type: 'text' },
    { id: 'c1', signature: { dialect: 'another', value: 'p' } },
    { id: 'c2' },
  ]);
});

test('proofs survive the official client, which keeps only the last piece of a field it does not know', async () => {
  const signature = { dialect: 'another', value: 'sig' };
  const thinking: ChatEvent[] = [
    { type: 'start', id: 'i', model: 'm' },
    { type: 'reasoning-delta', choice: 0, text: 'Let me ' },
    { type: 'reasoning-delta', choice: 0, text: 'think.' },
    { type: 'reasoning-end', choice: 0, signature },
    ...events.slice(3),
  ];
  const streamed = streamOf(thinking);
  const { choices } = await clientAnswering(streamed, 'text/event-stream')
    .chat.completions.stream(ask)
    .finalChatCompletion();
  const { messages } = parseRequest({ model: 'm', messages: [...ask.messages, choices[0]?.message] }, {});
  const thought = { type: 'reasoning', text: 'Let me think.', signature };
  expect(messages[1]?.content[0]).toEqual(thought as never);
  expect(collect(parsed(streamed)).choices[0]?.content[0]).toEqual(thought as never);
});
