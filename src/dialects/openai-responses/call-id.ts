import { createHash } from 'node:crypto';

/** OpenAI refuses longer ids of tool calls. */
const LONGEST = 64;

/** The id itself, or one of legal length that is the same for a call and its result. */
export function renderCallId(id: string): string {
  if (id.length > 0 && id.length <= LONGEST) return id;
  return `call_${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}
