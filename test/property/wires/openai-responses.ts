import fc from 'fast-check';
import {
  type AssistantPart,
  type CacheMarker,
  type ChatRequest,
  REASONING_EFFORTS,
  type UserPart,
} from '../../../src/chat/request.ts';
import { openaiResponses } from '../../../src/dialects/openai-responses/index.ts';
import {
  anyJson,
  anyName,
  anyObject,
  anyText,
  chatRequest,
  functions,
  inline,
  legalCallId,
  objectText,
  optionally,
  someText,
} from '../../../src/testing/arbitrary-chat.ts';
import type { Wire } from '../wire.ts';

const dialect = openaiResponses.id;
const constant = fc.constant;
const kind = <T extends string>(type: T) => ({ type: constant(type) });
const cache = fc.constantFrom<(CacheMarker | undefined)[]>(
  undefined,
  undefined,
  {},
  { ttlSeconds: 300 },
  { ttlSeconds: 3600 },
);
const text = fc.record({ ...kind('text'), text: anyText, cache });
const other = (type: string) =>
  fc.record({ ...kind('other'), dialect: constant(dialect), value: constant({ type, x: 1 }) });
/** What an item has beside its content is the proof of its text or call. */
const itemOf = (prefix: string) =>
  fc
    .stringMatching(/^[a-z0-9]{1,8}$/)
    .map((id) => ({ dialect, value: JSON.stringify({ item: { id: `${prefix}_${id}` } }) }));

const uploaded = fc.record({ ...kind('file-id'), id: someText });
const address = fc.webUrl().map((url) => ({ type: 'url' as const, url }));
const media = fc.oneof(
  fc.record({
    ...kind('image'),
    source: fc.oneof(inline('image/png', 'image/webp'), address, uploaded),
    detail: fc.constantFrom(undefined, 'auto', 'low', 'high', 'original'),
    cache,
  }),
  fc.record({ ...kind('file'), source: fc.oneof(inline('application/pdf'), address), filename: anyText, cache }),
  // A file that was uploaded has its name already.
  fc.record({ ...kind('file'), source: uploaded, cache }),
);
const userPart: fc.Arbitrary<UserPart> = fc.oneof(
  { weight: 3, arbitrary: text },
  media,
  fc.record({ ...kind('audio'), source: inline('audio/wav', 'audio/mpeg') }),
  other('input_video'),
);

const thought = fc
  .record({ id: fc.stringMatching(/^rs_[a-z0-9]{1,8}$/), sealed: someText, told: anyText })
  .map(({ id, sealed, told }): AssistantPart => {
    const value = JSON.stringify({ encrypted_content: sealed, id });
    return { type: 'reasoning', text: told, redacted: { dialect, value } };
  });
/** Thoughts, then one message, whose texts are signed together or not at all. */
const said: fc.Arbitrary<AssistantPart[]> = fc
  .record({
    thoughts: fc.uniqueArray(thought, { selector: (part) => JSON.stringify(part), maxLength: 2 }),
    texts: fc.array(
      fc.record(
        { ...kind('text'), text: someText, citations: fc.array(anyJson, { minLength: 1, maxLength: 2 }) },
        { requiredKeys: ['type', 'text'] },
      ),
      { maxLength: 2 },
    ),
    rest: fc.array(fc.oneof(fc.record({ ...kind('refusal'), text: someText }), other('output_video')), {
      maxLength: 1,
    }),
    signature: fc.option(itemOf('msg'), { nil: undefined }),
  })
  .map(({ thoughts, texts, rest, signature }) => [
    ...thoughts,
    ...texts.map((part) => (signature ? { ...part, signature } : part)),
    ...rest,
  ]);

const fields = optionally({
  stream: fc.boolean(),
  parallelToolCalls: fc.boolean(),
  output: fc.oneof(
    constant({ type: 'json' as const }),
    fc.record({ ...kind('json-schema'), name: anyName, description: anyText, schema: anyObject, strict: fc.boolean() }),
  ),
  reasoning: fc.record(
    { effort: fc.constantFrom(...REASONING_EFFORTS), includeThoughts: constant(true) },
    { requiredKeys: ['effort'] },
  ),
  maxOutputTokens: fc.integer({ min: 1, max: 1e6 }),
  temperature: fc.double({ min: 0, max: 2, noNaN: true }),
  topP: fc.double({ min: 0, max: 1, noNaN: true }),
  topLogprobs: fc.nat(20),
  user: anyText,
  serviceTier: fc.constantFrom('auto', 'default', 'flex', 'priority'),
  metadata: fc.dictionary(fc.string(), anyText, { maxKeys: 3 }),
  extras: fc.constantFrom({}, { truncation: 'auto', 'text.verbosity': 'low' }),
});

/** Without tools nothing is said of calls. */
function agree({ parallelToolCalls, ...request }: ChatRequest): ChatRequest {
  return request.tools.length > 0 ? { ...request, parallelToolCalls } : request;
}

export const openaiResponsesWire: Wire = {
  dialect: openaiResponses,
  kinds: [
    {
      name: 'any model',
      reasoning: { supported: true, required: false, efforts: REASONING_EFFORTS },
      request: chatRequest({
        dialect,
        system: fc.array(fc.record({ ...kind('text'), text: someText, cache }), { maxLength: 2 }),
        userPart,
        said,
        call: fc
          .record({
            name: anyName,
            argumentsText: fc.oneof(objectText, someText),
            prefix: fc.constantFrom('fc', 'ctc', null),
          })
          .chain(({ prefix, ...call }) => {
            const made = prefix === 'ctc' ? { ...call, isCustom: true } : call;
            return prefix === null ? constant(made) : itemOf(prefix).map((signature) => ({ ...made, signature }));
          }),
        callId: legalCallId,
        ids: 'unique',
        // Without a flag for failure.
        result: fc.record({
          content: fc.array(fc.oneof(text, media), { minLength: 1, maxLength: 2 }),
          isError: constant(false),
        }),
        resultNames: 'untold',
        tools: fc
          .tuple(
            functions(optionally({ description: anyText, parameters: anyObject, strict: fc.boolean() })),
            fc.array(other('web_search'), { maxLength: 2 }),
          )
          .map((tools) => tools.flat()),
        choices: ['auto', 'none', 'required', 'tool', 'allowed'],
        fields,
        agree,
      }),
    },
  ],
  path: () => ({}),
  blocksOf: (body) => (body as Body).input,
  headOf: (body) => {
    const { instructions, tools } = body as Body;
    return { instructions, tools };
  },
  callIdsOf: (body) => {
    const { input } = body as Body;
    const idsOf = (suffix: RegExp) =>
      input.flatMap(({ type, call_id }) => (suffix.test(type ?? '') ? [String(call_id)] : []));
    return { calls: idsOf(/_call$/), results: idsOf(/_call_output$/) };
  },
  legalCallId: /^[\s\S]{1,64}$/,
};

interface Body {
  input: { type?: string; call_id?: string }[];
  instructions?: string;
  tools?: unknown;
}
