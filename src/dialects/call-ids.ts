/**
 * Gives the calls of one request ids that are legal and unique, and their results the same ones. Clients repeat ids between
 * turns or leave them empty, and a vendor refuses what another one takes; then results belong to calls in their order. An id
 * depends only on what came before it, so a longer conversation keeps them. `legal` must give every id, `''` too, its legal
 * form, always the same one, and no two the same.
 */
export function createCallIds(legal: (id: string) => string) {
  const used = new Set<string>();
  /** The last number given to repetitions of an id, so that very many of them take no longer each. */
  const numbers = new Map<string, number>();
  const unanswered = new Map<string, string[]>();
  const latest = new Map<string, string>();

  function forCall(id: string): string {
    const base = legal(id);
    let number = numbers.get(base) ?? 1;
    let unique = number === 1 ? base : legal(`${base}_${++number}`);
    while (used.has(unique)) unique = legal(`${base}_${++number}`);
    numbers.set(base, number);
    used.add(unique);
    const waiting = unanswered.get(id);
    if (waiting) waiting.push(unique);
    else unanswered.set(id, [unique]);
    return unique;
  }

  function forResult(id: string): string {
    const unique = unanswered.get(id)?.shift() ?? latest.get(id) ?? legal(id);
    latest.set(id, unique);
    return unique;
  }

  return { forCall, forResult };
}
export type CallIds = ReturnType<typeof createCallIds>;
