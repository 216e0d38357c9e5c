import type { ChatRequest } from '../../chat/request.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';

/**
 * Names the answer to a request: the same for the same question, whatever dialect it came in and streamed or not, and never
 * the same for two owners. `scope` holds what else decides the answer, such as the routing strategy.
 */
export function cacheKey(ownerId: string, request: ChatRequest, scope: string): string {
  const { stream: _stream, wantsStreamUsage: _usage, original: _original, ...question } = request;
  const text = canonicalJson([ownerId, scope, question]);
  return new Bun.CryptoHasher('sha256').update(text).digest('base64url');
}

/** False for requests whose answer changes by the hour, as with a web search the provider makes. */
export function isCacheable(request: ChatRequest): boolean {
  return request.tools.every((tool) => tool.type !== 'other');
}
