import type { ChatEvent } from '../../chat/event.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { isJsonObject, tryParseJson } from '../../lib/json.ts';
import type { SseMessage } from '../../lib/sse.ts';
import { readFrom, type StreamParser } from '../dialect.ts';
import { hasError } from './parse-error.ts';
import { createReplyReader, garbled, isUsageChunk } from './parse-reply.ts';

const DONE = '[DONE]';

/** Reads `data:` frames up to `[DONE]`; a server that leaves that out must at least have told why each choice stopped. */
export function createStreamParser(): StreamParser {
  const reader = createReplyReader();
  let isOver = false;

  function parse(message: SseMessage): ChatEvent[] {
    if (isOver) return [];
    const events = read(message);
    const last = events.at(-1)?.type;
    isOver = last === 'error' || last === 'finish';
    return readFrom(message, events);
  }

  function read({ kind, data }: SseMessage): ChatEvent[] {
    const text = data.trim();
    if (kind === 'comment' || text === '') return [];
    if (kind === 'message' && text === DONE) return reader.end();
    const chunk = tryParseJson(text);
    // Some servers write a bare error body into the stream when they break down.
    const isReadable = kind === 'message' ? isJsonObject(chunk) || hasError(chunk) : hasError(chunk);
    return isReadable ? reader.read(chunk) : [garbled('The provider sent a stream that cannot be read.')];
  }

  function end(): ChatEvent[] {
    if (isOver) return [];
    isOver = true;
    return reader.isComplete() ? reader.end() : [garbled('The provider broke off its reply.')];
  }

  return { parse, end };
}

/** The chunk with the token counts is one we asked for ourselves, unless the client did too. */
export function isUnasked(event: ChatEvent, request: ChatRequest): boolean {
  if (!request.stream || request.wantsStreamUsage || !event.raw) return false;
  if (event.type !== 'usage' && event.type !== 'start') return false;
  return isUsageChunk(tryParseJson(event.raw.data));
}
