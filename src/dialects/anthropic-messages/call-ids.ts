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

/**
 * Gives the calls of one request ids that are legal and unique, as this wire demands, and their results the same ones.
 * Clients of other dialects repeat ids between turns or leave them empty; then results belong to calls in their order.
 */
export function createCallIds() {
  const used = new Set<string>();
  const unanswered = new Map<string, string[]>();
  const latest = new Map<string, string>();

  function forCall(id: string): string {
    const base = legalCallId(id);
    let unique = base;
    for (let n = 2; used.has(unique); n++) unique = `${base}_${n}`;
    used.add(unique);
    unanswered.set(id, [...(unanswered.get(id) ?? []), unique]);
    return unique;
  }

  function forResult(id: string): string {
    const unique = unanswered.get(id)?.shift() ?? latest.get(id) ?? legalCallId(id);
    latest.set(id, unique);
    return unique;
  }

  return { forCall, forResult };
}
export type CallIds = ReturnType<typeof createCallIds>;
