import { tryParseJson } from '../../lib/json.ts';
import { createSseParser, type SseMessage } from '../../lib/sse.ts';

/**
 * Writes the incremental JSON array that `streamGenerateContent` answers without `alt=sse`: `[{…}\n,\n{…}\n]`, one
 * element as soon as it is there. Make one per reply, send what each call returns, and `end()` last; the content type
 * is `application/json`. It takes its elements in either of two forms:
 *
 * - `push(data)`: the JSON text of one message, such as `event.raw.data` of a frame that is sent on;
 * - `fromFrames(text)`: SSE text, such as a stream renderer's output or `event.raw.frame`. Comments vanish, a bare
 *   JSON error between two frames becomes an element, and a frame may be cut anywhere.
 *
 * A reply without any element is `[]`.
 */
export function createArrayFraming() {
  const parser = createSseParser();
  let isOpen = false;
  let stray = '';

  function push(data: string): string {
    const opening = isOpen ? '\n,\n' : '[';
    isOpen = true;
    return opening + data.trim();
  }

  function fromFrames(sseText: string): string {
    return parser.push(sseText).map(pushMessage).join('');
  }

  function end(): string {
    const rest = parser.end().map(pushMessage).join('');
    const closing = isOpen ? '\n]' : '[]';
    isOpen = true;
    return rest + closing;
  }

  function pushMessage({ kind, data }: SseMessage): string {
    if (kind === 'comment' || data.trim() === '') return '';
    if (kind === 'message') return tryParseJson(data) === undefined ? '' : push(data);
    // A pretty-printed error may be cut at its blank lines.
    stray += `${data}\n`;
    if (tryParseJson(stray) === undefined) return '';
    const whole = stray;
    stray = '';
    return push(whole);
  }

  return { push, fromFrames, end };
}
