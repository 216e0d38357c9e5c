import type { Dialect } from '../dialect.ts';
import { limitHeaders } from '../openai-common/limit-headers.ts';
import { DIALECT } from './dialect-id.ts';
import { parseError } from './parse-error.ts';
import { parseReply } from './parse-reply.ts';
import { HEADERS, parseRequest } from './parse-request.ts';
import { createStreamParser } from './parse-stream.ts';
import { renderError } from './render-error.ts';
import { renderReply } from './render-reply.ts';
import { renderRequest, retarget } from './render-request.ts';
import { createStreamRenderer } from './render-stream.ts';

export { statefulFields } from './stateful-fields.ts';

/**
 * OpenAI's Responses API, which some other vendors' servers speak too.
 * https://platform.openai.com/docs/api-reference/responses
 */
export const openaiResponses: Dialect = {
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
