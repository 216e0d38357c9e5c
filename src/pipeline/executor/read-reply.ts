import type { ChatEvent } from '../../chat/event.ts';
import { bodyMessage, type Dialect } from '../../dialects/dialect.ts';
import { GatewayError } from '../../errors.ts';
import { tryParseJson } from '../../lib/json.ts';
import { readText } from '../../lib/read-text.ts';
import { createSseParser } from '../../lib/sse.ts';

/** More than any real reply; a provider that sends more is broken. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** The rest of a reply, in the portions it arrives in. */
export interface EventSource {
  /** The next events, or null after the last. Never rejects: a reply that breaks ends in an `error` event. */
  next(): Promise<ChatEvent[] | null>;
  /** Lets the provider go. Safe to call at any time, also while `next` is waiting. */
  cancel(): void;
}

/** All events of a reply that came as one body. Throws what reading it throws. */
export async function readBody(dialect: Dialect, response: Response): Promise<ChatEvent[]> {
  const text = await readText(response, MAX_BODY_BYTES);
  const body = tryParseJson(text);
  if (body === undefined)
    throw new GatewayError('provider_garbled', 'The provider answered with something that is not JSON.');
  const events = dialect.parseReply(body);
  const [first] = events;
  if (first) events[0] = { ...first, raw: bodyMessage(text) };
  return events;
}

interface StreamOptions {
  dialect: Dialect;
  response: Response;
  /** Called on every sign of life, so that silence can be timed. */
  onBytes: () => void;
  /** Turns what `read` threw into our words. */
  explain: (thrown: unknown) => GatewayError;
  cancel: () => void;
}

/** Reads a stream of events. `next` gives the events of one network read, or of several that made none. */
export function readStream({ dialect, response, onBytes, explain, cancel }: StreamOptions): EventSource {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  const sse = createSseParser();
  const parser = dialect.createStreamParser();
  let isOver = false;

  async function next(): Promise<ChatEvent[] | null> {
    while (!isOver) {
      const events: ChatEvent[] = [];
      try {
        const chunk = await reader?.read();
        onBytes();
        if (!chunk || chunk.done) {
          isOver = true;
          for (const message of [...sse.push(decoder.decode()), ...sse.end()]) events.push(...parser.parse(message));
          if (!endsInError(events)) events.push(...parser.end());
        } else {
          const text = decoder.decode(chunk.value, { stream: true });
          for (const message of sse.push(text)) events.push(...parser.parse(message));
        }
      } catch (thrown) {
        events.push({ type: 'error', error: explain(thrown) });
      }
      if (endsInError(events)) {
        isOver = true;
        cancel();
      }
      if (events.length > 0) return events;
    }
    return null;
  }

  return { next, cancel };
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
