import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';

/** The id of this dialect, which is also the mark on what only it can read. */
export const DIALECT = 'anthropic-messages';

/* Requests: what we act on is checked, everything else is kept. https://platform.claude.com/docs/en/api/messages */

const text = z.string();
/** As it is: a schema that copies would leave out a field called `__proto__`. */
const object = z.custom<JsonObject>(isJsonObject, { error: 'expected an object' });
const texts = z.union([z.string(), z.array(z.unknown())], { error: 'expected a string or an array of blocks' });
const count = z.int().nonnegative();

export const wireRequest = z.looseObject({
  model: z.string().min(1).nullish(),
  messages: z.array(z.unknown()).min(1, 'expected at least one message'),
  system: texts.nullish(),
  stream: z.boolean().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.int().nullish(),
  stop_sequences: z.array(text).nullish(),
  metadata: z.looseObject({ user_id: text.nullish() }).nullish(),
  service_tier: text.nullish(),
  tools: z.array(z.unknown()).nullish(),
  tool_choice: z.unknown().optional(),
  thinking: z.looseObject({ type: text, display: text.nullish() }).nullish(),
  output_config: z.looseObject({ effort: text.nullish(), format: z.unknown().optional() }).nullish(),
  output_format: z.unknown().optional(),
});

export const wireMaxTokens = count;
export const wireBudgetTokens = z.int().positive();
export const wireJsonSchemaFormat = z.looseObject({ type: z.literal('json_schema'), schema: object });

export const wireMessage = z.looseObject({
  role: z.enum(['user', 'assistant', 'system'], { error: "expected 'user', 'assistant' or 'system'" }),
  content: texts,
});

export const wireBlock = z.looseObject({ type: text });
export const wireTextBlock = z.looseObject({ text, citations: z.array(z.unknown()).nullish() });
export const wireMediaBlock = z.looseObject({
  source: z.looseObject({ type: text }),
  title: text.nullish(),
});
export const wireBase64Source = z.looseObject({ media_type: text, data: text });
export const wireUrlSource = z.looseObject({ url: text });
export const wireFileSource = z.looseObject({ file_id: text });
export const wirePlainTextSource = z.looseObject({ media_type: text.nullish(), data: text });
export const wireToolResultBlock = z.looseObject({
  tool_use_id: text,
  content: texts.nullish(),
  is_error: z.boolean().nullish(),
});
export const wireToolUseBlock = z.looseObject({ id: text, name: text, input: object.nullish() });
export const wireThinkingBlock = z.looseObject({ thinking: text, signature: text.nullish() });
export const wireRedactedBlock = z.looseObject({ data: text });

export const wireTool = z.looseObject({ type: text.nullish() });
export const wireFunctionTool = z.looseObject({
  name: z.string().min(1),
  description: text.nullish(),
  input_schema: object,
  strict: z.boolean().nullish(),
});
export const wireToolChoice = z.looseObject({
  type: z.enum(['auto', 'any', 'tool', 'none'], { error: "expected 'auto', 'any', 'tool' or 'none'" }),
  name: text.nullish(),
  disable_parallel_tool_use: z.boolean().nullish(),
});

/* Replies: only what is used is named, and every field may be absent or of a strange type. */

const maybeText = text.nullish().catch(undefined);
const maybeCount = count.nullish().catch(undefined);
const maybeArray = z.array(z.unknown()).nullish().catch(undefined);

export const wireUsage = z.looseObject({
  input_tokens: maybeCount,
  output_tokens: maybeCount,
  cache_read_input_tokens: maybeCount,
  cache_creation_input_tokens: maybeCount,
  cache_creation: z
    .looseObject({ ephemeral_5m_input_tokens: maybeCount, ephemeral_1h_input_tokens: maybeCount })
    .nullish()
    .catch(undefined),
  output_tokens_details: z.looseObject({ thinking_tokens: maybeCount }).nullish().catch(undefined),
  service_tier: maybeText,
  speed: maybeText,
  inference_geo: maybeText,
  server_tool_use: z.looseObject({ web_search_requests: maybeCount }).nullish().catch(undefined),
  iterations: z.array(z.unknown()).nullish().catch(undefined),
});
export type WireUsage = z.infer<typeof wireUsage>;

const usage = wireUsage.nullish().catch(undefined);

/** A block of a reply, and what a `content_block_start` opens. */
export const replyBlock = z
  .looseObject({
    type: maybeText,
    text: maybeText,
    citations: maybeArray,
    thinking: maybeText,
    signature: maybeText,
    data: maybeText,
    id: maybeText,
    name: maybeText,
    input: z.unknown().optional(),
  })
  .catch({});
export type ReplyBlock = z.infer<typeof replyBlock>;

export const wireReply = z.looseObject({
  type: maybeText,
  id: maybeText,
  model: maybeText,
  content: maybeArray,
  stop_reason: maybeText,
  stop_sequence: maybeText,
  usage,
});

export const streamEvent = z.looseObject({
  type: maybeText,
  index: z.int().nullish().catch(undefined),
  message: z.looseObject({ id: maybeText, model: maybeText, usage }).nullish().catch(undefined),
  content_block: replyBlock,
  delta: z
    .looseObject({
      type: maybeText,
      text: maybeText,
      thinking: maybeText,
      signature: maybeText,
      partial_json: maybeText,
      citation: z.unknown().optional(),
      stop_reason: maybeText,
      stop_sequence: maybeText,
    })
    .nullish()
    .catch(undefined),
  usage,
});
export type StreamEvent = z.infer<typeof streamEvent>;

/** The outer `type` and `request_id` are missing where the provider's edge answered. */
export const wireError = z.looseObject({
  error: z.looseObject({
    type: maybeText,
    message: maybeText,
    details: z.looseObject({ error_code: maybeText }).nullish().catch(undefined),
  }),
});
