/** What a test can make the simulator do, by a note in the last user message such as `[[sim:error=503]]`. */
export interface Directives {
  /** `error=429`: refused with that status, in the vendor's words. `quota` and `context` are the two mistakes with a name. */
  error: { kind: number | 'quota' | 'context'; retryAfterSeconds: number } | null;
  /** `delay=800`: milliseconds before the first byte. */
  delayMs: number;
  /** `chunks=50`: pieces the text is streamed in. */
  chunks: number | null;
  /** `gap=20`: milliseconds between pieces. */
  gapMs: number | null;
  /** `length`: the answer is cut as if it had reached its limit. */
  isTruncated: boolean;
  /** `refuse`: the model declines. */
  isRefused: boolean;
  /** `silent`: the answer is empty, unless a later note says something. */
  isSilent: boolean;
  /** `break`: the connection is dropped in the middle. */
  breaks: boolean;
  /** `error-mid-stream`: the vendor's way to fail after it has begun. */
  failsMidStream: boolean;
  /** `say=TEXT`: the answer. */
  say: string | null;
}

const OPEN = '[[sim:';
const CLOSE = ']]';
const MAX_DELAY_MS = 60_000;
const MAX_CHUNKS = 1000;

/**
 * Reads the notes in a text that are meant for this model: any but `say` may carry `for=MODEL`, exactly or up to a `*` at its
 * end, and `error` also `retry=SECONDS`. Notes that make no sense are ignored.
 */
export function readDirectives(text: string, model: string): Directives {
  const directives: Directives = {
    error: null,
    delayMs: 0,
    chunks: null,
    gapMs: null,
    isTruncated: false,
    isRefused: false,
    isSilent: false,
    breaks: false,
    failsMidStream: false,
    say: null,
  };
  for (const { note } of findNotes(text)) {
    if (!note.startsWith('say=')) applyNote(directives, note, model);
    else Object.assign(directives, { say: note.slice('say='.length), isSilent: false });
  }
  return directives;
}

/** The text as a person wrote it, without the notes. */
export function withoutDirectives(text: string): string {
  let rest = '';
  let from = 0;
  for (const { start, end } of findNotes(text)) {
    rest += text.slice(from, start);
    from = end;
  }
  return rest + text.slice(from);
}

function applyNote(directives: Directives, note: string, model: string): void {
  const [head = '', ...options] = note.trim().split(/\s+/);
  const [name, value = ''] = splitOnce(head);
  const given = new Map(options.map(splitOnce));
  if (!isMeantFor(given.get('for'), model)) return;

  switch (name) {
    case 'error': {
      const kind = value === 'quota' || value === 'context' ? value : wholeNumber(value, 599);
      const retryAfterSeconds = wholeNumber(given.get('retry') ?? '', 3600) ?? 1;
      if (kind !== null && (typeof kind === 'string' || kind >= 400)) directives.error = { kind, retryAfterSeconds };
      return;
    }
    case 'delay':
      directives.delayMs = wholeNumber(value, MAX_DELAY_MS) ?? 0;
      return;
    case 'chunks':
      directives.chunks = wholeNumber(value, MAX_CHUNKS) || null;
      return;
    case 'gap':
      directives.gapMs = wholeNumber(value, MAX_DELAY_MS);
      return;
    case 'length':
      directives.isTruncated = true;
      return;
    case 'refuse':
      directives.isRefused = true;
      return;
    case 'silent':
      directives.isSilent = true;
      return;
    case 'break':
      directives.breaks = true;
      return;
    case 'error-mid-stream':
      directives.failsMidStream = true;
      return;
  }
}

/** By hand and not by a pattern, so that a megabyte of brackets costs one pass. */
function findNotes(text: string): { note: string; start: number; end: number }[] {
  const notes: { note: string; start: number; end: number }[] = [];
  let from = 0;
  while (true) {
    const start = text.indexOf(OPEN, from);
    const close = start === -1 ? -1 : text.indexOf(CLOSE, start);
    if (close === -1) return notes;
    from = close + CLOSE.length;
    notes.push({ note: text.slice(start + OPEN.length, close), start, end: from });
  }
}

function isMeantFor(wanted: string | undefined, model: string): boolean {
  if (wanted === undefined) return true;
  return wanted.endsWith('*') ? model.startsWith(wanted.slice(0, -1)) : model === wanted;
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf('=');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function wholeNumber(text: string, max: number): number | null {
  return /^\d{1,6}$/.test(text) && Number(text) <= max ? Number(text) : null;
}
