import fc from 'fast-check';
import {
  type AssistantPart,
  type ChatRequest,
  type MediaSource,
  type Message,
  REASONING_EFFORTS,
  type TextPart,
  type Tool,
  type ToolCallPart,
  type ToolChoice,
  type ToolResultPart,
  type UserPart,
} from '../chat/request.ts';
import type { JsonObject } from '../lib/json.ts';

/** Any text: all of Unicode, half a character, and what could be taken for framing, markup or JSON. */
export const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 24 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 24 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'data: a\n\ndata: [DONE]\n\n',
      '\r\n\r',
      '{"json":true}',
      '\u2028',
      '\ud83d',
      '\u0000 x',
    ),
  },
);
export const someText = anyText.filter((text) => text !== '');
/** With a character that can be seen, which some vendors demand. */
export const visibleText = anyText.filter((text) => text.trim() !== '');

/** As it comes from JSON text, so without `-0` and `undefined`. */
export const anyJson = fc.jsonValue({ maxDepth: 3 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
export const anyObject: fc.Arbitrary<JsonObject> = fc
  .dictionary(fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('type', 'id', '__proto__', '1')), anyJson, {
    maxKeys: 4,
  })
  .map((value) => JSON.parse(JSON.stringify(value)));
export const objectText = anyObject.map((value) => JSON.stringify(value));

export const anyName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_-]{0,20}$/);
export const legalCallId = fc.stringMatching(/^call_[a-zA-Z0-9_-]{1,24}$/);
/** Ids as clients really send them: repeated, empty, long, and in every alphabet. */
export const anyCallId = fc.oneof(
  legalCallId,
  fc.constantFrom('', 'call_0', 'call_0_2', 'functions.search:0', 'é', `call_${'x'.repeat(80)}`),
  fc.string({ unit: 'binary', maxLength: 50 }),
);
export const base64 = fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes).toString('base64'));
export const textInBase64 = someText.map((text) => Buffer.from(text).toString('base64'));

export function inline(...mediaTypes: string[]): fc.Arbitrary<Extract<MediaSource, { type: 'base64' }>> {
  return fc.record({ type: fc.constant('base64' as const), mediaType: fc.constantFrom(...mediaTypes), data: base64 });
}

export function signed(dialect: string) {
  return fc.record({ dialect: fc.constant(dialect), value: fc.stringMatching(/^[A-Za-z0-9+/]{1,24}$/) });
}

/** Fields that may be absent, one by one. */
export function optionally<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc.record<T, never>(fields, { requiredKeys: [] });
}

/** What the conversations of a test are made of. */
export interface Speech {
  userPart: fc.Arbitrary<UserPart>;
  /** What an assistant says before its calls. */
  said: fc.Arbitrary<AssistantPart[]>;
  call: fc.Arbitrary<Omit<ToolCallPart, 'type' | 'id'>>;
  callId: fc.Arbitrary<string>;
  /** `repeated`: turns may use the ids of earlier turns again. */
  ids: 'unique' | 'repeated';
  /** The result of a call; its name is that of the call. */
  result: fc.Arbitrary<Omit<ToolResultPart, 'type' | 'callId' | 'name'>>;
  /** Whether results say the name of their tool. */
  resultNames: 'told' | 'untold';
}

/**
 * Conversations as a provider accepts them: a user begins and ends, and the results of all calls stand at the start of the
 * message that follows them.
 */
export function conversation(speech: Speech): fc.Arbitrary<Message[]> {
  const { userPart, said, call, callId, result } = speech;
  const asked = fc.array(userPart, { minLength: 1, maxLength: 3 });
  const turn = fc.record({
    asked,
    addsToResults: fc.boolean(),
    said,
    calls: fc.array(fc.record({ call, id: callId, result }), { maxLength: 3 }),
  });
  return fc
    .record({ turns: fc.array(turn, { maxLength: 4 }), last: asked, addsToResults: fc.boolean() })
    .map(({ turns, last, addsToResults }) => {
      const messages: Message[] = [];
      const used = new Set<string>();
      let results: ToolResultPart[] = [];
      const ask = (parts: UserPart[], adds: boolean): void => {
        messages.push({ role: 'user', content: results.length > 0 && !adds ? results : [...results, ...parts] });
        results = [];
      };
      for (const one of turns) {
        ask(one.asked, one.addsToResults);
        if (speech.ids === 'repeated') used.clear();
        const content = [...one.said];
        for (const { call: fields, id, result: answer } of one.calls) {
          if (used.has(id)) continue;
          used.add(id);
          content.push({ type: 'tool-call', id, ...fields });
          const name = speech.resultNames === 'told' ? { name: fields.name } : {};
          results.push({ type: 'tool-result', callId: id, ...name, ...answer });
        }
        if (content.length > 0) messages.push({ role: 'assistant', content });
      }
      ask(last, addsToResults);
      return messages;
    });
}

/** What the requests of a test are made of. */
export interface Words extends Speech {
  /** Of the wire the requests are for: its own extension fields are allowed in them. */
  dialect: string;
  system: fc.Arbitrary<TextPart[]>;
  tools: fc.Arbitrary<Tool[]>;
  /** The choices among the tools that can be said. */
  choices: readonly ToolChoice['type'][];
  fields: fc.Arbitrary<Partial<ChatRequest>>;
  /** Takes out what contradicts itself. */
  agree?: (request: ChatRequest) => ChatRequest;
}

