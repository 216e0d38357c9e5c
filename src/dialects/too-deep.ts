/** No vendor takes or sends JSON of more levels; Google stops at 100. */
const MAX_DEPTH = 200;

/**
 * True for JSON nested so deeply that code which walks it could run out of stack: it can be parsed, but not be written again.
 * It is looked at level by level, so that looking cannot fail.
 */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      for (const child of Object.values(item)) if (typeof child === 'object' && child !== null) next.push(child);
    }
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}
