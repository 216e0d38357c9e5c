/** Classes to a doubling: a class is 19 % wide, and a percentile read from it within 10 % of the truth. */
const CLASSES_PER_DOUBLING = 4;

/** The class a time belongs to: 0 up to a millisecond, then four to each doubling. */
export function timeClass(ms: number): number {
  return ms <= 1 ? 0 : Math.floor(Math.log2(ms) * CLASSES_PER_DOUBLING) + 1;
}

/** The middle of a class, in milliseconds. */
export function classMs(index: number): number {
  return index === 0 ? 1 : 2 ** ((index - 0.5) / CLASSES_PER_DOUBLING);
}

/** The time that a share (0 to 1) of all counted are not slower than, in milliseconds; null where nothing was counted. */
export function percentileMs(classes: readonly { index: number; count: number }[], share: number): number | null {
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  const sorted = classes.toSorted((a, b) => a.index - b.index);
  let seen = 0;
  for (const { index, count } of sorted) {
    seen += count;
    if (seen >= share * total) return classMs(index);
  }
  return classMs(sorted.at(-1)?.index ?? 0);
}
