import { shallowJson } from './shallow-json.ts';

/** The arguments of a call as JSON text. OpenAI sends text; some servers like it send the object itself. */
export function argumentsText(wire: unknown): string {
  if (typeof wire === 'string') return wire;
  return typeof wire === 'object' && wire !== null ? (shallowJson(wire) ?? '') : '';
}
