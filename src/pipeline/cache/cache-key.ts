import type { ChatRequest } from '../../chat/request.ts';

/**
 * Names the answer to a request: the same for the same question, whatever dialect it came in and streamed or not, and never
 * the same for two owners. `scope` holds what else decides the answer, such as the routing strategy. Fields are listed, so
 * that a new one has to be thought about here: one that is forgotten would give an answer to another question.
 */
export function cacheKey(ownerId: string, request: ChatRequest, scope: string): string {
  const { stream: _stream, wantsStreamUsage: _usage, original: _original, ...question } = request;
  const { model, system, messages, tools, toolChoice, parallelToolCalls, output, reasoning, ...sampling } = question;
  const { maxOutputTokens, temperature, topP, topK, presencePenalty, frequencyPenalty, seed, ...rest } = sampling;
  const {
    stop,
    choices,
    topLogprobs,
    user,
    serviceTier,
    metadata,
    bound: _bound,
    isDetached,
    extras,
    ...unknown
  } = rest;
  unknown satisfies Record<string, never>;

  const words = [model, system, messages, tools, toolChoice, parallelToolCalls, output, reasoning];
  const numbers = [maxOutputTokens, temperature, topP, topK, presencePenalty, frequencyPenalty, seed];
  const others = [stop, choices, topLogprobs, user, serviceTier, metadata, isDetached, extras];
  const text = JSON.stringify([ownerId, scope, words, numbers, others]);
  return new Bun.CryptoHasher('sha256').update(text).digest('base64url');
}

/** False for requests whose answer changes by the hour, as with a web search the provider makes, or with what it stored. */
export function isCacheable(request: ChatRequest): boolean {
  if (request.bound && request.bound.length > 0) return false;
  return request.tools.every((tool) => tool.type !== 'other');
}
