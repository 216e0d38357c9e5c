import type { JsonObject } from '../../lib/json.ts';

/**
 * How a wire asks how many tokens a chat has, without having it answered. The chat inside is that of the chat dialect of
 * the same vendor, which is also the envelope of its errors.
 */
export interface CountFormat {
  /** The body as the chat dialect parses it. */
  chatOf(body: JsonObject): JsonObject;
  /** The client's own body for a provider of the same dialect: changes only the model's name. */
  retarget(body: JsonObject, model: string): JsonObject;
  /** Null where the reply holds no count. */
  parseCount(reply: unknown): number | null;
  renderCount(tokens: number): JsonObject;
}
