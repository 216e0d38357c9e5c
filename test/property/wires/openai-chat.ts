import fc from 'fast-check';
import { type AssistantPart, type ChatRequest, REASONING_EFFORTS, type UserPart } from '../../../src/chat/request.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import {
  anyName,
  anyObject,
  anyText,
  base64,
  chatRequest,
  functions,
  inline,
  legalCallId,
  objectText,
  optionally,
  someText,
  type Words,
} from '../../../src/testing/arbitrary-chat.ts';
import type { Wire } from '../wire.ts';

const dialect = openaiChat.id;
const constant = fc.constant;
const text = fc.record({ type: constant('text' as const), text: anyText });
/** A proof in this dialect is the entry of `reasoning_details` it came in. */
const proof = (field: 'signature' | 'data') =>
  someText.map((value) => ({
    dialect,
    value: JSON.stringify(
      field === 'data' ? { type: 'reasoning.encrypted', data: value } : { type: 'reasoning.text', signature: value },
    ),
  }));
const part = (name: string) => ({
  type: constant('other' as const),
  dialect: constant(dialect),
  value: constant({ type: name }),
});

const userPart: fc.Arbitrary<UserPart> = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.record({
    type: constant('image' as const),
    source: fc.oneof(
      inline('image/png', 'image/webp'),
      fc.record({ type: constant('url' as const), url: fc.webUrl() }),
    ),
    detail: fc.constantFrom(undefined, 'auto', 'low', 'high'),
  }),
  fc.record({ type: constant('audio' as const), source: inline('audio/mpeg', 'audio/wav') }),
  // A file that is sent inline has a name there.
  fc.record({ type: constant('file' as const), source: inline('application/pdf'), filename: anyText }),
  fc.record({ type: constant('file' as const), source: fc.record({ type: constant('file-id' as const), id: base64 }) }),
  fc.record(part('video_url')),
);

/** An assistant's message has one field for each kind of content, so there is one of each, in this order. */
const said: fc.Arbitrary<AssistantPart[]> = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.record({ type: constant('reasoning' as const), text: anyText, signature: proof('signature') }),
        fc.record({ type: constant('reasoning' as const), text: constant(''), redacted: proof('data') }),
      ),
      { maxLength: 2 },
    ),
    fc.array(fc.record({ type: constant('text' as const), text: someText }), { maxLength: 1 }),
    fc.array(fc.record(part('some_part')), { maxLength: 1 }),
    fc.array(fc.record({ type: constant('refusal' as const), text: someText }), { maxLength: 1 }),
    fc.array(
      fc.record({
        type: constant('audio' as const),
        source: fc.record({ type: constant('file-id' as const), id: anyName }),
      }),
      { maxLength: 1 },
    ),
  )
  .map((parts) => parts.flat());

const call = fc
  .record({
    name: anyName,
    argumentsText: fc.oneof(objectText, someText),
    signature: fc.option(
      anyObject.map((value) => ({ dialect, value: JSON.stringify({ ...value, google: 1 }) })),
      { nil: undefined },
    ),
  })
  .chain((fields) => fc.constantFrom({ ...fields }, { ...fields, isCustom: true }));

const words: Omit<Words, 'fields'> = {
  choices: ['auto', 'none', 'required', 'tool', 'allowed'],
  agree,
  dialect,
  system: fc.array(text, { maxLength: 3 }),
  userPart,
  said,
  call,
  callId: legalCallId,
  ids: 'unique',
  // Text only, and without a flag for failure.
  result: fc.record({ content: fc.array(text, { minLength: 1, maxLength: 2 }), isError: constant(false) }),
  resultNames: 'untold',
  tools: fc
    .tuple(
      functions(optionally({ description: anyText, parameters: anyObject, strict: fc.boolean() })),
      fc.array(
        fc.record({ type: constant('other' as const), dialect: constant(dialect), value: constant({ type: 'x' }) }),
        {
          maxLength: 1,
        },
      ),
    )
    .map((tools) => tools.flat()),
};

const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -2, max: 2 }).map((value) => value + 0);

const always = {
  stream: fc.boolean(),
  parallelToolCalls: fc.boolean(),
  output: fc.oneof(
    constant({ type: 'json' as const }),
    fc.record({
      type: constant('json-schema' as const),
      name: anyName,
      description: anyText,
      schema: anyObject,
      strict: fc.boolean(),
    }),
  ),
  maxOutputTokens: fc.integer({ min: 1, max: 1e6 }),
  seed: fc.integer(),
  choices: fc.integer({ min: 1, max: 128 }),
  user: anyText,
  serviceTier: fc.constantFrom('auto', 'default', 'flex', 'scale', 'priority'),
  metadata: fc.dictionary(fc.string(), anyText, { maxKeys: 3 }),
  extras: fc.constantFrom({}, { store: true, prediction: { type: 'content', content: 'x' } }),
};

/** Without tools nothing is said of calls; and counts in a stream are asked for always, and only there. */
function agree({ parallelToolCalls, ...request }: ChatRequest): ChatRequest {
  const calls = request.tools.length > 0 ? { parallelToolCalls } : {};
  return { ...request, ...calls, wantsStreamUsage: request.stream };
}

export const openaiChatWire: Wire = {
  dialect: openaiChat,
  kinds: [
    {
      name: 'a plain model',
      reasoning: { supported: false, required: false, efforts: [] },
      request: chatRequest({
        ...words,
        fields: optionally({
          ...always,
          temperature: number,
          topP: number,
          presencePenalty: number,
          frequencyPenalty: number,
          stop: fc.array(anyText, { maxLength: 4 }),
          topLogprobs: fc.nat(20),
        }),
      }),
    },
    {
      name: 'a reasoning model',
      reasoning: { supported: true, required: true, efforts: REASONING_EFFORTS },
      request: chatRequest({
        ...words,
        fields: optionally({
          ...always,
          reasoning: fc.constantFrom(...REASONING_EFFORTS).map((effort) => ({ effort })),
        }),
      }),
    },
  ],
  path: () => ({}),
  blocksOf: (body) => conversationOf(body),
  headOf: (body) => {
    const { messages, tools } = body as Body;
    return { tools, instructions: messages.filter(isInstruction) };
  },
  callIdsOf: (body) => ({
    calls: conversationOf(body).flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id)),
    results: conversationOf(body).flatMap(({ tool_call_id }) => (tool_call_id === undefined ? [] : [tool_call_id])),
  }),
  // Any text of 1 to 40 characters: https://community.openai.com/t/-/1066985
  legalCallId: /^[\s\S]{1,40}$/,
};

interface Body {
  messages: WireMessage[];
  tools: unknown;
}
interface WireMessage {
  role: string;
  tool_calls?: { id: string }[];
  tool_call_id?: string;
}
const isInstruction = ({ role }: WireMessage) => role === 'system' || role === 'developer';
const conversationOf = (body: unknown) => (body as Body).messages.filter((message) => !isInstruction(message));
