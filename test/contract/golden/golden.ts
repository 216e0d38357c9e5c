import type { WireId } from '../../hostile/fixtures/index.ts';

/** A reply's usage as the vendor writes it, and what it costs, worked out by hand. */
export interface Golden {
  name: string;
  wire: WireId;
  /** As a client asks for it: `openai/gold-chat`. */
  model: string;
  usage: Record<string, unknown>;
  /** Other fields of the reply: the tier, for one. */
  reply?: Record<string, unknown>;
  /** What a Responses reply did before it spoke: searches and the like. */
  items?: Record<string, unknown>[];
  /** Chat streams: usage in a chunk of its own, as OpenAI sends it, or with the last choice, as others do. */
  isUsageLast?: boolean;
  /** Anthropic streams: the usage of `message_start` and `message_delta`, where it is not the usual one. */
  start?: Record<string, unknown>;
  end?: Record<string, unknown>;
  /** In nano-dollars, tokens times nano-dollars a token; null = unpriced. */
  costs: number | null;
}
