import { expect, test } from 'bun:test';
import { FORMATS } from './format.ts';

const { en, es } = FORMATS;
/** Intl writes spaces that do not break. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

test.each([
  [0, '$0.00', '0,00 US$'],
  [1, '$0.0000000010', '0,0000000010 US$'],
  [12_300, '$0.0000123', '0,0000123 US$'],
  [420_000, '$0.00042', '0,00042 US$'],
  [12_345_678, '$0.0123', '0,0123 US$'],
  [500_000_000, '$0.50', '0,50 US$'],
  [999_999_999, '$1.00', '1,00 US$'],
  [1_000_000_000, '$1.00', '1,00 US$'],
  [1_234_567_890_000, '$1,234.57', '1.234,57 US$'],
  [-42_000_000, '-$0.042', '-0,042 US$'],
])('%d nano-dollars are written %s and %s', (nanoUsd, english, spanish) => {
  expect([plain(en.money(nanoUsd)), plain(es.money(nanoUsd))]).toEqual([english, spanish]);
});

test.each([
  [0, 'now', 'ahora'],
  [-300, 'now', 'ahora'],
  [59_999, '59s ago', 'hace 59 s'],
  [60_000, '1m ago', 'hace 1 min'],
  [3_600_000 * 5, '5h ago', 'hace 5 h'],
  [86_400_000, '31 Dec 2029', '31 dic 2029'],
  [-86_400_000, '2 Jan 2030', '2 ene 2030'],
])('what happened %d ms ago is written %s and %s', (age, english, spanish) => {
  const now = Date.UTC(2030, 0, 1, 12);
  expect([plain(en.ago(now - age, now)), plain(es.ago(now - age, now))]).toEqual([english, spanish]);
});

test.each([
  [0.4, '0 ms', '0 ms'],
  [999, '999 ms', '999 ms'],
  [1834, '1.83 s', '1,83 s'],
  [12_400, '12.4 s', '12,4 s'],
  [61_000, '1 min 1 s', '1 min 1 s'],
  [119_800, '2 min', '2 min'],
  [3_600_000 * 5 + 60_000 * 7, '5 h 7 min', '5 h 7 min'],
  [86_400_000 * 3 + 3_600_000, '3 d 1 h', '3 d 1 h'],
])('%d ms are written %s and %s', (ms, english, spanish) => {
  expect([en.duration(ms), es.duration(ms)]).toEqual([english, spanish]);
});

test('counts, shares and sizes are written as the language has them', () => {
  expect([en.count(12_483), es.count(12_483), es.count(1234)]).toEqual(['12,483', '12.483', '1.234']);
  expect([en.compact(12_345_678), plain(es.compact(12_345_678))]).toEqual(['12.3M', '12,3 M']);
  expect([en.share(23, 100), plain(es.share(231, 1000)), en.share(0, 0)]).toEqual(['23%', '23,1 %', '–']);
  expect([512, 1500, 2_500_000, 7_250_000_000].map((count) => plain(es.bytes(count)))).toEqual([
    ...['512 B', '1,5 kB', '2,5 MB', '7,3 GB'],
  ]);
  expect(plain(en.dateTime(0))).toBe('1 Jan 1970, 00:00:00 UTC');
  expect(plain(es.dateTime(0))).toBe('1 ene 1970, 0:00:00 UTC');
});
