import fc from 'fast-check';
import type { AssistantPart, CacheMarker, ChatRequest, UserPart } from '../../../src/chat/request.ts';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import {
  anyJson,
  anyName,
  anyObject,
  chatRequest,
  functions,
  inline,
  legalCallId,
  objectText,
  optionally,
  signed,
  someText,
  textInBase64,
  visibleText,
  type Words,
} from '../../../src/testing/arbitrary-chat.ts';
import type { Wire } from '../wire.ts';

const dialect = anthropicMessages.id;
const constant = fc.constant;
const kind = <T extends string>(type: T) => ({ type: constant(type) });
/** At most four in one request; the four places that may have one are chosen below. */
const MARKERS: CacheMarker[] = [{}, { ttlSeconds: 300 }, { ttlSeconds: 3600 }];
/** An object that is closed can be enforced as it is. */
const closed = fc.record({ ...kind('object'), description: someText, additionalProperties: constant(false) });

const text = fc.record({ ...kind('text'), text: visibleText }, { requiredKeys: ['type', 'text'] });
const other = fc.record({ ...kind('other'), dialect: constant(dialect), value: constant({ type: 'search_result' }) });
const url = (mediaType?: string) =>
  fc.webUrl().map((address) => ({ type: 'url' as const, url: address, ...(mediaType ? { mediaType } : {}) }));
const uploaded = fc.record({ ...kind('file-id'), id: someText });
const plainText = fc.record({ ...kind('base64'), mediaType: constant('text/plain'), data: textInBase64 });
const media = fc.oneof(
  fc.record({ ...kind('image'), source: fc.oneof(inline('image/png', 'image/webp'), url(), uploaded) }),
  fc.record(
    {
      ...kind('file'),
      source: fc.oneof(inline('application/pdf'), plainText, url('application/pdf'), uploaded),
      filename: someText,
    },
    { requiredKeys: ['type', 'source'] },
  ),
);
const thought = fc.record({ ...kind('reasoning'), text: someText, signature: signed(dialect) });
const userPart: fc.Arbitrary<UserPart> = fc.oneof({ weight: 3, arbitrary: text }, media, other);
const said: fc.Arbitrary<AssistantPart[]> = fc.array(
  fc.oneof(
    fc.record(
      { ...kind('text'), text: visibleText, citations: fc.array(anyJson, { minLength: 1, maxLength: 2 }) },
      { requiredKeys: ['type', 'text'] },
    ),
    thought,
    fc.record({ ...kind('reasoning'), text: constant(''), redacted: signed(dialect) }),
    other,
  ),
  { maxLength: 4 },
);

const words: Omit<Words, 'fields'> = {
  choices: ['auto', 'none', 'required', 'tool'],
  dialect,
  system: fc.array(text, { maxLength: 2 }),
  userPart,
  said,
  call: fc.record({ name: anyName, argumentsText: objectText }),
  callId: legalCallId,
  ids: 'unique',
  result: fc.record({ content: fc.array(fc.oneof(text, media, other), { maxLength: 2 }), isError: fc.boolean() }),
  resultNames: 'untold',
  tools: fc
    .tuple(
      functions(
        fc.oneof(
          optionally({ description: someText, parameters: anyObject.map((schema) => ({ ...schema, type: 'object' })) }),
          fc.record({ strict: constant(true), parameters: closed }),
        ),
      ),
      fc.array(fc.record({ ...kind('other'), dialect: constant(dialect), value: constant({ type: 'web_search_1' }) }), {
        maxLength: 1,
      }),
    )
    .map((tools) =>
      // A schema is demanded of every function.
      tools
        .flat()
        .map((tool) => (tool.type === 'function' ? { parameters: { type: 'object', properties: {} }, ...tool } : tool)),
    ),
};

