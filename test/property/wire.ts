import type fc from 'fast-check';
import type { ChatRequest, Message } from '../../src/chat/request.ts';
import type { Dialect, RequestPath, Target } from '../../src/dialects/dialect.ts';

/** What the tests of this folder know of a wire format, besides the dialect itself. */
export interface Wire {
  dialect: Dialect;
  /** The kinds of model that are asked in different ways, and the requests that can be said to them without loss. */
  kinds: { name: string; reasoning: Target['reasoning']; request: fc.Arbitrary<ChatRequest> }[];
  /** What of a request stands in the URL. */
  path(request: ChatRequest): RequestPath;
  /** The conversation of a body, block by block and each with its role, without marks that are no part of the prompt. */
  blocksOf(body: unknown): unknown[];
  /** What stands before the conversation: instructions and tools. */
  headOf(body: unknown): unknown;
  callIdsOf(body: unknown): { calls: string[]; results: string[] };
  /** The call ids the vendor accepts. */
  legalCallId: RegExp;
}

export function targetOf(request: ChatRequest, reasoning: Target['reasoning']): Target {
  return { model: request.model, stream: request.stream, maxOutputTokens: null, reasoning };
}

/** A body as it arrives on the other side. */
export function sent(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body));
}

/**
 * Two requests ask the same when these are equal. Left out is `original`, which is the wire body itself. Neighbouring
 * messages of one speaker are one turn to every vendor, so where one ends and the next begins says nothing; a user's name
 * does, and keeps its message apart.
 */
export function meaningOf({ original: _, messages, ...rest }: ChatRequest) {
  const turns: Message[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (last?.role === 'user' && message.role === 'user' && !last.name && !message.name) {
      turns[turns.length - 1] = { ...last, content: [...last.content, ...message.content] };
    } else turns.push(message);
  }
  return { ...rest, messages: turns };
}
