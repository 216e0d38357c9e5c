import { isJsonObject } from '../../lib/json.ts';

/** The whole number a reply holds in this field; null where there is none. */
export function readCount(reply: unknown, field: string): number | null {
  const count = isJsonObject(reply) ? reply[field] : undefined;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}
