import { expect, test } from 'bun:test';
import { classMs, percentileMs, timeClass } from './histogram.ts';

test('the middle of a class is within a tenth of every time in it', () => {
  for (let ms = 2; ms < 1_000_000; ms = Math.ceil(ms * 1.03)) {
    expect(Math.abs(classMs(timeClass(ms)) / ms - 1)).toBeLessThan(0.1);
  }
});

test('classes follow each other', () => {
  for (let ms = 1; ms < 5000; ms++) expect(timeClass(ms + 1)).toBeGreaterThanOrEqual(timeClass(ms));
  expect([timeClass(0), timeClass(1), timeClass(-5)]).toEqual([0, 0, 0]);
});

test('percentiles are read from counts in any order', () => {
  const classes = [
    { index: timeClass(1000), count: 5 },
    { index: timeClass(10), count: 90 },
    { index: timeClass(100), count: 5 },
  ];
  expect(percentileMs(classes, 0.5)).toBeCloseTo(10, -1);
  expect(percentileMs(classes, 0.95)).toBeGreaterThan(90);
  expect(percentileMs(classes, 0.95)).toBeLessThan(110);
  expect(percentileMs(classes, 0.99)).toBeGreaterThan(900);
  expect(percentileMs([], 0.5)).toBeNull();
});
