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
