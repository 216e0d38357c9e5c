import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { optional } from './check.ts';

/** An object whose fields are read one by one; whatever else it holds stays in it. */
const Fields = z.custom<JsonObject>(isJsonObject, { error: 'must be an object' });

const maxTokens = optional(
  z.int({ error: 'must be a whole number' }).refine((value) => value === -1 || value >= 1, 'must be at least 1'),
);

/**
 * The top level of a request, as far as we act on it.
 * https://platform.openai.com/docs/api-reference/chat/create
 */
export const WireRequest = z.object({
  model: optional(z.string().min(1, 'must not be empty')),
  messages: z.array(Fields).min(1, 'must hold at least one message'),
  stream: optional(z.boolean()),
  stream_options: optional(z.object({ include_usage: optional(z.boolean()) })),
  tools: optional(z.array(Fields)),
  tool_choice: optional(z.union([z.string(), Fields], { error: 'must be a string or an object' })),
  parallel_tool_calls: optional(z.boolean()),
  functions: optional(z.array(Fields)),
  function_call: optional(z.union([z.string(), Fields], { error: 'must be a string or an object' })),
  response_format: optional(Fields),
  reasoning_effort: optional(z.string()),
  /** The object of OpenRouter and its like. */
  reasoning: optional(z.unknown()),
  /** Some servers take -1 for "no limit". */
  max_tokens: maxTokens,
  max_completion_tokens: maxTokens,
  temperature: optional(z.number()),
  top_p: optional(z.number()),
  /** Not OpenAI's own, but that of most servers that speak its dialect. */
  top_k: optional(z.number()),
  presence_penalty: optional(z.number()),
  frequency_penalty: optional(z.number()),
  seed: optional(z.number()),
  stop: optional(z.union([z.string(), z.array(z.string())], { error: 'must be a string or a list of strings' })),
  n: optional(z.int({ error: 'must be a whole number' }).min(1, 'must be at least 1').max(128, 'must be at most 128')),
  logprobs: optional(z.boolean()),
  top_logprobs: optional(z.int({ error: 'must be a whole number' }).min(0, 'must be at least 0')),
  user: optional(z.string()),
  safety_identifier: optional(z.string()),
  service_tier: optional(z.string()),
  metadata: optional(Fields),
});
export type WireRequest = z.output<typeof WireRequest>;

export const WireTool = z.object({
  name: z.string().min(1, 'must not be empty'),
  description: optional(z.string()),
  parameters: optional(Fields),
  strict: optional(z.boolean()),
  format: optional(Fields),
});

export const WireSchemaFormat = z.object({
  name: optional(z.string()),
  description: optional(z.string()),
  schema: optional(Fields),
  strict: optional(z.boolean()),
});

const Named = z.object({ name: z.string().min(1, 'must not be empty') });
export const WireFunctionChoice = z.object({ function: Named });
export const WireCustomChoice = z.object({ custom: Named });
export const WireAllowedChoice = z.object({
  allowed_tools: z.object({ mode: z.enum(['auto', 'required']), tools: z.array(Fields) }),
});

export const WireRequestFunction = z.object({ name: z.string(), arguments: optional(z.unknown()) });
export const WireRequestCall = z.object({
  id: optional(z.string()),
  function: optional(WireRequestFunction),
  custom: optional(z.object({ name: z.string(), input: optional(z.string()) })),
  extra_content: optional(z.unknown()),
});

export const WireTextPart = z.object({ text: z.string() });
export const WireRefusalPart = z.object({ refusal: z.string() });
export const WireImagePart = z.object({
  image_url: z.union(
    [
      z.string().transform((url) => ({ url, detail: undefined })),
      z.object({ url: z.string(), detail: optional(z.string()) }),
    ],
    {
      error: 'must be an object with a `url`',
    },
  ),
});
export const WireAudioPart = z.object({ input_audio: z.object({ data: z.string(), format: z.string() }) });
export const WireFilePart = z.object({
  file: z.object({ file_data: optional(z.string()), file_id: optional(z.string()), filename: optional(z.string()) }),
});

/* Replies: only what we use is named, anything may be missing or of another type, and is absent then. */

const lax = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const laxText = lax(z.string());
const laxCount = lax(z.number().nonnegative());
const laxList = <T extends z.ZodType>(schema: T) =>
  z
    .array(schema.nullable().catch(null))
    .catch([])
    .transform((list) => list.filter((item) => item !== null));

export const WireUsage = z.object({
  prompt_tokens: laxCount,
  completion_tokens: laxCount,
  total_tokens: laxCount,
  prompt_tokens_details: lax(
    z.object({ cached_tokens: laxCount, cache_write_tokens: laxCount, audio_tokens: laxCount }),
  ),
  completion_tokens_details: lax(z.object({ reasoning_tokens: laxCount, audio_tokens: laxCount })),
  /** Where other servers count what came from their cache: DeepSeek, Mistral, Moonshot. */
  prompt_cache_hit_tokens: laxCount,
  num_cached_tokens: laxCount,
  cached_tokens: laxCount,
});
export type WireUsage = z.output<typeof WireUsage>;

const Call = z.object({ name: laxText, arguments: z.unknown(), input: laxText });

export const WireToolCall = z.object({
  index: lax(z.number()),
  id: laxText,
  function: lax(Call),
  custom: lax(Call),
  extra_content: z.unknown(),
});
export type WireToolCall = z.output<typeof WireToolCall>;

/** Both the `message` of a body and the `delta` of a chunk. */
export const WireMessage = z.object({
  content: z.unknown(),
  refusal: laxText,
  reasoning_content: laxText,
  reasoning: laxText,
  reasoning_details: laxList(Fields),
  tool_calls: laxList(WireToolCall),
  function_call: lax(Call),
  annotations: laxList(Fields),
  audio: lax(z.object({ transcript: laxText })),
});
export type WireMessage = z.output<typeof WireMessage>;

const TopLogprob = z.object({ token: z.string(), logprob: z.number() });
const Logprobs = laxList(TopLogprob.extend({ top_logprobs: laxList(TopLogprob) }));

export const WireChoice = z.object({
  index: lax(z.int().min(0).max(127)),
  delta: lax(WireMessage),
  message: lax(WireMessage),
  logprobs: lax(z.object({ content: Logprobs, refusal: Logprobs })),
  finish_reason: laxText,
  error: z.unknown(),
});
export type WireChoice = z.output<typeof WireChoice>;

/** A whole body or one chunk of a stream: they differ only in `message` and `delta`. */
export const WireReply = z.object({
  id: laxText,
  model: laxText,
  choices: laxList(WireChoice),
  usage: lax(WireUsage),
  /** Groq's usage when nobody asked for it. */
  x_groq: lax(z.object({ usage: lax(WireUsage) })),
  service_tier: laxText,
});
export type WireReply = z.output<typeof WireReply>;
