import type { Dialect } from '../dialect.ts';
import { parseError, renderError } from './error.ts';
import { limitHeaders } from './limit-headers.ts';
import { parseReply } from './parse-reply.ts';
import { HEADERS, parseRequest } from './parse-request.ts';
import { createStreamParser } from './parse-stream.ts';
import { renderReply } from './render-reply.ts';
import { renderRequest } from './render-request.ts';
import { createStreamRenderer } from './render-stream.ts';
import { retarget } from './retarget.ts';
import { DIALECT } from './wire.ts';

/** Anthropic's Messages API. https://platform.claude.com/docs/en/api/messages */
export const anthropicMessages: Dialect = {
  id: DIALECT,
  headers: HEADERS,
  parseRequest,
  renderReply,
  createStreamRenderer,
  renderError,
  limitHeaders,
  renderRequest,
  retarget,
  parseReply,
  createStreamParser,
  parseError,
};
