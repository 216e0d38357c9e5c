import type { Cursor } from '../db/queries/search-requests.ts';

/** A place in the ledger as it stands in an address. */
export function renderCursor({ startedAt, id }: Cursor): string {
  return `${startedAt}.${id}`;
}

/** Null when it is none of ours. */
export function parseCursor(text: string | null): Cursor | null {
  const match = /^(\d{1,15})\.([\w-]{1,64})$/.exec(text ?? '');
  return match?.[1] && match[2] ? { startedAt: Number(match[1]), id: match[2] } : null;
}
