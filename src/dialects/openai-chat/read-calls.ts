import type { ChatEvent } from '../../chat/event.ts';
import { createJsonEnd, type JsonEnd } from '../json-end.ts';
import { argumentsText } from '../openai-common/json-text.ts';
import { parseExtraContent } from './signature.ts';
import type { WireCall } from './wire-reply.ts';

interface CallState {
  index: number | undefined;
  id: string;
  name: string;
  isCustom: boolean;
  extra: unknown;
  /** Fragments of its arguments that have not been told. */
  waiting: string[];
  isStarted: boolean;
  /** Whether the arguments are all there. */
  end: JsonEnd;
}

/**
 * Tells the calls of one choice as whole trios, one after the other, whatever order their fragments come in. A call is held
 * back while the one before it is unfinished; those of OpenAI come in sequence, so there it waits for nothing.
 * `makeId` names a call that came without an id of its own.
 */
export function createCallReader(choice: number, makeId: (call: number) => string) {
  const calls: CallState[] = [];
  const usedIds = new Set<string>();
  /** The call being told; those before it have ended. */
  let current = 0;

  function read(delta: WireCall): ChatEvent[] {
    const call = callOf(calls, delta) ?? addCall(calls, delta);
    call.id = delta.id || call.id;
    call.name = delta.name || call.name;
    call.extra ??= delta.extraContent;
    const fragment = argumentsText(delta.arguments);
    if (fragment !== '') call.waiting.push(fragment);
    call.end.push(fragment);
    const events: ChatEvent[] = [];
    for (let head = calls[current]; head; head = calls[current]) {
      if (head.name === '') break;
      tell(head, events);
      // Where a call ends shows only when the next has begun.
      const isFollowed = current < calls.length - 1;
      if (!isFollowed || !(head.isCustom || head.end.isWhole())) break;
      endCurrent(events);
    }
    return events;
  }

  function tell(call: CallState, events: ChatEvent[]): void {
    if (!call.isStarted) {
      call.isStarted = true;
      events.push({
        type: 'tool-call-start',
        choice,
        call: current,
        id: nameCall(call.id),
        name: call.name,
        ...(call.isCustom ? { isCustom: true } : {}),
        ...parseExtraContent(call.extra),
      });
    }
    const argumentsText = call.waiting.join('');
    call.waiting = [];
    if (argumentsText !== '') events.push({ type: 'tool-call-delta', choice, call: current, argumentsText });
  }

  /** An id that another call has is as good as none. */
  function nameCall(given: string): string {
    const id = given !== '' && !usedIds.has(given) ? given : makeId(current);
    usedIds.add(id);
    return id;
  }

  function endCurrent(events: ChatEvent[]): void {
    events.push({ type: 'tool-call-end', choice, call: current });
    current++;
  }

  /** Ends what is open. */
  function end(): ChatEvent[] {
    const events: ChatEvent[] = [];
    for (let call = calls[current]; call; call = calls[current]) {
      tell(call, events);
      endCurrent(events);
    }
    return events;
  }

  return { read, end, hasCalls: () => calls.length > 0 };
}

/**
 * The call a fragment belongs to. Google's compatible endpoint gives every call the index 0, and some servers give none, so a
 * new id, or a name after whole arguments, starts another call.
 */
function callOf(
  calls: readonly CallState[],
  { index, id, name, arguments: fragment }: WireCall,
): CallState | undefined {
  const call = index === undefined ? calls.at(-1) : calls.findLast((candidate) => candidate.index === index);
  if (!call || !name) return call;
  if (id && call.id) return id === call.id ? call : undefined;
  return call.name !== '' && argumentsText(fragment) !== '' && call.end.isWhole() ? undefined : call;
}

function addCall(calls: CallState[], { index, isCustom }: WireCall): CallState {
  const call: CallState = {
    index,
    id: '',
    name: '',
    isCustom,
    extra: undefined,
    waiting: [],
    isStarted: false,
    end: createJsonEnd(),
  };
  calls.push(call);
  return call;
}
