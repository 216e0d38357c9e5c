import type { ChatEvent } from '../../chat/event.ts';
import type { Signature } from '../../chat/request.ts';
import type { JsonObject } from '../../lib/json.ts';
import { createSseParser } from '../../lib/sse.ts';
import { createStreamParser } from './parse-stream.ts';

// What the tests of this folder share.

/** The value as a signature of this dialect. */
export function ours(value: object): Signature {
  return { dialect: 'openai-responses', value: JSON.stringify(value) };
}

/** Feeds a stream to the parser, character by character. */
export function parsed(stream: string): ChatEvent[] {
  const sse = createSseParser();
  const parser = createStreamParser();
  const messages = [...stream].flatMap((char) => sse.push(char)).concat(sse.end());
  return [...messages.flatMap((message) => parser.parse(message)), ...parser.end()];
}

/** The data of a stream's frames. */
export function messagesIn(stream: string): JsonObject[] {
  const data = stream.split('\n').filter((line) => line.startsWith('data: '));
  return data.map((line) => JSON.parse(line.slice('data: '.length)));
}

export function withoutRaw(events: readonly ChatEvent[]): ChatEvent[] {
  return events.map(({ raw: _raw, ...event }) => event);
}
