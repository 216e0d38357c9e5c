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

const LF = 10;
const FIELD = /^(data|event|id|retry)(?::|$)/;

/**
 * Cuts a text stream into messages, however it was split on the way. LF, CRLF and CR end a line.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createSseParser() {
  /** Text of the frame under way, in pieces: joining them on every push would copy a long frame again and again. */
  let pieces: string[] = [];
  let pendingCharacters = 0;
  let isLineEmpty = true;
  let endsInCr = false;

  function push(text: string): SseMessage[] {
    const messages: SseMessage[] = [];
    let frameStart = 0;

    const endLine = (next: number): void => {
      if (isLineEmpty) {
        pieces.push(text.slice(frameStart, next));
        const message = readFrame(pieces.join(''));
        if (message) messages.push(message);
        pieces = [];
        pendingCharacters = 0;
        frameStart = next;
      }
      isLineEmpty = true;
    };

    let at = 0;
    if (endsInCr && text !== '') {
      endsInCr = false;
      if (text.charCodeAt(0) === LF) at = 1;
      endLine(at);
    }
    // The next of each kind; text.length = no more of it. Each is looked for once, however many of the other there are.
    let lf = find(text, '\n', at);
    let cr = find(text, '\r', at);
    while (at < text.length) {
      if (lf < at) lf = find(text, '\n', at);
      if (cr < at) cr = find(text, '\r', at);
      const end = Math.min(lf, cr);
      if (end > at) isLineEmpty = false;
      // A CR at the very end may be the first half of a CRLF that has not arrived yet.
      endsInCr = end === cr && cr + 1 === text.length;
      if (end === text.length || endsInCr) break;
      at = end === cr && lf === cr + 1 ? lf + 1 : end + 1;
      endLine(at);
    }
    if (frameStart < text.length) pieces.push(text.slice(frameStart));
    pendingCharacters += text.length - frameStart;
    return messages;
  }

  /** What was left without its blank line. */
  function end(): SseMessage[] {
    const message = readFrame(pieces.join(''));
    pieces = [];
    pendingCharacters = 0;
    isLineEmpty = true;
    endsInCr = false;
    return message ? [message] : [];
  }

  /** How many characters wait for the end of their frame. */
  function pending(): number {
    return pendingCharacters;
  }

  return { push, end, pending };
}

function find(text: string, lineEnd: string, from: number): number {
  const found = text.indexOf(lineEnd, from);
  return found === -1 ? text.length : found;
}

/** What most frames begin with. */
const DATA = 'data: ';

function readFrame(frame: string): SseMessage | null {
  return readOneLine(frame) ?? readLines(frame);
}

/** A frame with nothing in it but one line of data, as most have it; null for any other. */
function readOneLine(frame: string): SseMessage | null {
  const end = frame.indexOf('\n');
  if (end !== frame.length - 2 || !frame.startsWith(DATA) || !frame.endsWith('\n') || frame.includes('\r')) return null;
  return { kind: 'message', event: null, data: frame.slice(DATA.length, end), frame };
}

function readLines(frame: string): SseMessage | null {
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
