import { expect, test } from 'bun:test';
import { parseShares, shareDigit } from './topic-shares.ts';

test('shares come back from their digits, to a fifteenth', () => {
  const shares = [0, 0.02, 0.5, 0.97, 1];
  const read = parseShares(shares.map(shareDigit).join(''), shares.length);
  expect(read).toHaveLength(shares.length);
  const away = shares.map((share, kind) => Math.abs(share - (read?.[kind] ?? 0)));
  expect(Math.max(...away)).toBeLessThanOrEqual(1 / 30);
});

test('what is no share is brought to the nearest end', () => {
  expect([shareDigit(-1), shareDigit(2)]).toEqual(['0', 'f']);
});

test.each([
  ['nothing', null],
  ['another number of kinds', '0f'],
  ['what is no digit', '0g0'],
  ['capital letters', '0F0'],
])('%s tells no shares', (_, text) => {
  expect(parseShares(text, 3)).toBeNull();
});
