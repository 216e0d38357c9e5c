import { expect, test } from 'bun:test';
import { cleanCell, readCell, readValue } from './money.ts';

test.each([
  ['$6.25 / MTok', 6.25],
  ['\\$3 / MTok', 3],
  ['$1,250.50', 1250.5],
  ['$0.25 / MTok<sup>1</sup>', 0.25],
  ['$0.02', 0.02],
  ['$5 / 1M tokens', 5],
])('%s is a price', (cell, usd) => {
  expect(readCell(cell)).toEqual({ type: 'price', usd });
});

test.each(['-', '', '—', 'Free', 'Not available'])('"%s" says that there is no price', (cell) => {
  expect(readCell(cell)).toEqual({ type: 'none' });
});

test.each(['$15.00 / 1M characters', '$0.006 / minute', '$100.00 / hour'])(
  '%s is a price of something else',
  (cell) => {
    expect(readCell(cell)).toEqual({ type: 'other-unit' });
  },
);

test.each(['$0.25 / MTok1', '5', '$', '$5 $6', 'from $5', '$5.00 / 1K tokens', '$1,25', '$5.', '5 / MTok'])(
  '"%s" is an error, never its first number',
  (cell) => {
    expect(readCell(cell)).toEqual({ type: 'error' });
  },
);

test('values of components are numbers, marks of absence or errors', () => {
  expect(readValue(0.02)).toEqual({ type: 'price', usd: 0.02 });
  expect([null, '-', '', undefined].map(readValue)).toEqual(Array(4).fill({ type: 'none' }));
  expect([-1, Number.NaN, {}, 'x'].map(readValue)).toEqual(Array(4).fill({ type: 'error' }));
});

test('a cell loses its footnotes and escapes, and keeps its lines apart', () => {
  expect(cleanCell('a<br/>b \\<= c<sup>2</sup>')).toBe('a\nb <= c');
});
