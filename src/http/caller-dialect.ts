import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { googleGenerate } from '../dialects/google-generate/index.ts';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import { openaiResponses } from '../dialects/openai-responses/index.ts';

/** Whose SDK is calling a route that several of them share, told by what only they send. */
export function callerDialect(request: Request): Dialect {
  const { headers, url } = request;
  if (headers.has('anthropic-version') || url.includes('/v1/messages')) return anthropicMessages;
  if (headers.has('x-goog-api-key') || headers.has('x-goog-api-client') || url.includes('/v1beta'))
    return googleGenerate;
  if (/[?&]key=/.test(url)) return googleGenerate;
  return url.includes('/v1/responses') ? openaiResponses : openaiChat;
}
