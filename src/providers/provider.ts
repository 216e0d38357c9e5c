import type { Dialect } from '../dialects/dialect.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Secret } from '../lib/secret.ts';

/** Somebody's server: an address, a header, a dialect and its accents. Data, not behaviour. */
export interface Provider {
  id: string;
  /** For people. */
  label: string;
  dialect: Dialect;
  /** With the version, without a slash at the end: `https://api.openai.com/v1`. Set by the operator, never by a caller. */
  baseUrl: string;
  /** What follows `baseUrl` for a chat call. */
  path(model: string, stream: boolean): string;
  /** Authorisation, as this provider wants it. */
  headers(apiKey: string): Record<string, string>;
  /** Last changes to a rendered body: fields this server refuses or spells in its own way. */
  adjust?(body: JsonObject): JsonObject;
  /** Answers come from the simulator: text and costs are marked as such everywhere. */
  isSimulated: boolean;
}

/** A provider we hold a key for. */
export interface Connection {
  provider: Provider;
  apiKey: Secret;
}
