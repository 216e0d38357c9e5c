import type { ChatEvent } from '../../chat/event.ts';
import { tryParseJson } from '../../lib/json.ts';
import type { SseMessage } from '../../lib/sse.ts';
import { readFrom, type StreamParser } from '../dialect.ts';
import { findWireError } from './error.ts';
import { createReplyReader, garbled } from './reply-reader.ts';

const DONE = '[DONE]';
/** Characters; an error is far smaller, and what grows without end is none. It is read again with every piece. */
const MAX_STRAY = 64 * 1024;

/**
 * Reads `alt=sse`. There is no terminator: the stream is whole when it closes after a finish or block reason. A
 * failure in the middle is a bare JSON object without `data:`, which may arrive cut at its blank lines.
 */
export function createStreamParser(): StreamParser {
  const reader = createReplyReader();
  let stray = '';
  let strayFrames = '';
  let hasFailed = false;

  function parse(message: SseMessage): ChatEvent[] {
    if (hasFailed) return [];
    if (message.kind === 'stray') return parseStray(message);
    return readFrom(message, note(readMessage(message)));
  }

  function readMessage({ kind, data }: SseMessage): ChatEvent[] {
    if (kind === 'comment' || data.trim() === '' || data.trim() === DONE) return [];
    const value = tryParseJson(data);
    // A list is how an error may come, and is no chunk.
    const isReadable = Array.isArray(value) ? findWireError(value) !== null : value !== undefined;
    return isReadable
      ? reader.read(value)
      : reader.fail(garbled('The provider sent a chunk that makes no sense.', data));
  }

  /** Keeps stray text to itself until all of it is there. What turns out to be a chunk is put into the frame it lacks. */
  function parseStray({ data, frame }: SseMessage): ChatEvent[] {
    stray += `${data}\n`;
    strayFrames += frame;
    if (stray.length > MAX_STRAY) return note(reader.fail(garbled('The provider broke its stream with other text.')));
    const value = /[}\]]\s*$/.test(data) ? tryParseJson(stray) : undefined;
    if (value === undefined) return [];
    const text = stray.replace(/[\r\n]+/g, ' ').trim();
    const framed = findWireError(value) ? strayFrames : `data: ${text}\n\n`;
    stray = '';
    strayFrames = '';
    return parse({ kind: 'message', event: null, data: text, frame: framed });
  }

  function end(): ChatEvent[] {
    if (hasFailed) return [];
    if (stray.trim() !== '') return note(reader.fail(garbled('The provider broke its stream with other text.', stray)));
    if (!reader.isFinished()) return note(reader.fail(garbled('The provider closed the stream before its end.')));
    return reader.finish();
  }

  function note(events: ChatEvent[]): ChatEvent[] {
    hasFailed ||= events.some((event) => event.type === 'error');
    return events;
  }

  return { parse, end };
}
