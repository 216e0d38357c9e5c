import { expect, test } from 'bun:test';
import { createJsonEnd } from './json-end.ts';

test.each(['{}', '[]', ' {"a":1} ', '{"a":{"b":[1,{"c":2}]}}', '{"a":"}","b":"\\"}","c":"\\\\"}', '[{"{":"["}]'])(
  '%s is whole with its last bracket and not before',
  (text) => {
    const end = createJsonEnd();
    for (const [at, char] of [...text].entries()) {
      expect(end.isWhole()).toBe(at > text.search(/[}\]]\s*$/));
      end.push(char);
    }
    expect(end.isWhole()).toBe(true);
  },
);

test.each(['', ' ', '5', '"{}"', '{"a":"', '{"a":"}', '{"a":"\\"}', '[{}'])('%j is not', (text) => {
  const end = createJsonEnd();
  end.push(text);
  expect(end.isWhole()).toBe(false);
});

test('it takes time in proportion to the text', () => {
  const end = createJsonEnd();
  const started = performance.now();
  for (let i = 0; i < 100_000; i++) end.push('{"a":"x"},');
  expect(performance.now() - started).toBeLessThan(1000);
});
