const BYTES = 4;

/** Numbers as base64 of 32-bit floats, least significant byte first, whatever this machine's own order is. */
export function encodeFloat32(numbers: readonly number[]): string {
  const bytes = Buffer.allocUnsafe(numbers.length * BYTES);
  for (const [index, value] of numbers.entries()) bytes.writeFloatLE(value, index * BYTES);
  return bytes.toString('base64');
}

/** The numbers again; `undefined` where the text does not hold whole finite floats. */
export function decodeFloat32(base64: string): number[] | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0 || bytes.length % BYTES !== 0) return undefined;
  const numbers = new Array<number>(bytes.length / BYTES);
  for (let index = 0; index < numbers.length; index++) {
    const value = bytes.readFloatLE(index * BYTES);
    if (!Number.isFinite(value)) return undefined;
    numbers[index] = value;
  }
  return numbers;
}
