import type { ChatEvent, WireMessage } from '../chat/event.ts';
import type { LimitState } from '../chat/limit-state.ts';
import type { ChatReply } from '../chat/reply.ts';
import type { ChatRequest, ReasoningEffort } from '../chat/request.ts';
import type { GatewayError } from '../errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { SseMessage } from '../lib/sse.ts';

/**
 * A wire format, in both directions. `parse` reads wire into chat, `render` writes chat to wire. Dialects are pure: no I/O,
 * no clock, no vendor's name outside their own folder.
 */
export interface Dialect {
  /** `openai-chat`; also the name of its folder. */
  id: string;
  /** Request headers of clients that belong to the format and go on to a provider of the same dialect. Lower-case. */
  headers: readonly string[];

  /* Facing the client. */

  /** Checks what we act on and keeps the rest. Throws `invalid_request` or `unsupported`, with `param`. */
  parseRequest(body: unknown, path: RequestPath): ChatRequest;
  /** The body of a reply that was not streamed. */
  renderReply(reply: ChatReply, context: RenderContext): JsonObject;
  /** A renderer remembers one stream's state; make one per reply. */
  createStreamRenderer(context: RenderContext): StreamRenderer;
  renderError(error: GatewayError, requestId: string): RenderedError;
  /** How far the caller may still go, in the names their SDK reads; nothing for limits they do not have. */
  limitHeaders(limits: LimitState): Record<string, string>;
  /** Between equal dialects the provider's frames are sent on; true for one the client did not ask for. */
  isUnasked?(event: ChatEvent, request: ChatRequest): boolean;

  /* Facing the provider. */

  /** The request for another dialect's client: everything `target` can do, and the names of what had to be left out. */
  renderRequest(request: ChatRequest, target: Target): RenderedRequest;
  /** The client's own body for a provider of this same dialect: changes only what the gateway must (the model's name). */
  retarget(body: JsonObject, target: Target): JsonObject;
  /** A body that was not streamed. Anything may be absent; never throws on a strange shape, but may end in `error`. */
  parseReply(body: unknown): ChatEvent[];
  /** A parser remembers one stream's state; make one per reply. */
  createStreamParser(): StreamParser;
  /** Says what an error reply means, and so whether another candidate is worth a try. `body` is text when not JSON. */
  parseError(status: number, body: unknown, headers: Headers): GatewayError;
}

/** What a request says in its URL instead of its body. */
export interface RequestPath {
  model?: string | undefined;
  stream?: boolean | undefined;
  headers?: Record<string, string> | undefined;
}

export interface RenderContext {
  request: ChatRequest;
  requestId: string;
  /** The catalogue id of the model that answers. */
  model: string;
  /** Seconds since 1970, for `created` fields. */
  createdAt: number;
  /** By our estimate, for streams that have to begin before the provider has counted. */
  promptTokens?: number;
}

export interface StreamRenderer {
  /** Text to send for one event; empty when there is nothing to say yet. Never throws. */
  render(event: ChatEvent): string;
}

export interface StreamParser {
  parse(message: SseMessage): ChatEvent[];
  /** The provider closed the stream: `finish`, or `error` when it closed too early. Called exactly once. */
  end(): ChatEvent[];
}

export interface RenderedError {
  status: number;
  headers: Record<string, string>;
  body: JsonObject;
}

export interface RenderedRequest {
  body: JsonObject;
  /** Fields of the request that this target cannot express, in our words: `seed`, `logprobs`. */
  dropped: string[];
}

/** The model a request is rendered for, and those of its facts that change the wire form. */
export interface Target {
  /** The provider's own name for it. */
  model: string;
  stream: boolean;
  maxOutputTokens: number | null;
  reasoning: { supported: boolean; required: boolean; efforts: readonly (ReasoningEffort | (string & {}))[] };
}

/** The events that a parser has just made of a message of a stream, with the message on the first of them. */
export function readFrom({ frame, data }: SseMessage, events: ChatEvent[]): ChatEvent[] {
  const raw = { frame, data };
  const [first] = events;
  if (!first) return [{ type: 'other', raw }];
  first.raw = raw;
  return events;
}

/** How a `WireMessage` looks for a body that was not streamed. */
export function bodyMessage(text: string): WireMessage {
  return { frame: text, data: text };
}
