import { promptTokens } from '../../chat/usage.ts';
import { encodeFloat32 } from '../../lib/float32.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { EmbeddingContext } from '../embedding-dialect.ts';

/** OpenAI's SDKs ask for base64 unless their user chose; it is decoded there as little-endian 32-bit floats. */
export function renderReply(vectors: readonly number[][], { request, model, usage }: EmbeddingContext): JsonObject {
  const isBase64 = request.encoding === 'base64';
  const tokens = promptTokens(usage);
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: isBase64 ? encodeFloat32(vector) : vector,
    })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}
