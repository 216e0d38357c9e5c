import type { ChatEvent } from '../../chat/event.ts';
import { plainRequest } from '../../chat/fixture.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { JsonObject } from '../../lib/json.ts';
import { createSseParser } from '../../lib/sse.ts';
import type { RenderContext, Target } from '../dialect.ts';
import { googleGenerate } from './index.ts';

/** What the tests of this dialect share. */
export const hello = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] };
export const withThoughts = { ...hello, generationConfig: { thinkingConfig: { includeThoughts: true } } };

export function context(body: JsonObject = withThoughts): RenderContext {
  const request = googleGenerate.parseRequest(body, { model: 'auto', stream: true });
  return { request, requestId: 'request-1', model: 'gemini-test', createdAt: 0 };
}

export function readStream(text: string): ChatEvent[] {
  const sse = createSseParser();
  const parser = googleGenerate.createStreamParser();
  const messages = [...text].flatMap((char) => sse.push(char)).concat(sse.end());
  return [...messages.flatMap((message) => parser.parse(message)), ...parser.end()];
}

export function renderStream(events: ChatEvent[], at = context()): string {
  const renderer = googleGenerate.createStreamRenderer(at);
  return events.map((event) => renderer.render(event)).join('');
}

export const frames = (...chunks: unknown[]) =>
  chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join('');
export const chunk = (parts: JsonObject[], more: JsonObject = {}, top: JsonObject = {}) => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }],
  modelVersion: 'gemini-test',
  responseId: 'r-1',
  ...top,
});
export const withoutRaw = (events: ChatEvent[]) => events.map(({ raw: _raw, ...event }) => event);

export const ours = (value: string) => ({ dialect: 'google-generate', value });

export function target(reasoning: Partial<Target['reasoning']> = {}): Target {
  const none = { supported: false, required: false, efforts: [] };
  return { model: 'gemini-test', stream: false, maxOutputTokens: 8192, reasoning: { ...none, ...reasoning } };
}

/** As Gemini 3 and as Gemini 2.5. */
export const withLevels = target({ supported: true, required: true, efforts: ['low', 'high'] });
export const withBudget = target({ supported: true });

export function chatRequest(fields: Partial<ChatRequest> = {}): ChatRequest {
  return plainRequest('Hello', fields);
}

export function render(fields: Partial<ChatRequest>, at = target()) {
  return googleGenerate.renderRequest(chatRequest(fields), at);
}
