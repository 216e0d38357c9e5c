import type { Dialect } from '../dialect.ts';
import { limitHeaders } from '../openai-common/limit-headers.ts';
import { DIALECT } from './dialect-id.ts';
import { parseError } from './parse-error.ts';
import { parseReply } from './parse-reply.ts';
import { parseRequest } from './parse-request.ts';
import { createStreamParser, isUnasked } from './parse-stream.ts';
import { renderError } from './render-error.ts';
import { renderReply } from './render-reply.ts';
import { renderRequest, retarget } from './render-request.ts';
import { createStreamRenderer } from './render-stream.ts';

/**
 * OpenAI's Chat Completions, which most other vendors' and all common self-hosted servers speak too. What it reads from
 * clients follows OpenAI's rules; what it reads from servers may take the liberties these take.
 * https://platform.openai.com/docs/api-reference/chat
 */
export const openaiChat: Dialect = {
  id: DIALECT,
  headers: [],
  parseRequest,
  renderReply,
  createStreamRenderer,
  renderError,
  limitHeaders,
  isUnasked,
  renderRequest,
  retarget,
  parseReply,
  createStreamParser,
  parseError,
};
