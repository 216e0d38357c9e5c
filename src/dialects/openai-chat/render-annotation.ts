import type { TokenLogprob } from '../../chat/event.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { isShallow } from '../openai-common/json-text.ts';

const BYTES_ONLY = /^bytes:/;

/**
 * A citation as an entry of `annotations`: as it is where it was OpenAI's, its address where another vendor's has one, none
 * otherwise. `textEnd` stands for the span of those that do not tell theirs.
 */
export function renderAnnotation(citation: unknown, textEnd: number): JsonObject[] {
  if (!isJsonObject(citation) || !isShallow(citation)) return [];
  const { type, url, title } = citation;
  if (typeof type === 'string' && isJsonObject(citation[type])) return [citation];
  if (typeof url !== 'string') return [];
  const span = (value: unknown) => (typeof value === 'number' ? value : textEnd);
  const urlCitation = {
    start_index: span(citation.start_index),
    end_index: span(citation.end_index),
    url,
    title: typeof title === 'string' ? title : '',
  };
  return [{ type: 'url_citation', url_citation: urlCitation }];
}

export function renderLogprobs(tokens: readonly TokenLogprob[]): JsonObject[] {
  return tokens.map(({ token, logprob, top }) => ({
    ...renderToken({ token, logprob }),
    top_logprobs: top.map(renderToken),
  }));
}

/** A token that is a part of a character is spelled `bytes:\xe2\x80` and has no bytes of its own that we could tell. */
function renderToken({ token, logprob }: Pick<TokenLogprob, 'token' | 'logprob'>): JsonObject {
  return { token, logprob, bytes: BYTES_ONLY.test(token) ? null : [...Buffer.from(token, 'utf8')] };
}
