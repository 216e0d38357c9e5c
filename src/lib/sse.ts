/** One message of a `text/event-stream`, or what stood where one should be. */
export interface SseMessage {
  /**
   * `message`: fields. `comment`: lines that start with a colon (keep-alives). `stray`: text that is no event stream at all,
   * such as a bare JSON error between two frames.
   */
  kind: 'message' | 'comment' | 'stray';
  event: string | null;
  /** The joined `data` lines; the text itself for `stray`. */
  data: string;
  /** The exact text, up to and with the blank line that ended it. */
  frame: string;
}

const FIELD = /^(data|event|id|retry)(?::|$)/;

/**
 * Cuts a text stream into messages, however it was split on the way. LF, CRLF and CR end a line.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createSseParser() {
  let rest = '';

  function push(text: string): SseMessage[] {
    rest += text;
    const messages: SseMessage[] = [];
    let start = 0;
    for (;;) {
      const end = endOfFrame(rest, start);
      if (end === -1) break;
      const message = readFrame(rest.slice(start, end));
      if (message) messages.push(message);
      start = end;
    }
    if (start > 0) rest = rest.slice(start);
    return messages;
  }

  /** What was left without its blank line. */
  function end(): SseMessage[] {
    const message = readFrame(rest);
    rest = '';
    return message ? [message] : [];
  }

  return { push, end };
}

/** Index just past the blank line that ends the frame at `start`, or -1 while it is incomplete. */
function endOfFrame(text: string, start: number): number {
  let lineStart = start;
  for (let i = start; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char !== 10 && char !== 13) continue;
    // A CR at the very end may be the first half of a CRLF that has not arrived yet.
    if (char === 13 && i + 1 === text.length) return -1;
    const next = char === 13 && text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1;
    if (i === lineStart) return next;
    lineStart = next;
    i = next - 1;
  }
  return -1;
}

function readFrame(frame: string): SseMessage | null {
  let event: string | null = null;
  const data: string[] = [];
  let hasData = false;
  let hasComment = false;
  const stray: string[] = [];

  for (const line of frame.split(/\r\n|\n|\r/)) {
    if (line === '') continue;
    if (line.startsWith(':')) {
      hasComment = true;
      continue;
    }
    if (!FIELD.test(line)) {
      stray.push(line);
      continue;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    let value = colon === -1 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (field === 'data') {
      hasData = true;
      data.push(value);
    } else if (field === 'event') event = value;
  }

  if (hasData || event !== null) return { kind: 'message', event, data: data.join('\n'), frame };
  if (stray.length > 0) return { kind: 'stray', event: null, data: stray.join('\n'), frame };
  return hasComment ? { kind: 'comment', event: null, data: '', frame } : null;
}
