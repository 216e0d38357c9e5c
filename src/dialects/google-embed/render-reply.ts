import { promptTokens } from '../../chat/usage.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { EmbeddingContext } from '../embedding-dialect.ts';

/** One vector or a list of them, as it was asked. An estimate is not told as a count. */
export function renderReply(vectors: readonly number[][], { request, usage }: EmbeddingContext): JsonObject {
  const embeddings = vectors.map((values) => ({ values }));
  const told = request.shape === 'one' ? { embedding: embeddings[0] } : { embeddings };
  return usage.isEstimated ? told : { ...told, usageMetadata: { promptTokenCount: promptTokens(usage) } };
}
