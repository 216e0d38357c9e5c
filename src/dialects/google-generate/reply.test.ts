import { expect, test } from 'bun:test';
import { type ChatReply, collect } from '../../chat/reply.ts';
import { NO_USAGE } from '../../chat/usage.ts';
import type { JsonObject } from '../../lib/json.ts';
import { googleGenerate } from './index.ts';
import { chunk, context, frames, hello, readStream, renderStream } from './test-support.ts';

const usageMetadata = {
  promptTokenCount: 100,
  cachedContentTokenCount: 40,
  candidatesTokenCount: 20,
  thoughtsTokenCount: 7,
  toolUsePromptTokenCount: 5,
  totalTokenCount: 132,
  promptTokensDetails: [
    { modality: 'TEXT', tokenCount: 70 },
    { modality: 'AUDIO', tokenCount: 30 },
  ],
  cacheTokensDetails: [{ modality: 4, tokenCount: 10 }],
  candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 8 }],
  serviceTier: 'standard',
};

const answer = [
  { text: 'I think ', thought: true },
  { text: 'hard.', thought: true },
  { text: 'It is ' },
  { text: 'snow.' },
  { functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'sig-call' },
  { functionCall: { id: 'own', name: 'g' } },
  { text: '', thoughtSignature: 'sig-text' },
];
const grounding = { groundingMetadata: { webSearchQueries: ['snow'] } };

function wholeBody(): JsonObject {
  return chunk(answer, { finishReason: 'STOP', ...grounding }, { usageMetadata });
}

test('a body is told in order, each token in one class', () => {
  const signature = (value: string) => ({ dialect: 'google-generate', value });
  const events = googleGenerate.parseReply(wholeBody());
  const usage = {
    ...NO_USAGE,
    input: 45,
    cacheRead: 40,
    audioInput: 20,
    output: 19,
    reasoning: 7,
    audioOutput: 8,
    extras: { cachedAudio: 10 },
    serviceTier: 'standard',
  };
  expect(events).toEqual([
    { type: 'start', id: 'r-1', model: 'gemini-test' },
    { type: 'usage', usage },
    { type: 'reasoning-delta', choice: 0, text: 'I think ' },
    { type: 'reasoning-delta', choice: 0, text: 'hard.' },
    { type: 'reasoning-end', choice: 0 },
    { type: 'text-delta', choice: 0, text: 'It is ' },
    { type: 'text-delta', choice: 0, text: 'snow.' },
    { type: 'tool-call-start', choice: 0, call: 0, id: 'call_r-1_0_0', name: 'f', signature: signature('sig-call') },
    { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '{"a":1}' },
    { type: 'tool-call-end', choice: 0, call: 0 },
    { type: 'tool-call-start', choice: 0, call: 1, id: 'own', name: 'g' },
    { type: 'tool-call-delta', choice: 0, call: 1, argumentsText: '{}' },
    { type: 'tool-call-end', choice: 0, call: 1 },
    { type: 'text-delta', choice: 0, text: '', signature: signature('sig-text') },
    { type: 'citation', choice: 0, citation: grounding },
    { type: 'stop', choice: 0, reason: 'tool-calls' },
    { type: 'finish', usage: { ...usage, extras: { cachedAudio: 10, calls: { webSearch: 1 } } } },
  ]);
});

test('a stream folds to what the body folds to, however it is cut into chunks', () => {
  const chunks = answer.map((part, i) =>
    i < answer.length - 1 ? chunk([part]) : chunk([part], { finishReason: 'STOP', ...grounding }, { usageMetadata }),
  );
  const events = readStream(frames(...chunks));
  expect(collect(events)).toEqual(collect(googleGenerate.parseReply(wholeBody())));
  expect(collect(googleGenerate.parseReply(chunks))).toEqual(collect(events));
  expect(events.map((event) => event.raw?.frame ?? '').join('')).toBe(frames(...chunks));
});

test('a rendered reply is read back as it was, whole and as a stream', () => {
  const reply = collect(googleGenerate.parseReply(wholeBody()));
  const body = googleGenerate.renderReply(reply, context());
  expect(collect(googleGenerate.parseReply(body))).toEqual(reply);
  const streamed = renderStream(googleGenerate.parseReply(wholeBody()));
  expect(streamed).toMatch(/^(data: \{.*\}\r\n\r\n)+$/);
  expect(collect(readStream(streamed))).toEqual(reply);
  expect(streamed.match(/finishReason/g)).toHaveLength(1);
});

