import type { ChatEvent } from '../chat/event.ts';
import { createCollector } from '../chat/reply.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { Dialect, RenderContext } from '../dialects/dialect.ts';
import { GatewayError, toGatewayError } from '../errors.ts';
import type { EventSource } from './executor/index.ts';
import type { Entry } from './ledger/index.ts';
import { type ReplyFacts, replyHeaders } from './reply-headers.ts';

/** More than any real answer: a stream that goes on past it is given up where it would have to be held whole. */
const MAX_WHOLE_CHARACTERS = 64 * 1024 * 1024;

/** Puts a dialect's stream into another framing than its own; Google's JSON array is one. */
export interface Framing {
  contentType: string;
  push(rendered: string): string;
  end(): string;
}

export interface Telling {
  dialect: Dialect;
  request: ChatRequest;
  entry: Entry;
  source: EventSource;
  /** The dialect of the reply's `raw` messages, and whether they are frames of a stream or one body. */
  wire: { dialect: string; isStream: boolean };
  facts: ReplyFacts & { promptTokens: number };
  /** Our share of the time so far, in microseconds. */
  overheadUs: () => number;
  createdAt: number;
  signal: AbortSignal;
  framing: Framing | null;
  /** Also sees every event, and is told once how the reply ended. */
  onEvent: (event: ChatEvent) => void;
  onEnd: (end: 'whole' | 'broken') => void;
}

/** Tells a reply to the client in its dialect, streamed or not as it asked. */
export function respond(telling: Telling): Promise<Response> | Response {
  return telling.request.stream ? respondStream(telling) : respondWhole(telling);
}

/** Throws the reply's error if it broke off: nothing has been sent yet. */
async function respondWhole(telling: Telling): Promise<Response> {
  const { dialect, entry, source, facts } = telling;
  const collector = createCollector();
  let wireBody: string | undefined;
  let characters = 0;

  for (;;) {
    const events = await source.next();
    if (events === null) break;
    for (const event of events) {
      entry.see(event);
      telling.onEvent(event);
      collector.add(event);
      wireBody ??= event.raw?.data;
      characters +=
        event.type === 'tool-call-delta' ? event.argumentsText.length : 'text' in event ? event.text.length : 0;
    }
    if (characters > MAX_WHOLE_CHARACTERS) throw endless(source);
  }
  if (collector.reply.error) throw collector.reply.error;

  // A list is no answer to one question, whatever was read out of it.
  const isPassedOn = isSameWire(telling) && wireBody?.trimStart().startsWith('{');
  const body = isPassedOn ? wireBody : JSON.stringify(dialect.renderReply(collector.reply, contextOf(telling)));
  const settlement = entry.settle();
  const overheadUs = telling.overheadUs();
  entry.spent(overheadUs);
  entry.close('ok', 200);
  telling.onEnd('whole');
  const headers = replyHeaders(facts, { settlement, overheadUs });
  headers['content-type'] = 'application/json';
  return new Response(body, { headers });
}

function endless(source: EventSource): GatewayError {
  source.cancel();
  return new GatewayError('provider_garbled', 'The provider sent more than any answer holds.');
}

function respondStream(telling: Telling): Response {
  const { entry, source, framing, signal } = telling;
  const write = createWriter(telling);
  const encoder = new TextEncoder();
  const overheadUs = telling.overheadUs();
  entry.spent(overheadUs);
  // What a cached answer costs is known before it is told.
  const settlement = telling.facts.cache === 'hit' ? { ...entry.settle(), costNanoUsd: 0 } : null;

  let isOver = false;
  let isBroken = false;
  const leave = (): void => {
    if (isOver) return;
    isOver = true;
    source.cancel();
    entry.close('aborted', 499);
    telling.onEnd('broken');
  };
  // A client may be gone before the first pull, and then `cancel` is never called.
  signal.addEventListener('abort', leave, { once: true });
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    signal.removeEventListener('abort', leave);
    // An error has closed the entry by now.
    entry.close('ok', 200);
    telling.onEnd(isBroken ? 'broken' : 'whole');
  };
  const fail = (thrown: unknown): void => {
    entry.close('error', 200, toGatewayError(thrown));
    leave();
  };

  let isLast = false;

  /** The text of the next events that make any. `isLast` is set when nothing comes after it. */
  async function readText(): Promise<string> {
    let text = '';
    while (text === '' && !isLast) {
      const events = await source.next();
      // A provider may keep its connection open after the end of an answer; that is no reason for us to wait.
      isLast = events === null;
      for (const event of events ?? []) {
        entry.see(event);
        telling.onEvent(event);
        text += write(event);
        if (event.type === 'finish') isLast = true;
        if (event.type !== 'error') continue;
        isBroken = true;
        entry.close('error', 200, event.error);
      }
    }
    return text;
  }

  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const text = await readText();
        const framed = framing && text !== '' ? framing.push(text) : text;
        const sent = isLast ? framed + (framing?.end() ?? '') : framed;
        if (sent !== '') controller.enqueue(encoder.encode(sent));
        if (!isLast) return;
        source.cancel();
        finish();
        controller.close();
      } catch (thrown) {
        // A bug of ours, in the middle of an answer: all that is left is to end it and to say so.
        fail(thrown);
        controller.error(thrown);
      }
    },
    cancel: leave,
  });

  return new Response(stream, {
    headers: {
      ...replyHeaders(telling.facts, { settlement, overheadUs }),
      'content-type': framing?.contentType ?? 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      // nginx holds streams back unless told not to.
      'x-accel-buffering': 'no',
    },
  });
}

/** What to send for an event: the provider's own frame between equal dialects, our rendering otherwise. */
function createWriter(telling: Telling): (event: ChatEvent) => string {
  const { dialect, request } = telling;
  const renderer = dialect.createStreamRenderer(contextOf(telling));
  if (!isSameWire(telling)) return (event) => renderer.render(event);

  let isFrameOpen = false;
  return (event) => {
    // In our words, because a provider's can speak of our key or account; and after a frame's end, or it would be part of it.
    if (event.type === 'error') return `${isFrameOpen ? '\n\n' : ''}${renderer.render(event)}`;
    if (!event.raw || !IS_FRAME.test(event.raw.frame) || dialect.isUnasked?.(event, request)) return '';
    isFrameOpen = !endsInEmptyLine(event.raw.frame);
    return event.raw.frame;
  };
}

/** Some line of it is a field or a comment; anything else, such as a proxy's page, is nothing to pass on. */
const IS_FRAME = /^(?:(?:data|event|id|retry)(?::|$)|:)/m;

/** Two line ends, of which `\r\n` is one. */
function endsInEmptyLine(frame: string): boolean {
  const before = frame.length - lineEndBefore(frame, frame.length);
  return before < frame.length && lineEndBefore(frame, before) > 0;
}

/** How many characters the line end takes that stands before `at`; 0 = there is none. */
function lineEndBefore(text: string, at: number): number {
  if (text[at - 1] === '\r') return 1;
  if (text[at - 1] !== '\n') return 0;
  return text[at - 2] === '\r' ? 2 : 1;
}

function isSameWire({ dialect, wire, request }: Telling): boolean {
  return wire.dialect === dialect.id && wire.isStream === request.stream;
}

function contextOf({ request, facts, createdAt }: Telling): RenderContext {
  const { requestId, modelId, promptTokens } = facts;
  return { request, requestId, model: modelId, createdAt: Math.floor(createdAt / 1000), promptTokens };
}
