import type { TokenLogprob } from '../../chat/event.ts';
import type { JsonObject } from '../../lib/json.ts';
import { objects, text } from './fields.ts';

const BYTES_ONLY = /^bytes:/;

export function readLogprobs(wire: unknown): TokenLogprob[] {
  return objects(wire).map((token) => ({ ...readToken(token), top: objects(token.top_logprobs).map(readToken) }));
}

export function renderLogprobs(tokens: readonly TokenLogprob[]): JsonObject[] {
  return tokens.map(({ token, logprob, top }) => ({
    ...renderToken({ token, logprob }),
    top_logprobs: top.map(renderToken),
  }));
}

function readToken({ token, logprob }: JsonObject): { token: string; logprob: number } {
  return { token: text(token) ?? '', logprob: typeof logprob === 'number' ? logprob : 0 };
}

/** A token that is a part of a character is spelled `bytes:\xe2\x80` and has no bytes of its own that we could tell. */
function renderToken({ token, logprob }: Pick<TokenLogprob, 'token' | 'logprob'>): JsonObject {
  return { token, bytes: BYTES_ONLY.test(token) ? [] : [...Buffer.from(token, 'utf8')], logprob };
}
