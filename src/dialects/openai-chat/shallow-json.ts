const DEEPEST = 500;

/** The value as JSON text; `undefined` where it is nested so deep that it can be parsed but not written again. */
export function shallowJson(value: unknown): string | undefined {
  return isShallow(value, DEEPEST) ? JSON.stringify(value) : undefined;
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  return Object.values(value).every((inner) => isShallow(inner, levels - 1));
}
