import type { z } from 'zod';
import type { EmbeddingInput, EmbeddingPart, EmbeddingRequest } from '../../chat/embedding.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { EmbeddingPath } from '../embedding-dialect.ts';
import { DIALECT, type WireEmbedRequest, wireBatchRequest, wireEmbedRequest } from './wire.ts';

/** An `embedContent` request (`path.shape` is `one`) or a `batchEmbedContents` request. The model stands in the URL. */
export function parseRequest(body: unknown, { model, shape = 'many' }: EmbeddingPath): EmbeddingRequest {
  if (!isJsonObject(body)) throw new GatewayError('invalid_request', 'The request body must be a JSON object.');
  const requests = shape === 'one' ? [check(wireEmbedRequest, body)] : check(wireBatchRequest, body).requests;
  if (requests.length === 0) throw invalid('requests', 'must hold at least one request');
  const name = (model ?? '').replace(/^models\//, '');
  if (name === '') throw invalid('model', 'is required');
  return {
    model: name,
    shape,
    inputs: requests.map((request, index) => readInput(request, shape === 'one' ? '' : `requests[${index}].`)),
    encoding: 'numbers',
    extras: [...new Set(requests.flatMap(unwordedFields))],
    original: { dialect: DIALECT, body, headers: {} },
  };
}

function readInput(
  { content, outputDimensionality, embedContentConfig }: WireEmbedRequest,
  path: string,
): EmbeddingInput {
  const param = `${path}content`;
  if (content.parts.length === 0) throw invalid(`${param}.parts`, 'must hold at least one part');
  const dimensions = outputDimensionality ?? embedContentConfig?.outputDimensionality ?? undefined;
  return withoutUndefined({ parts: content.parts.map(readPart), dimensions, param });
}

function readPart(part: WireEmbedRequest['content']['parts'][number]): EmbeddingPart {
  if (typeof part.text === 'string') return { type: 'text', text: part.text };
  return { type: 'other', name: Object.keys(part)[0] ?? 'an empty part' };
}

/** What the vector is for (`taskType`, `title`), and whatever else the request asks. */
function unwordedFields({
  content: _,
  outputDimensionality: __,
  embedContentConfig,
  ...rest
}: WireEmbedRequest): string[] {
  const options = { ...rest, ...embedContentConfig };
  return Object.keys(options).filter((name) => name !== 'model' && name !== 'outputDimensionality');
}

function check<T extends z.ZodType>(schema: T, body: JsonObject): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const param = pathOf(issue?.path ?? []);
  const isMissing = issue && valueAt(body, issue.path) === undefined;
  throw invalid(param, isMissing ? 'is required' : (issue?.message ?? 'is not valid'));
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let value = body;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('');
}

function invalid(param: string, complaint: string): GatewayError {
  return new GatewayError('invalid_request', `\`${param}\` ${complaint}.`, { param });
}
