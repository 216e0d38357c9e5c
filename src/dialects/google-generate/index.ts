import type { Dialect } from '../dialect.ts';
import { parseError, renderError } from './error.ts';
import { parseReply } from './parse-reply.ts';
import { parseRequest } from './parse-request.ts';
import { createStreamParser } from './parse-stream.ts';
import { renderReply } from './render-reply.ts';
import { renderRequest } from './render-request.ts';
import { createStreamRenderer } from './render-stream.ts';
import { retarget } from './retarget.ts';
import { DIALECT_ID } from './wire.ts';

export { createArrayFraming } from './array-framing.ts';

/**
 * Gemini's `generateContent` and `streamGenerateContent`. The model and whether to stream stand in the URL; a
 * provider is always asked for `alt=sse`. https://ai.google.dev/api/generate-content
 */
export const googleGenerate: Dialect = {
  id: DIALECT_ID,
  headers: [],
  parseRequest,
  renderReply,
  createStreamRenderer,
  renderError,
  // There are none; when to come back stands in the body of an error.
  limitHeaders: () => ({}),
  renderRequest,
  retarget,
  parseReply,
  createStreamParser,
  parseError,
};
