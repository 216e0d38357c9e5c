import { expect, test } from 'bun:test';
import { decodeFloat32, encodeFloat32 } from './float32.ts';

test('numbers become 32-bit floats with the least significant byte first', () => {
  expect(encodeFloat32([1, -2])).toBe(Buffer.from([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]).toString('base64'));
});

test('what was encoded is decoded to the same floats', () => {
  const numbers = [0, 0.1, -3.5e-8, 1e30].map(Math.fround);
  expect(decodeFloat32(encodeFloat32(numbers))).toEqual(numbers);
});

test.each(['', 'AAA=', 'not base64 at all!', encodeFloat32([Number.NaN]), encodeFloat32([Number.POSITIVE_INFINITY])])(
  '%p holds no floats',
  (text) => {
    expect(decodeFloat32(text)).toBeUndefined();
  },
);
