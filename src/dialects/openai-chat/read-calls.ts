import type { ChatEvent } from '../../chat/event.ts';
import { tryParseJson } from '../../lib/json.ts';
import { argumentsText } from './arguments.ts';
import { parseExtraContent } from './signature.ts';
import type { WireToolCall } from './wire.ts';

interface CallState {
  index: number | undefined;
  id: string;
  name: string;
  isCustom: boolean;
  extra: unknown;
  text: string;
  /** How much of `text` has been sent on. */
  sent: number;
  isStarted: boolean;
}

/**
 * Tells the calls of one choice as whole trios, one after the other, whatever order their fragments come in. A call is held
 * back while the one before it is unfinished; those of OpenAI come in sequence, so there it waits for nothing.
 * `makeId` names a call that came without an id.
 */
export function createCallReader(choice: number, makeId: (call: number) => string) {
  const calls: CallState[] = [];
  /** The call being told; those before it have ended. */
  let current = 0;

  function read(delta: WireToolCall): ChatEvent[] {
    const call = callOf(calls, delta) ?? addCall(calls, delta);
    const fields = delta.function ?? delta.custom;
    if (delta.id) call.id = delta.id;
    if (fields?.name) call.name = fields.name;
    if (delta.extra_content !== undefined) call.extra = delta.extra_content;
    const fragment = fields?.input ?? argumentsText(fields?.arguments);
    call.text += fragment;
    const events: ChatEvent[] = [];
    for (let head = calls[current]; head; head = calls[current]) {
      if (head.name === '') break;
      tell(head, events);
      // The end shows only where the next call starts, and parsing at each fragment would take square time.
      const isFollowed = current < calls.length - 1;
      if (!isFollowed || !(head.isCustom || isWhole(head.text))) break;
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
        id: call.id || makeId(current),
        name: call.name,
        ...(call.isCustom ? { isCustom: true } : {}),
        ...parseExtraContent(call.extra),
      });
    }
    const argumentsText = call.text.slice(call.sent);
    call.sent = call.text.length;
    if (argumentsText !== '') events.push({ type: 'tool-call-delta', choice, call: current, argumentsText });
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
function callOf(calls: readonly CallState[], { index, id, function: fn, custom }: WireToolCall): CallState | undefined {
  const call = index === undefined ? calls.at(-1) : calls.findLast((candidate) => candidate.index === index);
  const fields = fn ?? custom;
  if (!call || !fields?.name) return call;
  if (id && call.id) return id === call.id ? call : undefined;
  const fragment = fields.input ?? argumentsText(fields.arguments);
  return call.name !== '' && fragment !== '' && isWhole(call.text) ? undefined : call;
}

function addCall(calls: CallState[], { index, custom }: WireToolCall): CallState {
  const isCustom = custom !== undefined;
  const call = { index, id: '', name: '', isCustom, extra: undefined, text: '', sent: 0, isStarted: false };
  calls.push(call);
  return call;
}

function isWhole(text: string): boolean {
  return text.endsWith('}') && tryParseJson(text) !== undefined;
}
