import { createHash, randomUUID } from 'node:crypto';

const LEGAL_ID = /^[a-zA-Z0-9_-]+$/;

/** The id itself where this wire takes it; else one made from it, the same every time. */
export function legalCallId(id: string): string {
  if (LEGAL_ID.test(id)) return id;
  return `call_${createHash('sha256').update(id).digest('hex').slice(0, 24)}`;
}

/** For a reply that names no id. */
export function newId(prefix: 'msg' | 'toolu'): string {
  return `${prefix}_${randomUUID().replaceAll('-', '')}`;
}

/** The ids of the calls of one reply: the provider's own, or a new one where it gives none or gives one twice. */
export function createReplyIds() {
  const used = new Set<string>();
  return function idOf(given: string | null | undefined): string {
    const id = given && !used.has(given) ? given : newId('toolu');
    used.add(id);
    return id;
  };
}