const fields: Words['fields'] = fc.record(
  {
    maxOutputTokens: fc.nat(64_000),
    stream: fc.boolean(),
    parallelToolCalls: constant(false),
    output: fc.record({ ...kind('json-schema'), schema: closed }),
    reasoning: fc.oneof(
      constant({ effort: 'none' as const, budgetTokens: 0 }),
      fc.record(
        {
          isAdaptive: constant(true),
          effort: fc.constantFrom('low', 'medium', 'high', 'max'),
          includeThoughts: fc.boolean(),
        },
        { requiredKeys: ['isAdaptive'] },
      ),
    ),
    temperature: fc.double({ min: 0, max: 1, noNaN: true }),
    topP: fc.double({ min: 0, max: 1, noNaN: true }),
    topK: fc.nat(500),
    stop: fc.array(visibleText, { maxLength: 5 }),
    user: someText,
    serviceTier: fc.constantFrom('auto', 'standard_only'),
  },
  { requiredKeys: ['maxOutputTokens'] },
);

/** A forced call leaves no room for thoughts, thoughts leave none for sampling, and of that there is one kind at a time. */
function agree(request: ChatRequest): ChatRequest {
  const { toolChoice, reasoning, parallelToolCalls, temperature, topP, topK, ...rest } = request;
  const isForced = toolChoice?.type === 'required' || toolChoice?.type === 'tool';
  const isThinking = reasoning !== undefined && reasoning.budgetTokens !== 0 && !isForced;
  return {
    ...rest,
    toolChoice,
    reasoning: isForced ? undefined : reasoning,
    parallelToolCalls: toolChoice && toolChoice.type !== 'none' ? parallelToolCalls : undefined,
    ...(isThinking ? {} : { topK, ...(temperature === undefined ? { topP } : { temperature }) }),
  };
}

/** Puts up to four markers on parts of the request, at places that `where` points to. */
function mark(request: ChatRequest, where: number[]): ChatRequest {
  const marked = structuredClone(request);
  const places = [
    ...marked.tools.filter((tool) => tool.type === 'function'),
    ...marked.system,
    ...marked.messages.flatMap(({ content }) => content.filter(({ type }) => MARKABLE.has(type))),
  ];
  for (const number of where) {
    const place = places[number % places.length];
    const marker = MARKERS[number % MARKERS.length];
    if (place && marker) Object.assign(place, { cache: marker });
  }
  return marked;
}
const MARKABLE = new Set(['text', 'image', 'file', 'tool-call', 'tool-result']);

export const anthropicMessagesWire: Wire = {
  dialect: anthropicMessages,
  kinds: [
    {
      name: 'a model with efforts',
      reasoning: { supported: true, required: false, efforts: ['low', 'medium', 'high', 'max'] },
      request: fc
        .tuple(chatRequest({ ...words, fields, agree }), fc.array(fc.nat(1000), { maxLength: 4 }))
        .map(([one, at]) => mark(one, at)),
    },
    {
      name: 'a model with a budget',
      reasoning: { supported: true, required: false, efforts: [] },
      request: chatRequest({
        ...words,
        // A forced call leaves no room for thoughts.
        choices: ['auto', 'none'],
        // With a budget, a turn that goes on has to begin with its thoughts.
        said: fc.tuple(thought, text),
        fields: fc.record({
          reasoning: fc
            .integer({ min: 1024, max: 9999 })
            .map((budgetTokens) => ({ budgetTokens, includeThoughts: true })),
          maxOutputTokens: fc.constant(10_000),
        }),
      }),
    },
  ],
  path: () => ({}),
  blocksOf: (body) => {
    const { messages } = body as Body;
    return messages.flatMap(({ role, content }) => content.map((block) => ({ role, ...unmarked(block) })));
  },
  headOf: (body) => {
    const { system = [], tools = [] } = body as Body;
    return { system: system.map(unmarked), tools: tools.map(unmarked) };
  },
  callIdsOf: (body) => {
    const blocks = (body as Body).messages.flatMap(({ content }) => content);
    return {
      calls: blocks.flatMap(({ type, id }) => (type === 'tool_use' ? [String(id)] : [])),
      results: blocks.flatMap(({ type, tool_use_id }) => (type === 'tool_result' ? [String(tool_use_id)] : [])),
    };
  },
  legalCallId: /^[a-zA-Z0-9_-]+$/,
};

interface Body {
  messages: { role: string; content: Record<string, unknown>[] }[];
  system?: Record<string, unknown>[];
  tools?: Record<string, unknown>[];
}

/** Cache markers say where to cut a prefix and are no part of it, so they may move on as a conversation grows. */
function unmarked(block: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(block, (key, value) => (key === 'cache_control' ? undefined : value)));
}
