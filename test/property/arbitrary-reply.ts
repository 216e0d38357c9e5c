import fc from 'fast-check';
import type { ChatEvent, StopReason } from '../../src/chat/event.ts';
import type { Usage } from '../../src/chat/usage.ts';
import { anyName, legalCallId, objectText, signed, someText } from '../../src/testing/arbitrary-chat.ts';

type Unplaced = ChatEvent extends infer Event
  ? Event extends { choice: number }
    ? Omit<Event, 'choice'>
    : never
  : never;

const SIGNERS = ['openai-chat', 'anthropic-messages', 'google-generate', 'openai-responses'];
const REASONS: StopReason[] = [
  'stop',
  'stop-sequence',
  'length',
  'tool-calls',
  'content-filter',
  'refusal',
  'pause',
  'context-full',
  'malformed-tool-call',
  'other',
];

/** Every proof of a reply is by one vendor; which one is drawn for the whole of it. */
const maybeSigned = fc.option(signed('?'), { nil: undefined });
const deltas = fc.array(someText, { minLength: 1, maxLength: 3 });

const logprobs = fc
  .array(
    fc.record({
      token: someText,
      logprob: fc.double({ min: -9, max: 0, noNaN: true }).map((value) => value + 0),
      top: fc.array(fc.record({ token: someText, logprob: fc.constant(-1) }), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .map((tokens): Unplaced[] => [{ type: 'logprobs', tokens }]);
/** Each dialect shows those of its own shape. */
const citation = fc
  .constantFrom(
    { type: 'url_citation', url_citation: { url: 'https://a.example', title: 'A', start_index: 0, end_index: 1 } },
    { type: 'char_location', cited_text: 'a', document_index: 0, start_char_index: 0, end_char_index: 1 },
    { groundingMetadata: { webSearchQueries: ['a'] } },
  )
  .map((value): Unplaced[] => [{ type: 'citation', citation: value }]);

const text = fc
  .record({
    texts: deltas,
    signature: maybeSigned,
    logprobs: fc.option(logprobs, { nil: [] }),
    citation: fc.option(citation, { nil: [] }),
  })
  .map(({ texts, signature, logprobs, citation }): Unplaced[] => [
    ...texts.map((delta, at) => ({
      type: 'text-delta' as const,
      text: delta,
      ...(at === texts.length - 1 && signature ? { signature } : {}),
    })),
    // What is said of words comes after them, and before other words.
    ...logprobs,
    ...citation,
  ]);
const refusal = deltas.map((texts): Unplaced[] => texts.map((delta) => ({ type: 'refusal-delta', text: delta })));
const thoughts = fc
  .record({
    texts: fc.array(someText, { maxLength: 2 }),
    proof: fc.constantFrom('signature', 'redacted'),
    by: maybeSigned,
  })
  .map(({ texts, proof, by }): Unplaced[] => [
    ...texts.map((delta) => ({ type: 'reasoning-delta' as const, text: delta })),
    { type: 'reasoning-end', ...(by ? { [proof]: by } : {}) },
  ]);
interface DrawnCall {
  id: string;
  name: string;
  argumentsText: string;
  cuts: number[];
  isCustom: boolean;
}
const call = fc.record({
  id: legalCallId,
  name: anyName,
  argumentsText: objectText,
  cuts: fc.array(fc.nat(40), { maxLength: 2 }),
  isCustom: fc.boolean(),
  signature: maybeSigned,
});

function eventsOfCall({ cuts, argumentsText, isCustom, ...start }: DrawnCall, number: number): Unplaced[] {
  const at = [0, ...cuts.sort((a, b) => a - b), argumentsText.length];
  const pieces = at.slice(1).map((end, index) => argumentsText.slice(at[index], end));
  return [
    { type: 'tool-call-start', call: number, ...start, ...(isCustom ? { isCustom } : {}) },
    ...pieces
      .filter((piece) => piece !== '')
      .map((piece) => ({ type: 'tool-call-delta' as const, call: number, argumentsText: piece })),
    { type: 'tool-call-end', call: number },
  ];
}

/** The events of one choice, in an order models keep to: thoughts before what they are about, one call after the other. */
const choice = fc
  .record({
    before: fc.array(fc.oneof(thoughts, text), { maxLength: 3 }),
    after: fc.array(fc.oneof(text, refusal), { maxLength: 3 }),
    calls: fc.uniqueArray(call, { selector: ({ id }) => id, maxLength: 3 }),
    reason: fc.constantFrom(...REASONS),
    stopSequence: fc.option(someText, { nil: undefined }),
  })
  .map(({ before, after, calls, reason, stopSequence }): Unplaced[] => [
    ...before.flat(),
    ...after.flat(),
    ...calls.flatMap(eventsOfCall),
    { type: 'stop', reason, ...(reason === 'stop-sequence' && stopSequence ? { stopSequence } : {}) },
  ]);

const count = fc.nat(100_000);
const usage: fc.Arbitrary<Usage> = fc
  .record({
    input: count,
    cacheRead: count,
    cacheWriteShort: count,
    audioInput: count,
    output: count,
    reasoning: count,
    audioOutput: count,
    serviceTier: fc.constantFrom(undefined, 'default', 'priority', 'standard'),
  })
  .map((counts) => ({
    ...counts,
    cacheWriteLong: 0,
    reasoning: Math.min(counts.reasoning, counts.output),
    isEstimated: false,
  }));

/** Whole replies of up to three choices that are told in turns, as a provider tells them. */
export const replyEvents: fc.Arbitrary<ChatEvent[]> = fc
  .record({
    id: fc.constantFrom('chatcmpl-1', 'msg_1', 'x'),
    choices: fc.array(choice, { minLength: 1, maxLength: 3 }),
    order: fc.array(fc.nat(2), { maxLength: 30 }),
    usage,
    isCountedAtStart: fc.boolean(),
    signer: fc.constantFrom(...SIGNERS),
  })
  .map(({ id, choices, order, usage: counts, isCountedAtStart, signer }) => {
    // A tier that is known only at the end comes too late for a stream that tells it at its start.
    const usage = isCountedAtStart ? counts : { ...counts, serviceTier: undefined };
    return [
      { type: 'start', id, model: 'some-model' },
      ...(isCountedAtStart ? [{ type: 'usage' as const, usage }] : []),
      ...interleave(choices, order).map((event) => signedBy(event, signer)),
      { type: 'finish', usage },
    ];
  });

function signedBy(event: ChatEvent, dialect: string): ChatEvent {
  const signed = { ...event };
  if ('signature' in signed && signed.signature) signed.signature = { ...signed.signature, dialect };
  if ('redacted' in signed && signed.redacted) signed.redacted = { ...signed.redacted, dialect };
  return signed;
}

function interleave(choices: Unplaced[][], order: number[]): ChatEvent[] {
  const rest = choices.map((events) => [...events]);
  const told: ChatEvent[] = [];
  const tell = (number: number): void => {
    const event = rest[number]?.shift();
    if (event) told.push({ ...event, choice: number } as ChatEvent);
  };
  for (const number of order) tell(number);
  for (const number of rest.keys()) while (rest[number]?.length) tell(number);
  return told;
}
