import type { WireContent } from './wire.ts';

/**
 * Gives every call an id and every response the id of its call. Google's clients may leave the ids out, and then a
 * response answers the oldest open call of its name. The ids depend only on what came before, so a longer
 * conversation keeps them.
 */
export function createCallMatcher(contents: WireContent[]) {
  const givenIds = new Set<string>();
  for (const { parts } of contents) {
    for (const { functionCall } of parts ?? []) if (functionCall?.id) givenIds.add(functionCall.id);
  }
  let open: { id: string; name: string }[] = [];
  let synthesised = 0;

  function synthesise(): string {
    let id: string;
    do id = `call_${synthesised++}`;
    while (givenIds.has(id));
    return id;
  }

  /** The id of a call that is being replayed. */
  function openCall(name: string, id: string | null | undefined): string {
    const callId = id || synthesise();
    open.push({ id: callId, name });
    return callId;
  }

  /** The id of the call that a response answers; an id of its own where there is no such call. */
  function closeCall(name: string, id: string | null | undefined): string {
    const call = open.find((item) => item.id === id) ?? open.find((item) => item.name === name);
    if (!call) return id || synthesise();
    open = open.filter((item) => item !== call);
    return call.id;
  }

  return { open: openCall, close: closeCall };
}
