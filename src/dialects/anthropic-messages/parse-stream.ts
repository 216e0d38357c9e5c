import type { ChatEvent } from '../../chat/event.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, tryParseJson } from '../../lib/json.ts';
import type { SseMessage } from '../../lib/sse.ts';
import { readFrom, type StreamParser } from '../dialect.ts';
import { isTooDeep } from '../too-deep.ts';
import { tryWriteJson } from './arguments.ts';
import { createReplyIds, newId } from './call-ids.ts';
import { parseErrorBody } from './error.ts';
import { parseStopReason } from './finish-reason.ts';
import { garbled, redactedBlock, signed } from './parse-reply.ts';
import { parseUsage } from './usage.ts';
import { type StreamEvent, streamEvent, type WireUsage } from './wire.ts';

/** A content block that has begun. Its number on the wire counts all kinds of blocks; `call` counts the calls alone. */
type OpenBlock =
  | { type: 'text' | 'foreign' }
  | { type: 'thinking'; signature: string }
  | { type: 'tool_use'; call: number; input: unknown; hasText: boolean };

interface State {
  isStarted: boolean;
  /** Says why the reply ends; told with its end. */
  ending: StreamEvent['delta'];
  /** `message_stop` has come. */
  isComplete: boolean;
  isBroken: boolean;
  firstUsage: WireUsage | null | undefined;
  lastUsage: WireUsage | null | undefined;
  open: Map<number, OpenBlock>;
  calls: number;
  idOf: ReturnType<typeof createReplyIds>;
}

/** Events: https://platform.claude.com/docs/en/build-with-claude/streaming */
export function createStreamParser(): StreamParser {
  const state: State = {
    isStarted: false,
    ending: undefined,
    isComplete: false,
    isBroken: false,
    firstUsage: undefined,
    lastUsage: undefined,
    open: new Map(),
    calls: 0,
    idOf: createReplyIds(),
  };

  function parse(message: SseMessage): ChatEvent[] {
    if (state.isBroken || state.isComplete) return [];
    return readFrom(message, readMessage(message, state));
  }

  function end(): ChatEvent[] {
    if (state.isBroken || state.isComplete) return [];
    const text = 'The provider closed the stream before the reply was complete.';
    return fail(state, new GatewayError('provider_garbled', text));
  }

  return { parse, end };
}

function readMessage(message: SseMessage, state: State): ChatEvent[] {
  const data = message.data.trim();
  if (message.kind === 'comment' || data === '' || data === '[DONE]') return [];
  const value = tryParseJson(data);
  if (!isJsonObject(value) || isTooDeep(value)) return fail(state, garbled(data));
  if (value.type === 'error' || message.event === 'error' || isJsonObject(value.error)) {
    return fail(state, parseErrorBody(value));
  }
  if (message.kind === 'stray') return fail(state, garbled(data));
  const parsed = streamEvent.safeParse(value);
  if (!parsed.success) return fail(state, garbled(data));
  return readEvent(parsed.data, parsed.data.type ?? message.event, state);
}

function readEvent(event: StreamEvent, type: string | null, state: State): ChatEvent[] {
  switch (type) {
    case 'message_start':
      return start(event, state);
    case 'content_block_start':
      return [...ensureStarted(state), ...openBlock(event, state)];
    case 'content_block_delta':
      return [...ensureStarted(state), ...readDelta(event, state)];
    case 'content_block_stop':
      return closeBlock(event.index ?? -1, state);
    case 'message_delta':
      state.lastUsage = event.usage ?? state.lastUsage;
      if (typeof event.delta?.stop_reason === 'string') state.ending ??= event.delta;
      return [];
    case 'message_stop':
      // The end is told here and not when the connection closes, which a provider may never do.
      state.isComplete = true;
      return [
        ...ensureStarted(state),
        ...stop(state),
        { type: 'finish', usage: parseUsage(state.firstUsage, state.lastUsage) },
      ];
    default:
      return [];
  }
}

