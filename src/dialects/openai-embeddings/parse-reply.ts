import type { EmbeddingReceipt, EmbeddingReply } from '../../chat/embedding.ts';
import { NO_USAGE, type Usage } from '../../chat/usage.ts';
import { GatewayError } from '../../errors.ts';
import { decodeFloat32 } from '../../lib/float32.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';

/** Reads the vectors in either encoding, in the order of their `index`. */
export function parseReply(body: unknown): EmbeddingReply {
  const vectors: number[][] = [];
  const items = readData(body);
  for (const [position, item] of items.entries()) {
    const vector = isJsonObject(item) ? readVector(item.embedding) : undefined;
    if (!isJsonObject(item) || !vector) throw garbled();
    const index = typeof item.index === 'number' && hasIndexes(items) ? item.index : position;
    vectors[index] = vector;
  }
  return { vectors, ...parseReceipt(body) };
}

export function parseReceipt(body: unknown): EmbeddingReceipt {
  readData(body);
  const { model, usage } = isJsonObject(body) ? body : {};
  return { usage: readUsage(usage), model: typeof model === 'string' && model !== '' ? model : null };
}

function readData(body: unknown): unknown[] {
  if (!isJsonObject(body) || !Array.isArray(body.data)) throw garbled();
  return body.data;
}

/** Some servers leave `index` out or set it to 0 everywhere; then the order is the index. */
function hasIndexes(items: readonly unknown[]): boolean {
  const indexes = new Set(items.map((item) => (isJsonObject(item) ? item.index : undefined)));
  return items.every((_, position) => indexes.has(position));
}

function readVector(embedding: unknown): number[] | undefined {
  if (typeof embedding === 'string') return decodeFloat32(embedding);
  if (!Array.isArray(embedding) || embedding.length === 0) return undefined;
  return embedding.every((value) => Number.isFinite(value)) ? embedding : undefined;
}

/** Some servers never count; all zeros is their way to say so. */
function readUsage(usage: unknown): Usage | null {
  const { prompt_tokens: prompt, total_tokens: total }: JsonObject = isJsonObject(usage) ? usage : {};
  const input = [prompt, total].find((count): count is number => Number.isSafeInteger(count) && Number(count) > 0);
  return input === undefined ? null : { ...NO_USAGE, input };
}

function garbled(): GatewayError {
  return new GatewayError('provider_garbled', 'The provider answered with something that is not a list of vectors.');
}
