import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';

// A field that is missing or of another type counts as absent: a provider's oddity must not cost the client its answer.
const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const text = optional(z.string());
const list = optional(z.array(z.unknown()));
const object = optional(z.custom<JsonObject>(isJsonObject));
/** An enum by its name or, with `enum-encoding=int`, by its number. */
const enumeration = optional(z.union([z.string(), z.number()]));
const index = optional(z.number().int().min(0).max(127));
/** No reply has more tokens than can be counted exactly. */
const count = z
  .number()
  .max(Number.MAX_SAFE_INTEGER)
  .transform((value) => Math.max(0, Math.trunc(value)))
  .catch(0);

/** One chunk of a stream, or a whole body: the same shape. */
export const wireChunk = z.object({
  candidates: list,
  promptFeedback: optional(z.object({ blockReason: enumeration })),
  usageMetadata: object,
  modelVersion: text,
  responseId: text,
});

export const wireCandidate = z.object({
  index,
  content: optional(z.object({ parts: list })),
  finishReason: enumeration,
  groundingMetadata: object,
  citationMetadata: object,
  urlContextMetadata: object,
  logprobsResult: object,
});

export const wireReplyPart = z.object({
  text,
  thought: optional(z.boolean()),
  thoughtSignature: text,
  functionCall: optional(
    z.object({ id: text, name: text, args: object, partialArgs: list, willContinue: optional(z.boolean()) }),
  ),
  functionResponse: optional(z.object({ id: text, name: text })),
});

/** A piece of an argument, which only Vertex sends: https://ai.google.dev/api/caching#FunctionCall */
export const wirePartialArgument = z.object({
  jsonPath: z.string(),
  stringValue: text,
  numberValue: optional(z.number()),
  boolValue: optional(z.boolean()),
  nullValue: optional(z.unknown()),
  willContinue: optional(z.boolean()),
});

const modalityCounts = z.array(z.object({ modality: enumeration, tokenCount: count })).catch([]);

export const wireUsage = z.object({
  promptTokenCount: count,
  cachedContentTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
  toolUsePromptTokenCount: count,
  promptTokensDetails: modalityCounts,
  cacheTokensDetails: modalityCounts,
  candidatesTokensDetails: modalityCounts,
  serviceTier: text,
  trafficType: text,
});

const wireTokenLogprob = z.object({ token: z.string().catch(''), logProbability: z.number().catch(0) });

export const wireLogprobs = z.object({
  chosenCandidates: z.array(wireTokenLogprob).catch([]),
  topCandidates: z.array(z.object({ candidates: z.array(wireTokenLogprob).catch([]) })).catch([]),
});

export type WireReplyPart = z.infer<typeof wireReplyPart>;
export type WireCandidate = z.infer<typeof wireCandidate>;
