import type { ChatEvent } from '../../chat/event.ts';
import type { ChatRequest, Signature } from '../../chat/request.ts';
import type { JsonObject } from '../../lib/json.ts';
import { createSseParser } from '../../lib/sse.ts';
import type { RenderContext, Target } from '../dialect.ts';
import { createStreamParser } from './parse-stream.ts';

// What the tests of this folder share.

/** A plain question from a client of another dialect, with `fields` in place of its own. */
export function foreignRequest(fields: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: 'some-model',
    stream: false,
    wantsStreamUsage: false,
    system: [],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Which JSON value is false?' }] }],
    tools: [],
    stop: [],
    choices: 1,
    extras: {},
    original: { dialect: 'another', body: {}, headers: {} },
    ...fields,
  };
}

export function target(fields: Partial<Target> = {}): Target {
  const reasoning = { supported: false, required: false, efforts: [] };
  return { model: 'gpt-x', stream: false, maxOutputTokens: null, reasoning, ...fields };
}

/** A target that reasons, with the efforts it takes. */
export function reasoner(...efforts: string[]): Target {
  return target({ reasoning: { supported: true, required: false, efforts } });
}

export function contextOf(request: ChatRequest): RenderContext {
  return { request, requestId: 'r1', model: 'vendor/gpt-x', createdAt: 1_700_000_000 };
}

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
