import { expect, test } from 'bun:test';
import { createSseParser, type SseMessage } from './sse.ts';

const STREAM =
  ': hello\n\nevent: start\ndata: {"a":1}\n\ndata: one\r\ndata: two\r\n\r\nid: 7\ndata\n\n{"error":\n {"code":1}}\n\ndata: [DONE]\n\n';

function parseAll(pieces: string[]): SseMessage[] {
  const parser = createSseParser();
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
}

test('comments, named and nameless messages, CRLF, empty data and stray text are told apart', () => {
  expect(parseAll([STREAM]).map(({ kind, event, data }) => [kind, event, data])).toEqual([
    ['comment', null, ''],
    ['message', 'start', '{"a":1}'],
    ['message', null, 'one\ntwo'],
    ['message', null, ''],
    ['stray', null, '{"error":\n {"code":1}}'],
    ['message', null, '[DONE]'],
  ]);
});

test('the frames of all messages are the stream', () => {
  expect(
    parseAll([STREAM])
      .map((message) => message.frame)
      .join(''),
  ).toBe(STREAM);
});

test('any split of the text gives the same messages', () => {
  const whole = parseAll([STREAM]);
  for (let size = 1; size <= STREAM.length; size++) {
    const pieces = [];
    for (let at = 0; at < STREAM.length; at += size) pieces.push(STREAM.slice(at, at + size));
    expect(parseAll(pieces)).toEqual(whole);
  }
});

test('a last message without its blank line is still read', () => {
  expect(parseAll(['data: x'])).toEqual([{ kind: 'message', event: null, data: 'x', frame: 'data: x' }]);
});

test('a very long message in small pieces takes time in proportion to its length', () => {
  const parser = createSseParser();
  const piece = 'x'.repeat(4096);
  const started = performance.now();
  parser.push('data: ');
  for (let i = 0; i < 2000; i++) parser.push(piece);
  expect(parser.push('\n\n')[0]?.data.length).toBe(2000 * 4096);
  expect(performance.now() - started).toBeLessThan(2000);
});
