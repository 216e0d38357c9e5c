import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { optional } from '../openai-common/check.ts';

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
