export type Random = ReturnType<typeof createRandom>;

/** Random draws that are the same for the same seed: https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
export function createRandom(seed: number) {
  let state = Math.imul(seed, 0x9e3779b1);

  /** From 0 up to 1, without it. */
  function fraction(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below `limit`; 0 where that is 0. */
  const below = (limit: number): number => Math.floor(fraction() * limit);
  const chance = (probability: number): boolean => fraction() < probability;
  function pick<T>(items: readonly T[]): T {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
  return { fraction, below, chance, pick };
}
