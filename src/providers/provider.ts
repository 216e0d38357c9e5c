import type { EmbeddingShape } from '../chat/embedding.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { EmbeddingDialect } from '../dialects/embedding-dialect.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Secret } from '../lib/secret.ts';

/** A wire format a provider speaks, and where it does. */
export interface Endpoint {
  dialect: Dialect;
  /** What follows `baseUrl` for a chat call. */
  path(model: string, stream: boolean): string;
  /** What follows it for a call that only counts a chat's tokens; absent = the provider has none in this format. */
  countPath?(model: string): string;
}

/** Where a provider makes vectors of texts, and in which format. */
export interface EmbeddingEndpoint {
  dialect: EmbeddingDialect;
  path(model: string, shape: EmbeddingShape): string;
}

/** Somebody's server: an address, a header, a dialect and its accents. Data, not behaviour. */
export interface Provider extends Endpoint {
  id: string;
  /** For people. */
  label: string;
  /** Other formats it takes chats in; a client of one of them is served in it. */
  alternatives?: readonly Endpoint[];
  /** Absent = it has no embedding models. */
  embeddings?: EmbeddingEndpoint;
  /** With the version, without a slash at the end: `https://api.openai.com/v1`. Set by the operator, never by a caller. */
  baseUrl: string;
  /** Authorisation, as this provider wants it. */
  headers(apiKey: string): Record<string, string>;
  /** Last changes to a rendered body: fields this server refuses or spells in its own way. */
  adjust?(body: JsonObject, choice?: Choice): JsonObject;
  /** Answers come from the simulator: text and costs are marked as such everywhere. */
  isSimulated: boolean;
}

/** Whom a body goes to. */
export interface Choice {
  /** The client did not ask for this model, and could not know what it refuses. */
  isOurs: boolean;
  /** The model is one that reasons. */
  reasons: boolean;
}

interface Wish {
  clientDialect: string;
  /** The dialects a model is served through, when it is not all of its provider's. */
  servedThrough?: readonly string[] | undefined;
}

/** Where to take a chat: to the client's own dialect if the provider speaks it, because there nothing is lost. */
export function endpointFor(provider: Provider, { clientDialect, servedThrough }: Wish): Endpoint | undefined {
  const endpoints = endpointsOf(provider).filter(({ dialect }) => servedThrough?.includes(dialect.id) ?? true);
  return endpoints.find(({ dialect }) => dialect.id === clientDialect) ?? endpoints[0];
}

export function dialectIdsOf(provider: Provider): string[] {
  return endpointsOf(provider).map(({ dialect }) => dialect.id);
}

function endpointsOf(provider: Provider): Endpoint[] {
  return [provider, ...(provider.alternatives ?? [])];
}

/** A provider we hold a key for. */
export interface Connection {
  provider: Provider;
  apiKey: Secret;
  /** Names the key without telling anything of it. */
  keyId: string;
}
