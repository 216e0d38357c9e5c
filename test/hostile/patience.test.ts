import { describe, expect, test } from 'bun:test';
import type { ChatEvent } from '../../src/chat/event.ts';
import { plainRequest } from '../../src/chat/fixture.ts';
import { DIALECTS } from './dialects.ts';
import { readStream, tellAll } from './in-process.ts';

// Replies that are made to be slow to read: whatever looks at all of what came before, each time something more comes, takes
// minutes over them. A few megabytes must not take longer than this.
const LIMIT_MS = 6000;
const KIND = 'x'.repeat(20);

function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

const chatChunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const piece = (index: number, args: string, more: object = {}) =>
  chatChunk({
    tool_calls: [{ index, ...more, function: { arguments: args, ...('id' in more ? { name: 'f' } : {}) } }],
  });
const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at)).join('');
const anthropic = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const inputDelta = (index: number, partial_json: string) =>
  anthropic('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json } });
const toolUse = (index: number) =>
  anthropic('content_block_start', {
    index,
    content_block: { type: 'tool_use', id: `t${index}`, name: 'f', input: {} },
  });
const responses = (type: string, fields: object) => `data: ${JSON.stringify({ type, ...fields })}\n\n`;

/** By name: the wire and a stream of a few megabytes. */
const STREAMS: [name: string, wire: keyof typeof DIALECTS, stream: () => string][] = [
  [
    'a call that seems to end with every piece while the next one waits',
    'openai-chat',
    () =>
      piece(0, '{"a":"', { id: 'a' }) +
      piece(1, '{', { id: 'b' }) +
      many(60_000, () => piece(0, `${KIND}}`)) +
      chatChunk({}, 'stop'),
  ],
  [
    'text between the pieces of a call that seems to end',
    'openai-chat',
    () =>
      piece(0, `{"a":"${'x'.repeat(500_000)}}`, { id: 'a' }) +
      many(20_000, () => chatChunk({ content: KIND })) +
      chatChunk({}, 'stop'),
  ],
  [
    'text between the pieces of a call that seems to end',
    'anthropic-messages',
    () =>
      toolUse(0) +
      inputDelta(0, `{"a":"${'x'.repeat(500_000)}}`) +
      many(20_000, () => anthropic('content_block_delta', { index: 1, delta: { type: 'text_delta', text: KIND } })),
  ],
  [
    'calls that are begun and never ended',
    'anthropic-messages',
    () => many(20_000, toolUse) + many(20_000, (at) => inputDelta(at, '{')) + anthropic('message_stop', {}),
  ],
  [
    'calls that are begun one after the other and ended the other way round',
    'anthropic-messages',
    () =>
      many(5000, toolUse) +
      many(5000, (at) => inputDelta(4999 - at, '{}') + anthropic('content_block_stop', { index: 4999 - at })) +
      anthropic('message_stop', {}),
  ],
  ['text that is no frame', 'google-generate', () => `[\n\n${many(200_000, () => ',{}\n\n')}`],
  [
    'very many small parts',
    'google-generate',
    () =>
      `data: ${JSON.stringify({ candidates: [{ content: { parts: Array(200_000).fill({ text: 'x' }) }, finishReason: 'STOP' }] })}\n\n`,
  ],
  [
    'pieces of an argument that is made longer each time',
    'google-generate',
    () =>
      many(20_000, () => {
        const partialArgs = [{ jsonPath: '$.a', stringValue: KIND, willContinue: true }];
        return `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ functionCall: { name: 'f', partialArgs, willContinue: true } }] } }] })}\n\n`;
      }),
  ],
  [
    'pieces of very many items at once',
    'openai-responses',
    () =>
      many(5000, (at) =>
        responses('response.output_item.added', {
          output_index: at,
          item: { id: `i${at}`, type: 'function_call', call_id: `c${at}`, name: 'f', arguments: '' },
        }),
      ) +
      many(20_000, (at) =>
        responses('response.function_call_arguments.delta', { output_index: at % 5000, delta: '{' }),
      ),
  ],
  [
    'one item in very many pieces',
    'openai-responses',
    () =>
      responses('response.output_item.added', {
        output_index: 0,
        item: { id: 'm', type: 'message', role: 'assistant', content: [] },
      }) +
      many(50_000, () => responses('response.output_text.delta', { output_index: 0, content_index: 0, delta: KIND })),
  ],
];

describe('a stream that is made to be slow to read', () => {
  test.each(STREAMS)(
    '%s, of %s',
    (_, wire, stream) => {
      const text = stream();
      let events: ChatEvent[] = [];
      expect(timed(() => (events = readStream(DIALECTS[wire], text)))).toBeLessThan(LIMIT_MS);
      expect(timed(() => tellAll(events))).toBeLessThan(LIMIT_MS);
    },
    120_000,
  );
});

const WORDS = [
  'token count ',
  'model ',
  'exceeds ',
  'no api key ',
  'maximum prompt ',
  'retry in ',
  'prompt is ',
  'spend ',
  '{',
  ' ',
];

describe('an error message that is made to be slow to read', () => {
  test.each(Object.entries(DIALECTS))(
    '%s',
    (_, dialect) => {
      for (const word of WORDS) {
        const message = word.repeat(Math.ceil(900_000 / word.length));
        const body = {
          type: 'error',
          error: { type: 'invalid_request_error', message, code: 400, status: 'INVALID_ARGUMENT' },
        };
        for (const status of [400, 403, 404, 429]) {
          expect([word, timed(() => void dialect.parseError(status, body, new Headers())) < 500]).toEqual([word, true]);
          expect(dialect.parseError(status, body, new Headers()).message.length).toBeLessThanOrEqual(2000);
        }
      }
    },
    300_000,
  );
});

test('a request with very many calls of one id is rendered in good time', () => {
  const calls = Array.from({ length: 50_000 }, () => ({
    type: 'tool-call' as const,
    id: 'same',
    name: 'f',
    argumentsText: '{}',
  }));
  const request = plainRequest('', {
    model: 'm',
    messages: [
      { role: 'assistant', content: calls },
      {
        role: 'user',
        content: calls.map(() => ({ type: 'tool-result', callId: 'same', content: [], isError: false })),
      },
    ],
  });
  const target = {
    model: 'm',
    stream: false,
    maxOutputTokens: null,
    reasoning: { supported: false, required: false, efforts: [] },
  };
  for (const dialect of Object.values(DIALECTS)) {
    expect(timed(() => void dialect.renderRequest(request, target))).toBeLessThan(LIMIT_MS);
  }
});
