import type { ChatEvent } from '../../chat/event.ts';
import { bodyMessage, type Dialect } from '../../dialects/dialect.ts';
import { GatewayError, toGatewayError } from '../../errors.ts';
import { tryParseJson } from '../../lib/json.ts';
import { readText } from '../../lib/read-text.ts';
import { createSseParser } from '../../lib/sse.ts';

/** More than any real reply; a provider that sends more is broken. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const MAX_FRAME_CHARACTERS = 16 * 1024 * 1024;

/** The rest of a reply, in the portions it arrives in. */
export interface EventSource {
  /** The next events, or null after the last. A reply that breaks ends in an `error` event; only a bug of ours rejects. */
  next(): Promise<ChatEvent[] | null>;
  /** Lets the provider go. Safe to call at any time, also while `next` is waiting. */
  cancel(): void;
}

/** Waits for something of the provider; rejects with a GatewayError that says what became of it instead. */
export type Hear = <T>(work: Promise<T>) => Promise<T>;

/** All events of a reply that came as one body. */
export async function readBody(dialect: Dialect, response: Response, hear: Hear): Promise<ChatEvent[]> {
  const text = await hear(readText(response, MAX_BODY_BYTES));
  const body = tryParseJson(text);
  if (body === undefined)
    throw new GatewayError('provider_garbled', 'The provider answered with something that is not JSON.');
  const events = dialect.parseReply(body);
  const [first] = events;
  if (first) first.raw = bodyMessage(text);
  return events;
}

interface StreamOptions {
  dialect: Dialect;
  response: Response;
  hear: Hear;
  cancel: () => void;
  /** Told when nothing more is to be waited for. */
  onEnd: () => void;
}

/** Reads a stream of events. `next` gives the events of one network read, or of several that made none. */
export function readStream({ dialect, response, hear, cancel, onEnd }: StreamOptions): EventSource {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  const sse = createSseParser();
  const parser = dialect.createStreamParser();
  let isOver = false;

  /** The events of a read; its bytes are undefined at the end. */
  function parse(bytes: Uint8Array | undefined): ChatEvent[] {
    const text = bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    const events: ChatEvent[] = [];
    for (const message of sse.push(text)) events.push(...parser.parse(message));
    if (bytes) {
      if (sse.pending() > MAX_FRAME_CHARACTERS) events.push({ type: 'error', error: tooLong() });
      return events;
    }
    isOver = true;
    for (const message of sse.end()) events.push(...parser.parse(message));
    if (!endsInError(events)) events.push(...parser.end());
    return events;
  }

  /** The only place where a stream that has begun can fail, so a failure becomes its last event. */
  function failed(thrown: unknown): ChatEvent[] {
    return [{ type: 'error', error: toGatewayError(thrown) }];
  }

  async function next(): Promise<ChatEvent[] | null> {
    while (!isOver) {
      const events = reader ? await hear(reader.read()).then(({ value }) => parse(value), failed) : parse(undefined);
      if (endsInError(events)) {
        isOver = true;
        cancel();
      }
      if (isOver) onEnd();
      if (events.length > 0) return events;
    }
    return null;
  }

  return { next, cancel };
}

function tooLong(): GatewayError {
  return new GatewayError('provider_garbled', 'The provider sent a message without an end.');
}

/** A reply that is already here. */
export function replay(events: readonly ChatEvent[]): EventSource {
  let rest: ChatEvent[] | null = [...events];
  return {
    async next() {
      const now = rest;
      rest = null;
      return now;
    },
    cancel() {
      rest = null;
    },
  };
}

function endsInError(events: readonly ChatEvent[]): boolean {
  return events.at(-1)?.type === 'error';
}
