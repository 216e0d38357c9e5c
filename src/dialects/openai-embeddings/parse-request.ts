import type { EmbeddingInput, EmbeddingPart, EmbeddingRequest } from '../../chat/embedding.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import { DIALECT } from './dialect-id.ts';

const KNOWN_FIELDS = new Set(['model', 'input', 'dimensions', 'encoding_format']);

/**
 * A body of `POST /embeddings`. Whether a number of dimensions or an encoding is one the model has is for the provider to
 * say: compatible servers have more of both than OpenAI.
 */
export function parseRequest(body: unknown): EmbeddingRequest {
  if (!isJsonObject(body)) throw invalid('', 'must be a JSON object');
  const { model } = body;
  if (model === undefined || model === null) throw invalid('model', 'is required');
  if (typeof model !== 'string' || model === '') throw invalid('model', 'must be the name of a model');
  const dimensions = readDimensions(body);
  const inputs = readInputs(body.input);
  return {
    model,
    shape: 'many',
    inputs: inputs.map(({ part, param }) => withoutUndefined({ parts: [part], dimensions, param })),
    encoding: readEncoding(body),
    extras: Object.keys(body).filter((name) => !KNOWN_FIELDS.has(name) && isGiven(body[name])),
    original: { dialect: DIALECT, body, headers: {} },
  } satisfies { inputs: EmbeddingInput[] } & EmbeddingRequest;
}

interface Found {
  part: EmbeddingPart;
  param: string;
}

/** A text, a list of token numbers, or a list of either. */
function readInputs(input: unknown): Found[] {
  if (!isGiven(input)) throw invalid('input', 'is required');
  const single = typeof input === 'string' || isTokens(input);
  if (single) return [{ part: readPart(input, 'input'), param: 'input' }];
  if (!Array.isArray(input)) throw invalid('input', 'must be a string or an array');
  if (input.length === 0) throw invalid('input', 'must hold at least one text');
  return input.map((item: unknown, index) => {
    const param = `input[${index}]`;
    return { part: readPart(item, param), param };
  });
}

function readPart(item: unknown, param: string): EmbeddingPart {
  if (typeof item === 'string') return { type: 'text', text: item };
  if (isTokens(item)) return { type: 'tokens', tokens: item };
  // Some compatible servers embed images, which they take as objects.
  if (isJsonObject(item)) return { type: 'other', name: 'an object' };
  throw invalid(param, 'must be a string or an array of token numbers');
}

function isTokens(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function readDimensions({ dimensions }: JsonObject): number | undefined {
  if (!isGiven(dimensions)) return undefined;
  if (typeof dimensions !== 'number' || !Number.isInteger(dimensions)) {
    throw invalid('dimensions', 'must be a whole number');
  }
  return dimensions;
}

function readEncoding({ encoding_format: format }: JsonObject): EmbeddingRequest['encoding'] {
  if (!isGiven(format) || format === 'float') return 'numbers';
  return format === 'base64' ? 'base64' : 'other';
}

/** `null` means the same as absent. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function invalid(field: string, complaint: string): GatewayError {
  const subject = field === '' ? 'The request body' : `\`${field}\``;
  return new GatewayError('invalid_request', `${subject} ${complaint}.`, { param: field });
}
