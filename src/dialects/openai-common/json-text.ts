const DEEPEST = 500;

/** Whether no value in it stands deeper than that many levels, which no honest JSON does: it could not be written again. */
export function isShallow(value: unknown, levels = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  return Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

/** The arguments of a call as JSON text. OpenAI sends text; some servers like it send the object itself. */
export function argumentsText(wire: unknown): string {
  if (typeof wire === 'string') return wire;
  return typeof wire === 'object' && wire !== null && isShallow(wire) ? JSON.stringify(wire) : '';
}
