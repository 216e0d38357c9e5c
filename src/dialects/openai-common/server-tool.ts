import type { JsonObject } from '../../lib/json.ts';

/** What to call a tool that only a provider knows. Google names its tools by their only key. */
export function serverToolName(value: JsonObject): string {
  for (const name of [value.name, value.type, Object.keys(value)[0]]) if (typeof name === 'string') return name;
  return 'unknown';
}