export function chatRequest(words: Words): fc.Arbitrary<ChatRequest> {
  const { dialect, system, tools, fields, agree = (request) => request } = words;
  const drawn = fc.record({ system, tools, messages: conversation(words), fields, choiceAt: fc.option(fc.nat(99)) });
  return drawn.map(({ system, tools, messages, fields, choiceAt }) => {
    const choices = choiceAt === null ? [] : toolChoices(tools, words.choices);
    const toolChoice = choices[(choiceAt ?? 0) % choices.length];
    return agree({
      model: 'some-model',
      stream: false,
      wantsStreamUsage: true,
      system,
      messages,
      tools,
      ...(toolChoice ? { toolChoice } : {}),
      stop: [],
      choices: 1,
      extras: {},
      original: { dialect, body: {}, headers: {} },
      ...fields,
    });
  });
}

/** Functions with names of their own. */
export function functions(fields: fc.Arbitrary<Partial<Extract<Tool, { type: 'function' }>>>): fc.Arbitrary<Tool[]> {
  return fc
    .uniqueArray(fc.record({ type: fc.constant('function' as const), name: anyName, rest: fields }), {
      selector: ({ name }) => name,
      maxLength: 3,
    })
    .map((tools) => tools.map(({ rest, ...tool }) => ({ ...tool, ...rest })));
}

/** The choices of these kinds among the tools. Of several names at least two, because one alone is said as `tool`. */
function toolChoices(tools: readonly Tool[], kinds: readonly ToolChoice['type'][]): ToolChoice[] {
  const names = tools.flatMap((tool) => (tool.type === 'other' ? [] : [tool.name]));
  if (tools.length === 0) return [];
  return kinds.flatMap((type): ToolChoice[] => {
    if (type === 'tool') return names.map((name) => ({ type, name }));
    if (type !== 'allowed') return [{ type }];
    return names.length > 1 ? (['auto', 'required'] as const).map((mode) => ({ type, mode, names })) : [];
  });
}

const part = <T extends string>(type: T) => ({ type: fc.constant(type) });
const anySource: fc.Arbitrary<MediaSource> = fc.oneof(
  inline('image/png', 'application/pdf', 'audio/wav', 'text/plain', 'x/y'),
  fc.record({
    type: fc.constant('url' as const),
    url: fc.constantFrom('https://example.com/a', 'data:;base64,aa', 'x'),
  }),
  fc.record({ type: fc.constant('file-id' as const), id: fc.constantFrom('file-1', 'gs://bucket/a') }),
);
const anySigned = fc
  .constantFrom('openai-chat', 'anthropic-messages', 'google-generate', 'openai-responses')
  .chain(signed);
const anyOther = fc.record({ ...part('other'), dialect: fc.constant('another'), value: anyObject });

/** The whole vocabulary at once, as no single client speaks it. `dialect` is what the client is said to speak. */
export function anyWords(dialect: string): Words {
  const text = fc.record({
    ...part('text'),
    text: anyText,
    cache: fc.constantFrom(undefined, {}, { ttlSeconds: 3600 }),
  });
  const media = fc.oneof(
    fc.record({ ...part('image'), source: anySource, detail: fc.constantFrom(undefined, 'low', 'odd') }),
    fc.record({ ...part('file'), source: anySource, filename: fc.option(anyText, { nil: undefined }) }),
  );
  const audio = fc.record({ ...part('audio'), source: anySource });
  const reasoning = fc.record({ ...part('reasoning'), text: anyText, signature: anySigned });
  const redacted = fc.record({ ...part('reasoning'), text: anyText, redacted: anySigned });
  const refusal = fc.record({ ...part('refusal'), text: anyText });
  const said = fc.oneof(text, reasoning, redacted, refusal, anyOther);
  const tool = fc.record({ ...part('function'), name: anyName, parameters: anyObject, strict: fc.boolean() });
  return {
    dialect,
    system: fc.array(text, { maxLength: 2 }),
    userPart: fc.oneof(
      { weight: 4, arbitrary: text },
      { weight: 1, arbitrary: media },
      { weight: 1, arbitrary: fc.oneof(audio, anyOther) },
    ),
    said: fc.array(said, { maxLength: 3 }),
    call: fc.record({
      name: anyName,
      argumentsText: fc.oneof(objectText, anyText),
      isCustom: fc.constantFrom(undefined, true),
      signature: fc.option(anySigned, { nil: undefined }),
    }),
    callId: anyCallId,
    ids: 'repeated',
    result: fc.record({ content: fc.array(fc.oneof(text, media, anyOther), { maxLength: 2 }), isError: fc.boolean() }),
    resultNames: 'untold',
    tools: fc.array(fc.oneof(tool, anyOther), { maxLength: 3 }),
    choices: ['auto', 'none', 'required', 'tool', 'allowed'],
    fields: optionally({
      parallelToolCalls: fc.boolean(),
      output: fc.oneof(
        fc.record({ ...part('json-schema'), schema: anyObject, name: anyText }),
        fc.record(part('json')),
      ),
      reasoning: optionally({
        effort: fc.constantFrom(...REASONING_EFFORTS),
        budgetTokens: fc.integer({ min: -1, max: 40_000 }),
        isAdaptive: fc.boolean(),
        includeThoughts: fc.boolean(),
      }),
      maxOutputTokens: fc.nat(100_000),
      temperature: fc.double({ min: -1, max: 3, noNaN: true }),
      topP: fc.double({ min: 0, max: 1, noNaN: true }),
      topK: fc.nat(100),
      presencePenalty: fc.double({ min: -2, max: 2, noNaN: true }),
      seed: fc.integer(),
      stop: fc.array(anyText, { maxLength: 6 }),
      choices: fc.constantFrom(1, 1, 1, 2),
      topLogprobs: fc.nat(20),
      user: anyText,
      serviceTier: fc.constantFrom('auto', 'flex', 'priority', 'constructor'),
      metadata: fc.dictionary(anyText, anyText, { maxKeys: 2 }),
      extras: anyObject.map((value) => ({ x_unknown: value })),
    }),
  };
}
