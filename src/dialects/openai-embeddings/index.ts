import type { EmbeddingDialect } from '../embedding-dialect.ts';
import { DIALECT } from './dialect-id.ts';
import { parseReceipt, parseReply } from './parse-reply.ts';
import { parseRequest } from './parse-request.ts';
import { renderReply } from './render-reply.ts';
import { renderRequest, retarget } from './render-request.ts';

/**
 * OpenAI's embeddings, which most other vendors' and all common self-hosted servers take too.
 * https://platform.openai.com/docs/api-reference/embeddings
 */
export const openaiEmbeddings: EmbeddingDialect = {
  id: DIALECT,
  parseRequest,
  renderReply,
  renderRequest,
  retarget,
  parseReply,
  parseReceipt,
};
