import type { EmbeddingReceipt, EmbeddingReply } from '../../chat/embedding.ts';
import { NO_USAGE, type Usage } from '../../chat/usage.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject } from '../../lib/json.ts';

/** A reply of either call; the order is that of the requests, there is no index. */
export function parseReply(body: unknown): EmbeddingReply {
  return { vectors: readEmbeddings(body).map(readVector), ...parseReceipt(body) };
}

/** Only the newer models count: https://ai.google.dev/api/embeddings */
export function parseReceipt(body: unknown): EmbeddingReceipt {
  readEmbeddings(body);
  return { usage: readUsage(isJsonObject(body) ? body.usageMetadata : undefined), model: null };
}

function readEmbeddings(body: unknown): unknown[] {
  if (isJsonObject(body) && Array.isArray(body.embeddings)) return body.embeddings;
  if (isJsonObject(body) && isJsonObject(body.embedding)) return [body.embedding];
  throw garbled();
}

function readVector(embedding: unknown): number[] {
  const values = isJsonObject(embedding) ? embedding.values : undefined;
  const isVector = Array.isArray(values) && values.length > 0 && values.every((value) => Number.isFinite(value));
  if (!isVector) throw garbled();
  return values;
}

function readUsage(metadata: unknown): Usage | null {
  if (!isJsonObject(metadata)) return null;
  const total = countOf(metadata.promptTokenCount);
  if (total === 0) return null;
  const details = metadata.promptTokenDetails ?? metadata.promptTokensDetails;
  const tokensOf = (modality: string): number => {
    let tokens = 0;
    for (const detail of Array.isArray(details) ? details : []) {
      if (isJsonObject(detail) && detail.modality === modality) tokens += countOf(detail.tokenCount);
    }
    return tokens;
  };
  const audioInput = Math.min(tokensOf('AUDIO'), total);
  const input = total - audioInput;
  const imageInput = Math.min(tokensOf('IMAGE'), input);
  const videoInput = Math.min(tokensOf('VIDEO'), input - imageInput);
  const extras = imageInput > 0 || videoInput > 0 ? { extras: { imageInput, videoInput } } : {};
  return { ...NO_USAGE, input, audioInput, ...extras };
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

function garbled(): GatewayError {
  return new GatewayError('provider_garbled', 'The provider answered with something that is not a list of vectors.');
}