function start({ message }: StreamEvent, state: State): ChatEvent[] {
  if (state.isStarted) return [];
  state.isStarted = true;
  state.firstUsage = message?.usage;
  const events: ChatEvent[] = [{ type: 'start', id: message?.id || newId('msg'), model: message?.model ?? '' }];
  if (message?.usage) events.push({ type: 'usage', usage: parseUsage(message.usage) });
  return events;
}

function ensureStarted(state: State): ChatEvent[] {
  if (state.isStarted) return [];
  state.isStarted = true;
  return [{ type: 'start', id: newId('msg'), model: '' }];
}

function openBlock({ index, content_block: block }: StreamEvent, state: State): ChatEvent[] {
  const at = index ?? -1;
  const events = closeBlock(at, state);
  switch (block.type) {
    case 'text':
      state.open.set(at, { type: 'text' });
      if (block.text) events.push({ type: 'text-delta', choice: 0, text: block.text });
      return events;
    case 'thinking':
      state.open.set(at, { type: 'thinking', signature: block.signature ?? '' });
      if (block.thinking) events.push({ type: 'reasoning-delta', choice: 0, text: block.thinking });
      return events;
    case 'redacted_thinking':
      state.open.set(at, { type: 'foreign' });
      return [...events, redactedBlock(block)];
    case 'tool_use': {
      const call = state.calls++;
      state.open.set(at, { type: 'tool_use', call, input: block.input, hasText: false });
      const id = state.idOf(block.id);
      return [...events, { type: 'tool-call-start', choice: 0, call, id, name: block.name ?? '' }];
    }
    default:
      // Tools the provider runs itself, compaction and the like.
      state.open.set(at, { type: 'foreign' });
      return events;
  }
}

function readDelta({ index, delta }: StreamEvent, state: State): ChatEvent[] {
  const block = state.open.get(index ?? -1);
  if (!delta || block?.type === 'foreign') return [];
  switch (delta.type) {
    case 'text_delta':
      return delta.text ? [{ type: 'text-delta', choice: 0, text: delta.text }] : [];
    case 'citations_delta':
      return delta.citation ? [{ type: 'citation', choice: 0, citation: delta.citation }] : [];
    case 'thinking_delta':
      return delta.thinking ? [{ type: 'reasoning-delta', choice: 0, text: delta.thinking }] : [];
    case 'signature_delta':
      if (block?.type === 'thinking' && delta.signature) block.signature = delta.signature;
      return [];
    case 'input_json_delta':
      if (block?.type !== 'tool_use' || !delta.partial_json) return [];
      block.hasText = true;
      return [{ type: 'tool-call-delta', choice: 0, call: block.call, argumentsText: delta.partial_json }];
    default:
      return [];
  }
}

function closeBlock(index: number, state: State): ChatEvent[] {
  const block = state.open.get(index);
  state.open.delete(index);
  if (block?.type === 'thinking') return [{ type: 'reasoning-end', choice: 0, ...signed(block.signature) }];
  if (block?.type !== 'tool_use') return [];
  const { call } = block;
  const end: ChatEvent = { type: 'tool-call-end', choice: 0, call };
  if (block.hasText) return [end];
  // No fragments: the call takes nothing, or the arguments came whole with the start of the block.
  const argumentsText = tryWriteJson(isJsonObject(block.input) ? block.input : {}) ?? '{}';
  return [{ type: 'tool-call-delta', choice: 0, call, argumentsText }, end];
}

function stop(state: State): ChatEvent[] {
  const stopSequence = state.ending?.stop_sequence;
  return [
    ...[...state.open.keys()].flatMap((index) => closeBlock(index, state)),
    {
      type: 'stop',
      choice: 0,
      reason: parseStopReason(state.ending?.stop_reason),
      ...(typeof stopSequence === 'string' ? { stopSequence } : {}),
    },
  ];
}

function fail(state: State, error: GatewayError): ChatEvent[] {
  state.isBroken = true;
  return [{ type: 'error', error }];
}
