import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { listOf, structure } from '../google-common/structure.ts';

/** The id of this dialect, and the mark on every signature and part that only it understands. */
export const DIALECT_ID = 'google-generate';

/** Proto JSON writes 64-bit numbers as text and takes text for every number. */
const number = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
  z.number('must be a number'),
);
const wholeNumber = number.refine((value) => Number.isInteger(value), 'must be a whole number');
const text = z.string('must be a string');
const flag = z.boolean('must be true or false');
const anyObject = z.custom<JsonObject>(isJsonObject, 'must be an object');
/** An enum by its name or, with `enum-encoding=int`, by its number. */
const enumeration = z.union([z.string(), z.number()], 'must be an enum value');

const wireBlob = structure({ mimeType: text, data: text });
const wireFileData = structure({ fileUri: text, mimeType: text.nullish() });

const wireFunctionCall = structure({
  id: text.nullish(),
  name: text.min(1, 'must not be empty'),
  args: anyObject.nullish(),
});
const wireFunctionResponse = structure({
  id: text.nullish(),
  name: text.min(1, 'must not be empty'),
  response: anyObject.nullish(),
  parts: listOf(structure({ inlineData: wireBlob.nullish(), fileData: wireFileData.nullish() })).nullish(),
});

const wirePart = structure({
  text: text.nullish(),
  thought: flag.nullish(),
  thoughtSignature: text.nullish(),
  inlineData: wireBlob.nullish(),
  fileData: wireFileData.nullish(),
  functionCall: wireFunctionCall.nullish(),
  functionResponse: wireFunctionResponse.nullish(),
});

const wireContent = structure({ role: text.nullish(), parts: listOf(wirePart).nullish() });

const wireDeclaration = structure({
  name: text.min(1, 'must not be empty'),
  description: text.nullish(),
  parameters: anyObject.nullish(),
  parametersJsonSchema: anyObject.nullish(),
});

const wireThinkingConfig = structure({
  includeThoughts: flag.nullish(),
  thinkingBudget: wholeNumber.nullish(),
  thinkingLevel: enumeration.nullish(),
});

const wireGenerationConfig = structure({
  maxOutputTokens: wholeNumber.refine((value) => value >= 0, 'must not be negative').nullish(),
  temperature: number.nullish(),
  topP: number.nullish(),
  topK: number.nullish(),
  candidateCount: wholeNumber.refine((value) => value >= 0, 'must not be negative').nullish(),
  stopSequences: z.array(text, 'must be a list of strings').nullish(),
  seed: wholeNumber.nullish(),
  presencePenalty: number.nullish(),
  frequencyPenalty: number.nullish(),
  responseLogprobs: flag.nullish(),
  logprobs: wholeNumber.refine((value) => value >= 0, 'must not be negative').nullish(),
  responseMimeType: text.nullish(),
  responseSchema: anyObject.nullish(),
  responseJsonSchema: anyObject.nullish(),
  thinkingConfig: wireThinkingConfig.nullish(),
});

const wireToolConfig = structure({
  functionCallingConfig: structure({
    mode: enumeration.nullish(),
    allowedFunctionNames: z.array(text, 'must be a list of strings').nullish(),
  }).nullish(),
});

/** What we act on in a request; every other field passes unread. https://ai.google.dev/api/generate-content */
export const wireRequest = structure({
  model: text.nullish(),
  contents: listOf(wireContent),
  systemInstruction: wireContent.nullish(),
  tools: listOf(structure({ functionDeclarations: listOf(wireDeclaration).nullish() })).nullish(),
  toolConfig: wireToolConfig.nullish(),
  generationConfig: wireGenerationConfig.nullish(),
  serviceTier: text.nullish(),
});

export type WireRequest = z.infer<typeof wireRequest>;
export type WirePart = z.infer<typeof wirePart>;
export type WireContent = z.infer<typeof wireContent>;
export type WireGenerationConfig = z.infer<typeof wireGenerationConfig>;
export type WireFunctionResponse = z.infer<typeof wireFunctionResponse>;
