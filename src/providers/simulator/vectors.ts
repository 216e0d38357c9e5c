const NUMBERS_PER_WORD = 16;
const MAX_WORDS = 20_000;

/**
 * A vector of length 1 for a text: the same for the same text, and closer for texts that share words. Every word moves a few
 * numbers, which ones and how far its hash decides.
 */
export function embed(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  const words = text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [text];
  for (const word of words.slice(0, MAX_WORDS)) {
    let state = Bun.hash.xxHash32(word);
    for (let count = 0; count < NUMBERS_PER_WORD; count++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const at = state % dimensions;
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      vector[at] = (vector[at] ?? 0) + state / 2 ** 31 - 1;
    }
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => Math.fround(value / length));
}
