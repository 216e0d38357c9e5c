import type { EmbeddingReceipt, EmbeddingReply, EmbeddingRequest, EmbeddingShape } from '../chat/embedding.ts';
import type { Usage } from '../chat/usage.ts';
import type { JsonObject } from '../lib/json.ts';

/**
 * A wire format for vectors, in both directions, as `Dialect` is one for chats. Errors are no part of it: they come in the
 * envelope of the chat dialect of the same vendor.
 */
export interface EmbeddingDialect {
  /** `openai-embeddings`; also the name of its folder. */
  id: string;

  /* Facing the client. */

  /** Checks what we act on and keeps the rest. Throws `invalid_request`, with `param`. */
  parseRequest(body: unknown, path: EmbeddingPath): EmbeddingRequest;
  renderReply(vectors: readonly number[][], context: EmbeddingContext): JsonObject;

  /* Facing the provider. */

  /** The request of another dialect's client. Throws `unsupported`, with `param`, for what cannot be said here. */
  renderRequest(request: EmbeddingRequest, model: string): RenderedEmbeddings;
  /** The client's own body for a provider of this same dialect: changes only the model's name. */
  retarget(body: JsonObject, model: string): JsonObject;
  /** Throws `provider_garbled` for a body that is no list of vectors. */
  parseReply(body: unknown): EmbeddingReply;
  /** The same without reading the vectors, whatever form they have. */
  parseReceipt(body: unknown): EmbeddingReceipt;
}

/** What a request says in its URL instead of its body. */
export interface EmbeddingPath {
  model?: string | undefined;
  shape?: EmbeddingShape | undefined;
}

export interface EmbeddingContext {
  request: EmbeddingRequest;
  /** The catalogue id of the model that answers. */
  model: string;
  usage: Usage;
}

export interface RenderedEmbeddings {
  /** One for each call; more than one where a provider takes fewer inputs at once. */
  bodies: JsonObject[];
  shape: EmbeddingShape;
  /** Fields of the request that this dialect cannot express, in the client's spelling. */
  dropped: string[];
}
