import { expect, test } from 'bun:test';
import { formatNanoUsd } from './money.tsx';
import { formatDuration, formatTime } from './time.tsx';

test.each([
  [0, '$0.00'],
  [1, '$0.0000000010'],
  [12_300, '$0.0000123'],
  [12_345_678, '$0.0123'],
  [500_000_000, '$0.50'],
  [999_999_999, '$1.00'],
  [1_000_000_000, '$1.00'],
  [1_234_567_890_000, '$1,234.57'],
  [-42_000_000, '-$0.042'],
])('%d nano-dollars are written %s', (nanoUsd, expected) => {
  expect(formatNanoUsd(nanoUsd)).toBe(expected);
});

test.each([
  [0, 'now'],
  [-300, 'now'],
  [59_999, '59 s ago'],
  [60_000, '1 min ago'],
  [3_600_000 * 5, '5 h ago'],
  [86_400_000, '31 Dec 2029'],
  [-86_400_000, '2 Jan 2030'],
])('what happened %d ms ago is written %s', (age, expected) => {
  const now = Date.UTC(2030, 0, 1, 12);
  expect(formatTime(now - age, now)).toBe(expected);
});

test.each([
  [0.4, '0 ms'],
  [999, '999 ms'],
  [1834, '1.83 s'],
  [12_400, '12.4 s'],
  [61_000, '1 min 1 s'],
  [119_800, '2 min 0 s'],
])('%d ms are written %s', (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});
