import type { LRU } from 'tiny-lru';
import type { JsonObject } from '../../lib/json.ts';
import type { PromptMemory } from './prompt-memory.ts';

export const VENDORS = ['openai', 'anthropic', 'google'] as const;
/** A vendor whose wire the simulator speaks. */
export type Vendor = (typeof VENDORS)[number];

export function isVendor(id: string): id is Vendor {
  return VENDORS.some((vendor) => vendor === id);
}

/** A request to the simulator, after the web server's part is done. */
export interface Call {
  method: string;
  /** What follows the vendor's base address, decoded: `/chat/completions`. */
  path: string;
  query: URLSearchParams;
  headers: Headers;
  /** `undefined` where there is none or it is not JSON. */
  body: unknown;
  memory: PromptMemory;
  /** What the vendor keeps for its callers between requests, by id; bounded. */
  stored: LRU<Stored>;
  /** Ids for the vendor's list of models. */
  models: readonly string[];
}

/** A response that can be continued or fetched by its id. */
export interface Stored {
  response: JsonObject;
  /** The conversation up to and with it. */
  items: JsonObject[];
}

/** A reply, and the manner of sending it. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  /** The body in the pieces it is sent in: one, unless it is streamed. */
  frames: string[];
  /** The connection is dropped after the last piece, where otherwise the body would end. */
  breaks: boolean;
  delayMs: number;
  /** Between pieces; `null` = as a model would. */
  gapMs: number | null;
}

export type Handler = (call: Call) => Reply;

export function jsonReply(
  body: unknown,
  { status = 200, headers = {} }: Partial<Pick<Reply, 'status' | 'headers'>> = {},
): Reply {
  const frames = [JSON.stringify(body)];
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    frames,
    breaks: false,
    delayMs: 0,
    gapMs: null,
  };
}

export function streamReply(frames: string[], headers: Record<string, string>): Reply {
  const contentType = { 'content-type': 'text/event-stream; charset=utf-8' };
  return { status: 200, headers: { ...contentType, ...headers }, frames, breaks: false, delayMs: 0, gapMs: null };
}

/** One message of an event stream, named or not. */
export function frame(data: JsonObject, event?: string): string {
  return `${event ? `event: ${event}\n` : ''}data: ${JSON.stringify(data)}\n\n`;
}
