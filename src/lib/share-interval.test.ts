import { expect, test } from 'bun:test';
import { shareInterval } from './share-interval.ts';

const of = (part: number, all: number) => {
  const { low, high } = shareInterval(part, all) ?? { low: Number.NaN, high: Number.NaN };
  return [Math.round(low * 1000), Math.round(high * 1000)];
};

test('the interval of a share is as published for Wilson’s method', () => {
  expect(of(10, 20)).toEqual([299, 701]);
  expect(of(81, 263)).toEqual([255, 366]);
  expect(of(15, 148)).toEqual([62, 160]);
});

test('it stays between nothing and all, is never a point, and grows narrower', () => {
  expect(of(0, 10)).toEqual([0, 278]);
  expect(of(10, 10)).toEqual([722, 1000]);
  expect(of(1, 1)).toEqual([207, 1000]);
  expect(of(500, 1000)).toEqual([469, 531]);
  expect(shareInterval(0, 0)).toBeNull();
});
