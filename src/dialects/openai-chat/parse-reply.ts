import type { ChatEvent } from '../../chat/event.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject } from '../../lib/json.ts';
import { hasError, parseReplyError } from './parse-error.ts';
import { createChoiceReader } from './read-choice.ts';
import { parseUsage } from './usage.ts';
import { readReply, type WireReply, type WireUsage } from './wire-reply.ts';

/** A body that was not streamed. It is read as a stream of one chunk, so that both say the same. */
export function parseReply(body: unknown): ChatEvent[] {
  const reader = createReplyReader();
  const events = reader.read(body);
  return events.at(-1)?.type === 'error' ? events : [...events, ...reader.end()];
}

/** Reads the chunks of one reply, or its body as the only chunk. Never throws; the events may end in `error`. */
export function createReplyReader() {
  const choices = new Map<number, ReturnType<typeof createChoiceReader>>();
  let id = '';
  let isStarted = false;
  let wireUsage: WireUsage | undefined;
  let serviceTier: string | undefined;

  function read(chunk: unknown): ChatEvent[] {
    if (hasError(chunk)) return [{ type: 'error', error: parseReplyError(chunk) }];
    if (!isJsonObject(chunk)) return [garbled('The provider sent something that is not a chat completion.')];
    const wire = readReply(chunk);
    const events: ChatEvent[] = [];
    start(wire, events);
    let position = 0;
    for (const choice of wire.choices) {
      // OpenRouter puts the failure of its provider here.
      if (hasError(choice) || choice.finishReason === 'error') {
        return [...events, { type: 'error', error: parseReplyError({ error: choice.error }) }];
      }
      choiceAt(choice.index ?? position).read(choice, events);
      position++;
    }
    serviceTier = wire.serviceTier ?? serviceTier;
    if (wire.usage) {
      wireUsage = wire.usage;
      events.push({ type: 'usage', usage: parseUsage(wireUsage, serviceTier) });
    }
    return events;
  }

  /** Azure's first chunk has neither id nor choices, so the start waits for one that has. */
  function start(wire: WireReply, events: ChatEvent[]): void {
    if (isStarted || !(wire.id || wire.choices.length > 0 || wire.usage)) return;
    isStarted = true;
    id = wire.id || `chatcmpl-${crypto.randomUUID().replaceAll('-', '')}`;
    events.push({ type: 'start', id, model: wire.model ?? '' });
  }

  function choiceAt(index: number) {
    const known = choices.get(index);
    if (known) return known;
    const made = createChoiceReader(
      index,
      (call) => `call_${id.replace(/[^a-zA-Z0-9]/g, '').slice(-24)}_${index}_${call}`,
    );
    choices.set(index, made);
    return made;
  }

  /** The rest of a complete reply: what its choices left open, and `finish`. */
  function end(): ChatEvent[] {
    if (choices.size === 0) return [garbled('The provider sent a reply without an answer in it.')];
    const events = [...choices.values()].flatMap((choice) => choice.end());
    return [...events, { type: 'finish', usage: parseUsage(wireUsage, serviceTier) }];
  }

  /** Whether every choice said why it stopped. */
  function isComplete(): boolean {
    return choices.size > 0 && [...choices.values()].every((choice) => choice.isStopped());
  }

  return { read, end, isComplete };
}

export function garbled(message: string): ChatEvent {
  return { type: 'error', error: new GatewayError('provider_garbled', message) };
}

/** Whether the text of a stream's message is the chunk that only counts tokens. */
export function isUsageChunk(chunk: unknown): boolean {
  if (!isJsonObject(chunk)) return false;
  return Array.isArray(chunk.choices) && chunk.choices.length === 0 && isJsonObject(chunk.usage);
}