test('thoughts are shown only to a client that asked for them', () => {
  const events = googleGenerate.parseReply(wholeBody());
  expect(renderStream(events, context(hello))).not.toContain('thought":true');
  expect(JSON.stringify(googleGenerate.renderReply(collect(events), context(hello)))).not.toContain('thought":true');
});

test('several candidates, logprobs and enum numbers are read and written', () => {
  const logprobsResult = {
    topCandidates: [{ candidates: [{ token: 'a', logProbability: -0.1 }] }],
    chosenCandidates: [{ token: 'a', logProbability: -0.1 }],
  };
  const body = {
    candidates: [
      { content: { parts: [{ text: 'a' }] }, finishReason: 1, logprobsResult },
      { content: { parts: [{ text: 'b' }] }, finishReason: 2, index: 1 },
      { finishReason: 'SAFETY', index: 2 },
    ],
    responseId: 'r-1',
    modelVersion: 'gemini-test',
  };
  const reply = collect(googleGenerate.parseReply(body));
  expect(reply.choices).toEqual([
    {
      content: [{ type: 'text', text: 'a' }],
      reason: 'stop',
      stopSequence: undefined,
      logprobs: [{ token: 'a', logprob: -0.1, top: [{ token: 'a', logprob: -0.1 }] }],
    },
    { content: [{ type: 'text', text: 'b' }], reason: 'length', stopSequence: undefined, logprobs: [] },
    { content: [], reason: 'content-filter', stopSequence: undefined, logprobs: [] },
  ]);
  const rendered = googleGenerate.renderReply(reply, context());
  expect(collect(googleGenerate.parseReply(rendered))).toEqual(reply);
  expect(collect(readStream(renderStream(googleGenerate.parseReply(body))))).toEqual(reply);
});

test.each([
  ['STOP', 0, 'stop'],
  ['STOP', 1, 'tool-calls'],
  ['UNEXPECTED_TOOL_CALL', 1, 'tool-calls'],
  ['MALFORMED_FUNCTION_CALL', 0, 'malformed-tool-call'],
  ['MAX_TOKENS', 1, 'length'],
  ['RECITATION', 0, 'content-filter'],
  ['MODEL_ARMOR', 0, 'content-filter'],
  ['IMAGE_SAFETY', 0, 'content-filter'],
  ['LANGUAGE', 0, 'other'],
  ['SOMETHING_NEW', 0, 'other'],
  [7, 0, 'content-filter'],
  [99, 0, 'other'],
  ['constructor', 0, 'other'],
])('the finish reason %p after %d calls is %s', (finishReason, calls, reason) => {
  const parts = Array.from({ length: calls }, () => ({ functionCall: { name: 'f' } }));
  expect(collect(googleGenerate.parseReply(chunk(parts, { finishReason }))).choices[0]?.reason).toBe(reason as never);
});

test('a reply without content is still a candidate a client can read', () => {
  const reply: ChatReply = {
    id: '',
    model: '',
    choices: [{ content: [], reason: 'stop', logprobs: [] }],
    usage: NO_USAGE,
  };
  expect(googleGenerate.renderReply(reply, context())).toEqual({
    candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 },
    modelVersion: 'gemini-test',
    responseId: 'request-1',
  });
});

test('hostile replies end in an error or in what could be read', () => {
  let deep: unknown = {};
  for (let i = 0; i < 100_000; i++) deep = { deep };
  const bodies = [
    null,
    7,
    'text',
    [],
    {},
    { candidates: 7 },
    { candidates: [] },
    { usageMetadata: { promptTokenCount: 'x' } },
    chunk([{ functionCall: { name: 'f', args: deep as JsonObject } }]),
  ];
  for (const body of bodies) expect(collect(googleGenerate.parseReply(body)).error?.code).toBe('provider_garbled');
  const odd = { candidates: [null, 7, { index: 1e9, content: { parts: [null, 7, { text: 7 }, { text: 'x' }] } }] };
  expect(collect(googleGenerate.parseReply(odd)).choices.at(-1)?.content).toEqual([{ type: 'text', text: 'x' }]);
});
