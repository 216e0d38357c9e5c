import type { ChatEvent } from '../../chat/event.ts';
import { plainRequest } from '../../chat/fixture.ts';
import type {
  AssistantPart,
  ChatRequest,
  Message,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../../chat/request.ts';
import { createSseParser } from '../../lib/sse.ts';
import type { RenderContext, Target } from '../dialect.ts';
import { createStreamParser } from './parse-stream.ts';
import { createStreamRenderer } from './render-stream.ts';

/** A small request of another dialect, for tests. */
export function chatRequest(fields: Partial<ChatRequest> = {}): ChatRequest {
  return plainRequest('Hello', fields);
}

export function user(...content: UserPart[]): Message {
  return { role: 'user', content };
}

export function assistant(...content: AssistantPart[]): Message {
  return { role: 'assistant', content };
}

export function text(value: string) {
  return { type: 'text' as const, text: value };
}

export function call(id: string, argumentsText = '{}'): ToolCallPart {
  return { type: 'tool-call', id, name: 'look', argumentsText };
}

export function result(callId: string, value = 'ok'): ToolResultPart {
  return { type: 'tool-result', callId, content: [text(value)], isError: false };
}

export function target(fields: Partial<Target> = {}): Target {
  const reasoning = { supported: true, required: false, efforts: [] };
  return { model: 'claude-test', stream: false, maxOutputTokens: 64_000, reasoning, ...fields };
}

export function renderContext(): RenderContext {
  return { request: chatRequest(), requestId: 'req_7', model: 'anthropic/claude-test', createdAt: 1_800_000_000 };
}

/** All events of a stream's text, fed in pieces of `size`. */
export function parseStreamText(text: string, size = text.length || 1): ChatEvent[] {
  const sse = createSseParser();
  const parser = createStreamParser();
  const events: ChatEvent[] = [];
  for (let at = 0; at < text.length; at += size) {
    for (const message of sse.push(text.slice(at, at + size))) events.push(...parser.parse(message));
  }
  for (const message of sse.end()) events.push(...parser.parse(message));
  events.push(...parser.end());
  return events;
}

export function renderStreamText(events: ChatEvent[]): string {
  const renderer = createStreamRenderer(renderContext());
  return events.map((event) => renderer.render(event)).join('');
}

/** A stream of this wire from its messages. */
export function streamText(messages: Record<string, unknown>[]): string {
  return messages.map((message) => `event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`).join('');
}
