import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { optional } from '../openai-common/check.ts';

/** An object whose fields are read one by one; whatever else it holds stays in it. */
const Fields = z.custom<JsonObject>(isJsonObject, { error: 'must be an object' });

const wholeNumber = z.int({ error: 'must be a whole number' });
const name = z.string().min(1, 'must not be empty');

/**
 * The top level of a request, as far as we act on it.
 * https://platform.openai.com/docs/api-reference/responses/create
 */
export const WireRequest = z.object({
  model: optional(name),
  input: optional(z.union([z.string(), z.array(z.unknown())], { error: 'must be a string or a list of items' })),
  instructions: optional(z.string()),
  stream: optional(z.boolean()),
  tools: optional(z.array(Fields)),
  tool_choice: optional(z.union([z.string(), Fields], { error: 'must be a string or an object' })),
  parallel_tool_calls: optional(z.boolean()),
  text: optional(z.object({ format: optional(Fields) })),
  reasoning: optional(z.object({ effort: optional(z.string()), summary: optional(z.string()) })),
  include: optional(z.array(z.string())),
  max_output_tokens: optional(wholeNumber.min(1, 'must be at least 1')),
  temperature: optional(z.number()),
  top_p: optional(z.number()),
  top_logprobs: optional(wholeNumber.min(0, 'must be at least 0')),
  user: optional(z.string()),
  safety_identifier: optional(z.string()),
  service_tier: optional(z.string()),
  metadata: optional(Fields),
  background: optional(z.boolean()),
  previous_response_id: optional(z.string()),
});
export type WireRequest = z.output<typeof WireRequest>;

export const WireFunctionTool = z.object({
  name,
  description: optional(z.string()),
  parameters: optional(Fields),
  strict: optional(z.boolean()),
});

export const WireNamespace = z.object({ name, description: optional(z.string()), tools: z.array(Fields) });

export const WireCustomTool = z.object({ name, description: optional(z.string()), format: optional(Fields) });

export const WireSchemaFormat = z.object({
  name: optional(z.string()),
  description: optional(z.string()),
  schema: optional(Fields),
  strict: optional(z.boolean()),
});

export const WireNamed = z.object({ name, namespace: optional(z.string()) });
export const WireAllowedChoice = z.object({ mode: z.enum(['auto', 'required']), tools: z.array(Fields) });

export const WireCall = z.object({ call_id: optional(name), id: optional(z.string()), name });
export const WireCustomInput = z.object({ input: z.string() });
export const WireCallOutput = z.object({ call_id: name });

export const WireTextPart = z.object({ text: z.string() });
export const WireRefusalPart = z.object({ refusal: z.string() });
export const WireImagePart = z.object({
  // Clients that come from Chat Completions nest the URL, as it is there.
  image_url: optional(
    z.union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)], { error: 'must be a string' }),
  ),
  file_id: optional(z.string()),
  detail: optional(z.string()),
});
export const WireAudioPart = z.object({ input_audio: z.object({ data: z.string(), format: z.string() }) });
export const WireFilePart = z.object({
  file_data: optional(z.string()),
  file_url: optional(z.string()),
  file_id: optional(z.string()),
  filename: optional(z.string()),
});
