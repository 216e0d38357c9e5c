import fc from 'fast-check';
import type { AssistantPart, UserPart } from '../../../src/chat/request.ts';
import { googleGenerate } from '../../../src/dialects/google-generate/index.ts';
import {
  anyName,
  anyObject,
  anyText,
  chatRequest,
  functions,
  inline,
  legalCallId,
  objectText,
  optionally,
  signed,
  someText,
  type Words,
} from '../../../src/testing/arbitrary-chat.ts';
import type { Wire } from '../wire.ts';

const dialect = googleGenerate.id;
const constant = fc.constant;
const kind = <T extends string>(type: T) => ({ type: constant(type) });
const text = fc.record({ ...kind('text'), text: someText });
const other = fc.record({
  ...kind('other'),
  dialect: constant(dialect),
  value: constant({ executableCode: { code: '1' } }),
});
const upload = {
  ...kind('file-id'),
  id: fc.constantFrom('gs://bucket/a.png', 'https://generativelanguage.googleapis.com/v1beta/files/a'),
};
const image = fc.record({
  ...kind('image'),
  source: fc.oneof(inline('image/png', 'image/webp'), fc.record({ ...upload, mediaType: constant('image/png') })),
});
const file = fc.record({
  ...kind('file'),
  source: fc.oneof(
    inline('application/pdf', 'video/mp4', 'text/csv'),
    fc.record({ ...upload, mediaType: constant('application/pdf') }, { requiredKeys: ['type', 'id'] }),
    constant({ type: 'url' as const, url: 'https://youtu.be/abc' }),
  ),
});
const audio = fc.record({ ...kind('audio'), source: inline('audio/wav', 'audio/mpeg') });
const userPart: fc.Arbitrary<UserPart> = fc.oneof({ weight: 3, arbitrary: text }, image, file, audio, other);
const said: fc.Arbitrary<AssistantPart[]> = fc.array(
  fc.oneof(
    text,
    fc.record({ ...kind('text'), text: anyText, signature: signed(dialect) }),
    // Thoughts without a signature are not asked back.
    fc.record({ ...kind('reasoning'), text: anyText, signature: signed(dialect) }),
    fc.record({ ...kind('image'), source: inline('image/png') }),
    other,
  ),
  { maxLength: 4 },
);

const words = (result: Words['result']): Omit<Words, 'fields'> => ({
  dialect,
  system: fc.array(text, { maxLength: 2 }),
  userPart,
  said,
  // The first call of a turn gets a stand-in where it has no signature, so each has one.
  call: fc.record({ name: anyName, argumentsText: objectText, signature: signed(dialect) }),
  callId: legalCallId,
  ids: 'unique',
  result,
  resultNames: 'told',
  choices: ['auto', 'none', 'required', 'tool', 'allowed'],
  tools: fc
    .tuple(
      functions(optionally({ description: someText, parameters: anyObject })),
      fc
        .subarray(['googleSearch', 'codeExecution', 'urlContext'])
        .map((names) => names.map((name) => ({ type: 'other' as const, dialect, value: { [name]: {} } }))),
    )
    .map((tools) => tools.flat()),
});

const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -2, max: 2 }).map((value) => value + 0);
const always = {
  stream: fc.boolean(),
  output: fc.oneof(constant({ type: 'json' as const }), fc.record({ ...kind('json-schema'), schema: anyObject })),
  maxOutputTokens: fc.integer({ min: 1, max: 1e6 }),
  temperature: number,
  topP: number,
  topK: number,
  seed: fc.integer(),
  stop: fc.array(anyText, { maxLength: 5 }),
  choices: fc.integer({ min: 1, max: 8 }),
  topLogprobs: fc.nat(20),
  serviceTier: fc.constantFrom('flex', 'priority', 'standard'),
  extras: fc.constantFrom({}, { safetySettings: [] }, { generationConfig: { mediaResolution: 'LOW' } }),
};
/** One text and, from Gemini 3 on, media beside it. */
const spoken = text.map((one) => [one]);

export const googleGenerateWire: Wire = {
  dialect: googleGenerate,
  kinds: [
    {
      name: 'a model with levels of thinking',
      reasoning: { supported: true, required: true, efforts: ['minimal', 'low', 'medium', 'high'] },
      request: chatRequest({
        ...words(
          fc.record({
            content: fc
              .tuple(anyText, fc.array(fc.oneof(image, file), { maxLength: 2 }))
              .map(([told, media]) => [{ type: 'text' as const, text: told }, ...media]),
            isError: fc.boolean(),
          }),
        ),
        fields: optionally({
          ...always,
          reasoning: fc.record(
            { effort: fc.constantFrom('minimal', 'low', 'medium', 'high'), includeThoughts: constant(true) },
            { requiredKeys: ['effort'] },
          ),
        }),
      }),
    },
    {
      name: 'a model with a budget for thinking',
      reasoning: { supported: true, required: false, efforts: [] },
      request: chatRequest({
        ...words(fc.record({ content: spoken, isError: fc.boolean() })),
        fields: optionally({
          ...always,
          reasoning: fc
            .oneof(fc.constantFrom(0, -1), fc.integer({ min: 512, max: 24576 }))
            .map((budgetTokens) => ({ budgetTokens })),
        }),
      }),
    },
    {
      name: 'a model that does not think',
      reasoning: { supported: false, required: false, efforts: [] },
      request: chatRequest({
        ...words(fc.record({ content: spoken, isError: fc.boolean() })),
        fields: optionally({
          ...always,
          presencePenalty: number.filter((value) => value !== 0),
          frequencyPenalty: number.filter((value) => value !== 0),
        }),
      }),
    },
  ],
  path: ({ model, stream }) => ({ model, stream }),
  blocksOf: (body) => turnsOf(body).flatMap(({ role, parts }) => parts.map((part) => ({ role, ...part }))),
  headOf: (body) => {
    const { systemInstruction, tools } = body as Record<string, unknown>;
    return { systemInstruction, tools };
  },
  callIdsOf: (body) => {
    const parts = turnsOf(body).flatMap((turn) => turn.parts);
    return {
      calls: parts.flatMap(({ functionCall }) => (functionCall ? [functionCall.id] : [])),
      results: parts.flatMap(({ functionResponse }) => (functionResponse ? [functionResponse.id] : [])),
    };
  },
  // Any text; without one, calls are told apart by their order only.
  legalCallId: /^[\s\S]+$/,
};

interface WirePart {
  functionCall?: { id: string };
  functionResponse?: { id: string };
}
const turnsOf = (body: unknown) => (body as { contents: { role: string; parts: WirePart[] }[] }).contents;
