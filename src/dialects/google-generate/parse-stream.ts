import type { ChatEvent } from '../../chat/event.ts';
import { tryParseJson } from '../../lib/json.ts';
import type { SseMessage } from '../../lib/sse.ts';
import type { StreamParser } from '../dialect.ts';
import { createReplyReader, garbled } from './reply-reader.ts';

const DONE = '[DONE]';
/** Characters; an error is far smaller, and what grows without end is none. */
const MAX_STRAY = 1_000_000;

/**
 * Reads `alt=sse`. There is no terminator: the stream is whole when it closes after a finish or block reason. A
 * failure in the middle is a bare JSON object without `data:`, which may arrive cut at its blank lines.
 */
export function createStreamParser(): StreamParser {
  const reader = createReplyReader();
  let stray = '';
  let hasFailed = false;

  function parse(message: SseMessage): ChatEvent[] {
    if (hasFailed) return [];
    const events = note(readMessage(message));
    const [first, ...rest] = events;
    const raw = { frame: message.frame, data: message.data };
    return first ? [{ ...first, raw }, ...rest] : [{ type: 'other', raw }];
  }

  function readMessage({ kind, data }: SseMessage): ChatEvent[] {
    if (kind === 'stray') return readStray(data);
    if (kind === 'comment' || data.trim() === '' || data.trim() === DONE) return [];
    const value = tryParseJson(data);
    return value === undefined
      ? reader.fail(garbled('The provider sent a chunk that is not JSON.', data))
      : reader.read(value);
  }

  function readStray(data: string): ChatEvent[] {
    stray += `${data}\n`;
    if (stray.length > MAX_STRAY) return reader.fail(garbled('The provider broke its stream with other text.'));
    const value = /[}\]]\s*$/.test(data) ? tryParseJson(stray) : undefined;
    if (typeof value !== 'object' || value === null) return [];
    stray = '';
    return reader.read(value);
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
