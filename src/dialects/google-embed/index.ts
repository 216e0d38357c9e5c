import type { EmbeddingDialect } from '../embedding-dialect.ts';
import { parseReceipt, parseReply } from './parse-reply.ts';
import { parseRequest } from './parse-request.ts';
import { renderReply } from './render-reply.ts';
import { renderRequest, retarget } from './render-request.ts';
import { DIALECT } from './wire.ts';

/** Gemini's `embedContent` and `batchEmbedContents`; the model stands in the URL. https://ai.google.dev/api/embeddings */
export const googleEmbed: EmbeddingDialect = {
  id: DIALECT,
  parseRequest,
  renderReply,
  renderRequest,
  retarget,
  parseReply,
  parseReceipt,
};
