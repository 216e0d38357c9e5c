import type { ChatEvent } from '../../chat/event.ts';
import type { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject, tryParseJson } from '../../lib/json.ts';
import type { SseMessage } from '../../lib/sse.ts';
import { readFrom, type StreamParser } from '../dialect.ts';
import { count, objects, text } from './fields.ts';
import type { FragmentKind } from './item-reader.ts';
import { hasError, parseReplyError } from './parse-error.ts';
import { garbled, startOf, stopReason } from './parse-reply.ts';
import { createOutputReader } from './read-output.ts';
import { parseUsage } from './usage.ts';

/** What a fragment is of, and the field that counts the parts of its item. */
const FRAGMENTS = new Map<string, [kind: FragmentKind, index: 'content_index' | 'summary_index']>(
  Object.entries({
    'response.output_text.delta': ['text', 'content_index'],
    'response.output_text.annotation.added': ['annotation', 'content_index'],
    'response.refusal.delta': ['refusal', 'content_index'],
    'response.reasoning_summary_text.delta': ['summary', 'summary_index'],
    'response.reasoning_text.delta': ['content', 'content_index'],
    'response.function_call_arguments.delta': ['arguments', 'content_index'],
    'response.custom_tool_call_input.delta': ['input', 'content_index'],
  } as const),
);

/**
 * Reads events up to `response.completed` or its like, which has the usage; there is no `[DONE]`.
 * https://platform.openai.com/docs/api-reference/responses-streaming
 */
export function createStreamParser(): StreamParser {
  const output = createOutputReader();
  let isStarted = false;
  let isBroken = false;
  let isComplete = false;
  /** Where an event leaves out which item it is of. */
  let lastIndex = 0;
  /** Told by an `error` event. `response.failed` follows it, and belongs to the same failure. */
  let failure: GatewayError | undefined;

  function parse(message: SseMessage): ChatEvent[] {
    if (isBroken || isComplete) return [];
    const events = readMessage(message);
    isBroken = events.at(-1)?.type === 'error';
    return readFrom(message, events);
  }

  function readMessage({ kind, event, data }: SseMessage): ChatEvent[] {
    const said = data.trim();
    if (kind === 'comment' || said === '' || said === '[DONE]') return [];
    const wire = tryParseJson(said);
    const type = text(isJsonObject(wire) ? wire.type : undefined) ?? event;
    // Some servers write a bare error body into the stream when they break down.
    if (type !== 'error' && !type?.startsWith('response.') && hasError(wire)) return fail(parseReplyError(wire));
    if (!isJsonObject(wire) || kind === 'stray') return [garbled('The provider sent a stream that cannot be read.')];
    return type === null ? [] : readEvent(wire, type);
  }

  function readEvent(wire: JsonObject, type: string): ChatEvent[] {
    const fragment = FRAGMENTS.get(type);
    if (fragment) return readFragment(wire, fragment);
    switch (type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        return start(objectOf(wire.response));
      case 'response.output_item.added':
      case 'response.output_item.done':
        return readItem(wire, type === 'response.output_item.done');
      case 'response.completed':
      case 'response.incomplete':
      case 'response.cancelled':
        return complete({ status: type.slice('response.'.length), ...objectOf(wire.response) });
      case 'response.failed':
        return fail(failure ?? parseReplyError({ error: objectOf(wire.response).error }));
      case 'error':
        failure ??= parseReplyError(wire);
        return [];
      default:
        // Parts that begin or end, tools the provider runs itself, keepalives.
        return [];
    }
  }

  function readFragment(wire: JsonObject, [kind, index]: [FragmentKind, string]): ChatEvent[] {
    const { delta, logprobs, annotation } = wire;
    const fragment = { text: text(delta) ?? '', logprobs, annotation };
    return [...start({}), ...output.add(indexOf(wire), kind, count(wire[index]) ?? 0, fragment)];
  }

  function readItem(wire: JsonObject, isDone: boolean): ChatEvent[] {
    const item = objectOf(wire.item);
    const index = indexOf(wire);
    // A call cannot be told without its name, which then comes with its end.
    if (!isDone && 'call_id' in item && !text(item.name)) return start({});
    return [...start({}), ...(isDone ? output.done(index, item) : output.open(index, item))];
  }

  function indexOf(wire: JsonObject): number {
    lastIndex = count(wire.output_index) ?? lastIndex;
    return lastIndex;
  }

  function start(response: JsonObject): ChatEvent[] {
    if (isStarted) return [];
    isStarted = true;
    return [startOf(response)];
  }

  function complete(response: JsonObject): ChatEvent[] {
    // The end is told here and not when the connection closes, which a provider may never do.
    isComplete = true;
    const usage = parseUsage(response);
    const events = [...start(response), ...output.end(objects(response.output))];
    const reason = stopReason(response, output.answer());
    return [...events, { type: 'usage', usage }, { type: 'stop', choice: 0, reason }, { type: 'finish', usage }];
  }

  function fail(error: GatewayError): ChatEvent[] {
    return [{ type: 'error', error }];
  }

  function end(): ChatEvent[] {
    if (isBroken || isComplete) return [];
    isBroken = true;
    return failure ? fail(failure) : [garbled('The provider broke off its reply.')];
  }

  return { parse, end };
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
