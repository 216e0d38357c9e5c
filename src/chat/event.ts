import type { GatewayError } from '../errors.ts';
import type { Signature } from './request.ts';
import type { Usage } from './usage.ts';

/**
 * One step of a reply. A reply is always a sequence of these, streamed or not: `start`, then content, one `stop` for each
 * choice, and last `finish` or `error`. After `start` a reply never throws.
 */
export type ChatEvent = EventBody & {
  /**
   * The wire message this event was read from, on the *first* event of that message only, so that between equal dialects
   * the provider's own bytes can be sent on: every event that has `raw`, in order, is the whole reply.
   */
  raw?: WireMessage | undefined;
};

type EventBody =
  | { type: 'start'; id: string; model: string }
  | { type: 'text-delta'; choice: number; text: string; signature?: Signature | undefined }
  | { type: 'refusal-delta'; choice: number; text: string }
  | { type: 'reasoning-delta'; choice: number; text: string }
  /** Closes a block of thoughts with what has to be replayed. `redacted` is a block without text. */
  | {
      type: 'reasoning-end';
      choice: number;
      signature?: Signature | undefined;
      redacted?: Signature | undefined;
    }
  /** `call` counts the tool calls of a choice from 0. */
  | {
      type: 'tool-call-start';
      choice: number;
      call: number;
      id: string;
      name: string;
      isCustom?: boolean | undefined;
      signature?: Signature | undefined;
    }
  | { type: 'tool-call-delta'; choice: number; call: number; argumentsText: string }
  | { type: 'tool-call-end'; choice: number; call: number }
  /** In the shape of the dialect that made it. */
  | { type: 'citation'; choice: number; citation: unknown }
  | { type: 'logprobs'; choice: number; tokens: TokenLogprob[] }
  /** Counts known before the end, such as the prompt's at the start of an Anthropic stream. */
  | { type: 'usage'; usage: Usage }
  | { type: 'stop'; choice: number; reason: StopReason; stopSequence?: string | undefined }
  | { type: 'finish'; usage: Usage }
  | { type: 'error'; error: GatewayError }
  /** A wire message without a word here (ping, comment, unknown event); only its `raw` matters. */
  | { type: 'other' };

/** One message of a reply as it came over the wire: a frame of a stream, or a whole body. */
export interface WireMessage {
  /** The exact text, with its framing: `event: ping\ndata: {}\n\n`. For a whole body, the body. */
  frame: string;
  /** The text that carries the meaning: the joined `data:` lines, or the body. */
  data: string;
}

export interface TokenLogprob {
  token: string;
  logprob: number;
  top: { token: string; logprob: number }[];
}

export type StopReason =
  | 'stop'
  | 'stop-sequence'
  | 'length'
  | 'tool-calls'
  | 'content-filter'
  | 'refusal'
  /** The provider paused a long turn of its own tools; the client is to continue it. */
  | 'pause'
  | 'context-full'
  | 'malformed-tool-call'
  | 'other';

/** Events that show the client something; a stream is held back until the first of them. */
export function isContent(event: ChatEvent): boolean {
  switch (event.type) {
    case 'text-delta':
    case 'refusal-delta':
    case 'reasoning-delta':
    case 'reasoning-end':
    case 'tool-call-start':
    case 'tool-call-delta':
    case 'citation':
    case 'stop':
    case 'finish':
      return true;
    default:
      return false;
  }
}
