import { expect, test } from 'bun:test';
import type { ChatEvent } from '../../chat/event.ts';
import { collect } from '../../chat/reply.ts';
import { NO_USAGE } from '../../chat/usage.ts';
import { GatewayError } from '../../errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import { googleGenerate } from './index.ts';
import { chunk, frames, readStream, renderStream, withoutRaw } from './test-support.ts';

test('a blocked prompt is a filtered choice, in a body and in a stream', () => {
  const blocked = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 4 } };
  for (const events of [googleGenerate.parseReply(blocked), readStream(frames(blocked))]) {
    const reply = collect(events);
    expect(reply.choices).toMatchObject([{ content: [], reason: 'content-filter' }]);
    expect(reply.usage.input).toBe(4);
    expect(reply.id).not.toBe('');
    expect(reply.error).toBeUndefined();
  }
});

test('a call that Google answers itself is not the client’s to run', () => {
  const call = { functionCall: { name: 'remote', args: {} } };
  const result = { functionResponse: { name: 'remote', response: { result: 1 } } };
  const stop = { finishReason: 'STOP' };
  const whole = googleGenerate.parseReply(chunk([call, result, { text: 'Done.' }], stop));
  const streamed = readStream(frames(chunk([call], stop), chunk([result]), chunk([{ text: 'Done.' }], stop)));
  for (const events of [whole, streamed]) {
    expect(collect(events).choices).toMatchObject([{ content: [{ type: 'text', text: 'Done.' }], reason: 'stop' }]);
  }
});

test('arguments that come in pieces are put together', () => {
  const piece = (jsonPath: string, value: JsonObject, willContinue = false) => ({ jsonPath, ...value, willContinue });
  const part = (functionCall: JsonObject) => chunk([{ functionCall }]);
  const events = readStream(
    frames(
      part({ name: 'f', willContinue: true }),
      part({ partialArgs: [piece('$.a.b[0]', { stringValue: 'x' }, true)], willContinue: true }),
      part({
        partialArgs: [piece('$.a.b[0]', { stringValue: 'y' }), piece("$['c d']", { nullValue: 'NULL_VALUE' })],
        willContinue: true,
      }),
      part({
        partialArgs: [piece('$.__proto__.bad', { boolValue: true }), piece('$.a.b[9]', { numberValue: 1 })],
        willContinue: true,
      }),
      part({}),
      chunk([], { finishReason: 'STOP' }),
    ),
  );
  const [call] = collect(events).choices[0]?.content ?? [];
  expect(call).toMatchObject({ name: 'f', argumentsText: '{"a":{"b":["xy"]},"c d":null}' });
});

test('a stream that closes before its finish reason is garbled, and so is a chunk that is not JSON', () => {
  expect(withoutRaw(readStream(frames(chunk([{ text: 'Hal' }])))).at(-1)).toMatchObject({
    type: 'error',
    error: { code: 'provider_garbled' },
  });
  const events = readStream(`data: {"candi\r\n\r\n${frames(chunk([{ text: 'x' }], { finishReason: 'STOP' }))}`);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ type: 'error', error: { code: 'provider_garbled' } });
  expect(readStream('')).toMatchObject([{ type: 'error', error: { code: 'provider_garbled' } }]);
});

test('an error in the stream ends it, bare or in a frame, whole or cut at its blank lines', () => {
  const error = { error: { code: 503, message: 'Overloaded.', status: 'UNAVAILABLE' } };
  const start = frames(chunk([{ text: 'Hal' }], { finishReason: 'STOP' }));
  const bare = JSON.stringify(error, null, 2);
  for (const tail of [frames(error), bare, bare.replace('"message"', '\n\n"message"'), JSON.stringify([error])]) {
    const events = readStream(`${start}${tail}\n\n${frames(chunk([{ text: 'f' }]))}`);
    const failures = events.filter((event) => event.type === 'error' || event.type === 'finish');
    expect(failures).toMatchObject([{ type: 'error', error: { code: 'provider_overloaded' } }]);
    expect(events.at(-1)?.type).toBe('error');
  }
  expect(readStream(`${start}{"error": {`).at(-1)).toMatchObject({ error: { code: 'provider_garbled' } });
});

test('pings and comments show nothing and keep their frames', () => {
  const text = `: ping\n\n${frames(chunk([{ text: 'x' }], { finishReason: 'STOP' }))}data: [DONE]\n\n`;
  const events = readStream(text);
  expect(events[0]).toEqual({ type: 'other', raw: { frame: ': ping\n\n', data: '' } });
  expect(events.map((event) => event.raw?.frame ?? '').join('')).toBe(text);
});

test('a renderer survives any order of events and an empty reply', () => {
  const finish: ChatEvent = { type: 'finish', usage: NO_USAGE };
  const empty = renderStream([finish]);
  expect(collect(readStream(empty)).choices).toMatchObject([{ content: [], reason: 'other' }]);
  const open = renderStream([
    { type: 'tool-call-start', choice: 0, call: 0, id: 'c', name: 'f' },
    { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: 'no json' },
    { type: 'tool-call-delta', choice: 3, call: 9, argumentsText: '{}' },
    { type: 'tool-call-end', choice: 5, call: 1 },
    { type: 'reasoning-end', choice: 0, redacted: { dialect: 'another', value: 'x' } },
    { type: 'citation', choice: 0, citation: null },
    { type: 'other' },
    finish,
    { type: 'text-delta', choice: 0, text: 'too late' },
  ]);
  expect(open).toContain('"args":{"_invalid_json":"no json"}');
  expect(open).not.toContain('too late');
});

test('a failed stream ends in an error every Google client finds', () => {
  const error = new GatewayError('provider_overloaded', 'Busy.');
  const text = renderStream([
    { type: 'text-delta', choice: 0, text: 'Hal' },
    { type: 'error', error },
  ]);
  expect(readStream(text).at(-1)).toMatchObject({ type: 'error', error: { code: 'provider_overloaded' } });
  expect(text).toEndWith('\r\n\r\n');
});
