import { isJsonObject, type JsonObject } from '../../../lib/json.ts';
import { type Call, jsonReply, type Reply } from '../call.ts';
import { inManner } from '../manner.ts';
import { countTokens } from '../prompt-memory.ts';
import { numberOf, textOf } from '../read.ts';
import { readDirectives } from '../script/directives.ts';
import { embed } from '../vectors.ts';
import { directedError, invalidRequest, missingParameter, openAiHeaders } from './error.ts';
import { checkFields, unreadableBody } from './field-check.ts';

const FIELDS = new Set(['input', 'model', 'dimensions', 'encoding_format', 'user']);
const MAX_INPUTS = 2048;

/** `POST /embeddings`: texts or lists of token numbers, as numbers or as base64 of little-endian 32-bit floats. */
export function answerEmbeddings(call: Call): Reply {
  const { body } = call;
  if (!isJsonObject(body)) return unreadableBody();
  const model = textOf(body.model);
  if (model === '') return invalidRequest('you must provide a model parameter', null);
  const inputs = readInputs(body.input);
  const problem = checkFields(body, FIELDS) ?? checkInputs(body, inputs) ?? checkOptions(body);
  if (problem) return problem;

  const directives = readDirectives(inputs.map(({ text }) => text).join('\n'), model);
  if (directives.error) return directedError(directives.error, call, model);

  const size = numberOf(body.dimensions) ?? (model.includes('large') ? 3072 : 1536);
  const data = inputs.map(({ text }, index) => ({
    object: 'embedding',
    index,
    embedding: encode(embed(text, size), body.encoding_format),
  }));
  const tokens = inputs.reduce((sum, input) => sum + input.tokens, 0);
  const reply = { object: 'list', data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
  return inManner(jsonReply(reply, { headers: openAiHeaders() }), directives, []);
}

interface Input {
  text: string;
  tokens: number;
}

function readInputs(input: unknown): Input[] {
  if (typeof input === 'string') return [{ text: input, tokens: countTokens(input) }];
  if (!Array.isArray(input)) return [];
  if (input.length > 0 && input.every((item) => typeof item === 'number')) {
    return [{ text: input.join(' '), tokens: input.length }];
  }
  return input.map((item: unknown) =>
    Array.isArray(item)
      ? { text: item.join(' '), tokens: item.length }
      : { text: textOf(item), tokens: countTokens(textOf(item)) },
  );
}

function checkInputs({ input }: JsonObject, inputs: Input[]): Reply | null {
  if (input === undefined || input === null) return missingParameter('input');
  if (inputs.length === 0 || inputs.some(({ tokens }) => tokens === 0)) {
    return invalidRequest(
      "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.",
      null,
    );
  }
  if (inputs.length <= MAX_INPUTS) return null;
  const message = `Invalid 'input': array too long. Expected an array with maximum length ${MAX_INPUTS}, but got an array with length ${inputs.length} instead.`;
  return invalidRequest(message, 'input', 'array_above_max_length');
}

function checkOptions({ dimensions, encoding_format }: JsonObject): Reply | null {
  const size = numberOf(dimensions);
  if (size !== null && (size < 1 || !Number.isInteger(size))) {
    return invalidRequest(`${size} is less than the minimum of 1 - 'dimensions'`, null);
  }
  if (size !== null && size > 3072) {
    return invalidRequest(`Invalid value for 'dimensions' = ${size}. Must be less than or equal to 3072.`, null);
  }
  if (encoding_format === undefined || encoding_format === 'float' || encoding_format === 'base64') return null;
  return invalidRequest("Invalid value for 'encoding_format': expected 'float' or 'base64'.", 'encoding_format');
}

function encode(vector: number[], format: unknown): number[] | string {
  if (format !== 'base64') return vector;
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
