import { z } from 'zod';
import type { WireId } from './fixtures/index.ts';

// The shapes that the official clients rely on, as far as we write them ourselves: stricter than what we read.

const text = z.string();
const id = z.string().min(1);
const count = z.int().nonnegative();
const at = z.int().nonnegative();

const chatUsage = z.looseObject({ prompt_tokens: count, completion_tokens: count, total_tokens: count });
const chatFinish = z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'function_call']);
const chatCall = z.union([
  z.looseObject({ id, type: z.literal('function'), function: z.object({ name: text, arguments: text }) }),
  z.looseObject({ id, type: z.literal('custom'), custom: z.object({ name: text, input: text }) }),
]);
const chatBody = z.looseObject({
  id,
  object: z.literal('chat.completion'),
  created: count,
  model: id,
  choices: z
    .array(
      z.looseObject({
        index: at,
        message: z.looseObject({
          role: z.literal('assistant'),
          content: text.nullable(),
          tool_calls: z.array(chatCall).min(1).optional(),
        }),
        finish_reason: chatFinish,
      }),
    )
    .min(1),
  usage: chatUsage,
});
const chatChunk = z.looseObject({
  id,
  object: z.literal('chat.completion.chunk'),
  created: count,
  model: id,
  choices: z.array(
    z.looseObject({
      index: at,
      delta: z.looseObject({
        content: text.nullish(),
        tool_calls: z
          .array(
            z.looseObject({ index: at, id: id.optional(), function: z.looseObject({ arguments: text }).optional() }),
          )
          .optional(),
      }),
      finish_reason: chatFinish.nullable(),
    }),
  ),
});

const anthropicUsage = z.looseObject({ input_tokens: count, output_tokens: count });
const anthropicStop = z.enum([
  'end_turn',
  'stop_sequence',
  'max_tokens',
  'tool_use',
  'refusal',
  'pause_turn',
  'model_context_window_exceeded',
]);
const anthropicBlock = z.union([
  z.looseObject({ type: z.literal('text'), text }),
  z.looseObject({ type: z.literal('thinking'), thinking: text, signature: text }),
  z.looseObject({ type: z.literal('redacted_thinking'), data: id }),
  z.looseObject({
    type: z.literal('tool_use'),
    id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
    name: text,
    input: z.looseObject({}),
  }),
]);
const anthropicMessage = z.looseObject({
  id,
  type: z.literal('message'),
  role: z.literal('assistant'),
  model: id,
  content: z.array(anthropicBlock),
  usage: anthropicUsage,
});
const anthropicBody = anthropicMessage.extend({ stop_reason: anthropicStop });
const anthropicEvent = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('message_start'), message: anthropicMessage }),
  z.looseObject({ type: z.literal('content_block_start'), index: at, content_block: anthropicBlock }),
  z.looseObject({ type: z.literal('content_block_delta'), index: at, delta: z.looseObject({ type: id }) }),
  z.looseObject({ type: z.literal('content_block_stop'), index: at }),
  z.looseObject({
    type: z.literal('message_delta'),
    delta: z.looseObject({ stop_reason: anthropicStop }),
    usage: anthropicUsage,
  }),
  z.looseObject({ type: z.literal('message_stop') }),
]);

const responsesUsage = z.looseObject({ input_tokens: count, output_tokens: count, total_tokens: count });
const responsesItem = z.looseObject({ id, type: id });
const responsesBody = z.looseObject({
  id,
  object: z.literal('response'),
  created_at: count,
  model: id,
  status: z.enum(['completed', 'incomplete', 'failed']),
  output: z.array(responsesItem),
  usage: responsesUsage,
});
const responsesEvent = z.looseObject({ type: id, sequence_number: count });

const googleUsage = z.looseObject({ promptTokenCount: count, totalTokenCount: count });
const googlePart = z.looseObject({
  text: text.optional(),
  functionCall: z.looseObject({ id, name: text, args: z.looseObject({}) }).optional(),
});
const googleCandidate = z.looseObject({
  content: z.looseObject({ parts: z.array(googlePart).optional() }).optional(),
  finishReason: id.optional(),
  index: at,
});
const googleChunk = z.looseObject({
  candidates: z.array(googleCandidate).min(1),
  usageMetadata: googleUsage.optional(),
  modelVersion: id,
  responseId: id,
});
const googleBody = googleChunk.extend({
  usageMetadata: googleUsage,
  candidates: z.array(googleCandidate.extend({ finishReason: id })).min(1),
});

export const BODIES: Record<WireId, z.ZodType> = {
  'openai-chat': chatBody,
  'openai-responses': responsesBody,
  'anthropic-messages': anthropicBody,
  'google-generate': googleBody,
};

/** Of one message of a stream that is no error. */
export const MESSAGES: Record<WireId, z.ZodType> = {
  'openai-chat': chatChunk,
  'openai-responses': responsesEvent,
  'anthropic-messages': anthropicEvent,
  'google-generate': googleChunk,
};

const openaiError = z.object({
  error: z.looseObject({ message: text, type: text.nullable(), param: z.unknown(), code: z.unknown() }),
});
const anthropicError = z.looseObject({ type: z.literal('error'), error: z.looseObject({ type: id, message: text }) });

export const ERRORS: Record<WireId, z.ZodType> = {
  'openai-chat': openaiError,
  'openai-responses': openaiError,
  'anthropic-messages': anthropicError,
  'google-generate': z.object({
    error: z.looseObject({ code: z.int().min(400).max(599), message: text, status: z.string().regex(/^[A-Z_]+$/) }),
  }),
};

/** An error in the middle of a stream. */
export const STREAM_ERRORS: Record<WireId, z.ZodType> = {
  ...ERRORS,
  'openai-responses': z.union([
    z.looseObject({ type: z.literal('error'), message: text }),
    z.looseObject({
      type: z.literal('response.failed'),
      response: z.looseObject({ error: z.looseObject({ message: text }) }),
    }),
  ]),
};
