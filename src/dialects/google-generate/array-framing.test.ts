import { expect, test } from 'bun:test';
import { createArrayFraming } from './array-framing.ts';

test('elements are written as they come, in the framing Google uses', () => {
  const framing = createArrayFraming();
  expect([framing.push('{"a":1}'), framing.push('{"b":2}'), framing.end()]).toEqual([
    '[{"a":1}',
    '\n,\n{"b":2}',
    '\n]',
  ]);
});

test('a reply without elements is an empty list', () => {
  expect(createArrayFraming().end()).toBe('[]');
});

test('SSE text becomes elements wherever it was cut, without comments and with a bare error', () => {
  const frames =
    ': hello\n\ndata: {"a":1}\r\n\r\ndata: {"b":\ndata: 2}\n\n{\n  "error": {\n\n    "code": 500\n  }\n}\n';
  for (const size of [1, 5, 1000]) {
    const framing = createArrayFraming();
    let text = '';
    for (let at = 0; at < frames.length; at += size) text += framing.fromFrames(frames.slice(at, at + size));
    text += framing.end();
    expect(JSON.parse(text)).toEqual([{ a: 1 }, { b: 2 }, { error: { code: 500 } }]);
  }
});
