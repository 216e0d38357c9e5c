import { expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import { createSseParser, type SseMessage } from '../../src/lib/sse.ts';
import { holds } from './check.ts';

setDefaultTimeout(60_000);

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('{"a":"é"}', '[DONE]', '', ' ', ':', '👩‍👩‍👧', '\uFEFF'),
);
const line = fc.oneof(
  { weight: 4, arbitrary: value.map((text) => `data: ${text}`) },
  { weight: 1, arbitrary: value.map((text) => `data:${text}`) },
  { weight: 1, arbitrary: value.map((text) => `event: ${text}`) },
  fc.constantFrom(
    ': comment',
    ':',
    'data',
    'id: 7',
    'retry: 9',
    'datagram: no field',
    '{"error": {}}',
    '\uFEFFdata: no start',
  ),
  { weight: 3, arbitrary: fc.constant('') },
);
/** Any mix of line ends, with or without a mark of byte order, and whether or not the last line is ended. */
const stream = fc
  .record({
    lines: fc.array(fc.tuple(line, lineEnd), { maxLength: 12 }),
    mark: fc.constantFrom('', '\uFEFF'),
    rest: fc.oneof(fc.constant(''), line),
  })
  .map(({ lines, mark, rest }) => mark + lines.flat().join('') + rest);
const cuts = fc.array(fc.nat(160), { maxLength: 10 });

/** Reads bytes as they come from the network: in pieces that may end inside a character. */
function read(bytes: Uint8Array, cuts: number[]): SseMessage[] {
  const decoder = new TextDecoder();
  const parser = createSseParser();
  const at = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
  const messages = at
    .slice(1)
    .flatMap((end, index) => parser.push(decoder.decode(bytes.subarray(at[index], end), { stream: true })));
  return [...messages, ...parser.push(decoder.decode()), ...parser.end()];
}

/** The standard in short: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
function readByTheBook(text: string): string[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .split('\n');
  const told: string[] = [];
  let data: string[] = [];
  for (const line of [...lines, '']) {
    if (line === 'data' || line.startsWith('data:')) data.push(line.slice('data:'.length).replace(/^ /, ''));
    if (line !== '') continue;
    if (data.length > 0) told.push(data.join('\n'));
    data = [];
  }
  return told;
}

test('any split of the bytes gives the same messages', () => {
  holds(stream, cuts, (text, at) => {
    const bytes = Buffer.from(text);
    expect(read(bytes, at)).toEqual(read(bytes, []));
  });
});

test('every single byte by itself gives the same messages', () => {
  holds(stream, (text) => {
    const bytes = Buffer.from(text);
    expect(read(bytes, [...bytes.keys()])).toEqual(read(bytes, []));
  });
});

test('the data are those of the standard', () => {
  holds(stream, (text) => {
    const data = read(Buffer.from(text), []).flatMap((message) =>
      message.kind === 'message' && /(^|[\r\n])data(:|[\r\n]|$)/.test(message.frame) ? [message.data] : [],
    );
    expect(data).toEqual(readByTheBook(text));
  });
});

test('the frames are the stream, without lines that say nothing', () => {
  const silent = /^(id: 7|retry: 9|)$/;
  const linesOf = (text: string) => text.split(/\r\n|\n|\r/).filter((one) => !silent.test(one));
  holds(stream, cuts, (text, at) => {
    const frames = read(Buffer.from(text), at).map(({ frame }) => frame);
    expect(frames.flatMap(linesOf)).toEqual(linesOf(text.replace(/^\uFEFF/, '')));
  });
});
