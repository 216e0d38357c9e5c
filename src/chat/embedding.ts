import type { OriginalRequest } from './request.ts';
import type { Usage } from './usage.ts';

/** A request for vectors in our own words. What has no word here is named in `extras` and, whole and unread, in `original`. */
export interface EmbeddingRequest {
  /** As the client wrote it: a catalogue id or `provider/model`. */
  model: string;
  shape: EmbeddingShape;
  /** At least one; each becomes one vector. */
  inputs: EmbeddingInput[];
  /** How the client wants to read the numbers; `other` is a form that only a provider of the same dialect may know. */
  encoding: 'numbers' | 'base64' | 'other';
  /** Names of fields that only a provider of the same dialect is told, in the client's spelling. */
  extras: string[];
  original: OriginalRequest;
}

/** Whether a call is for one vector or a list of them, where a wire has a call for each. */
export type EmbeddingShape = 'one' | 'many';

export interface EmbeddingInput {
  /** Together they make one vector. */
  parts: EmbeddingPart[];
  /** Of the vector; absent = as many as the model likes. */
  dimensions?: number | undefined;
  /** Where it stands in the request, in the caller's spelling: `input[3]`. */
  param: string;
}

export type EmbeddingPart =
  | { type: 'text'; text: string }
  /** The numbers that a vendor's own tokenizer makes of a text. */
  | { type: 'tokens'; tokens: number[] }
  /** A part only its own dialect understands: an image, a sound. */
  | { type: 'other'; name: string };

/** What a provider says of its reply, besides the vectors. */
export interface EmbeddingReceipt {
  /** Null where the provider does not count. */
  usage: Usage | null;
  /** The model as the reply names it. */
  model: string | null;
}

export interface EmbeddingReply extends EmbeddingReceipt {
  /** In the order of the inputs. */
  vectors: number[][];
}
