import type { ChatRequest } from '../../chat/request.ts';

/** All the fields of a request that holds nothing but words and the commonest settings, in any dialect. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set([
  ...['model', 'stream', 'stream_options', 'include_usage', 'messages', 'role', 'content', 'type', 'text', 'system'],
  ...['input', 'instructions', 'contents', 'parts', 'systemInstruction', 'system_instruction', 'generationConfig'],
  ...['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'maxOutputTokens', 'temperature', 'top_p', 'topP'],
]);
/** Where a body says how it wants its answer told, which is no part of the question. */
const TELLING = ['stream', 'stream_options'];

/**
 * Names the answer to a request: the same for the same question, streamed or not, and never the same for two owners. `scope`
 * holds what else decides the answer, such as the routing strategy. A plain question is the same in every dialect; any other
 * is only the same as itself, word for word, because a field we do not read may change the answer of a provider that does.
 */
export function cacheKey(ownerId: string, request: ChatRequest, scope: string): string {
  const { stream: _stream, wantsStreamUsage: _usage, original, ...question } = request;
  const { model, system, messages, tools, toolChoice, parallelToolCalls, output, reasoning, ...sampling } = question;
  const { maxOutputTokens, temperature, topP, topK, presencePenalty, frequencyPenalty, seed, ...rest } = sampling;
  const { stop, choices, topLogprobs, user, serviceTier, metadata, isDetached, bound, extras, ...unknown } = rest;
  // A new field has to be thought about here: one that is forgotten would give an answer to another question.
  unknown satisfies Record<string, never>;

  const words = [model, system, messages, tools, toolChoice, parallelToolCalls, output, reasoning];
  const numbers = [maxOutputTokens, temperature, topP, topK, presencePenalty, frequencyPenalty, seed];
  const others = [stop, choices, topLogprobs, user, serviceTier, metadata, isDetached, bound, extras];
  const text = JSON.stringify([
    ownerId,
    scope,
    words,
    numbers,
    others,
    isPlain(original.body) ? null : bodyOf(original),
  ]);
  return new Bun.CryptoHasher('sha256').update(text).digest('base64url');
}

/** False for requests whose answer changes by the hour, as with a web search the provider makes, or with what it stored. */
export function isCacheable(request: ChatRequest): boolean {
  if (request.bound && request.bound.length > 0) return false;
  return request.tools.every((tool) => tool.type !== 'other');
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value !== 'developer';
  if (Array.isArray(value)) return value.every(isPlain);
  return Object.entries(value).every(([name, field]) => PLAIN_FIELDS.has(name) && isPlain(field));
}

function bodyOf({ dialect, body }: ChatRequest['original']) {
  return [dialect, Object.entries(body).filter(([name]) => !TELLING.includes(name))];
}
