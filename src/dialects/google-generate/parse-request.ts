import type { z } from 'zod';
import type { ChatRequest, OutputFormat } from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { RequestPath } from '../dialect.ts';
import { isTooDeep } from '../too-deep.ts';
import { parseContents, parseSystem } from './parse-content.ts';
import { parseReasoning } from './reasoning.ts';
import { parseSchema } from './schema.ts';
import { parseToolChoice, parseTools } from './tools.ts';
import { DIALECT_ID, type WireGenerationConfig, type WireRequest, wireRequest } from './wire.ts';

/** Parts of `generationConfig` that have a word of ours; what else it holds stays in `extras`. */
const KNOWN_CONFIG = [
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'candidateCount',
  'stopSequences',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'responseLogprobs',
  'logprobs',
  'thinkingConfig',
];
const OUTPUT_CONFIG = ['responseMimeType', 'responseSchema', 'responseJsonSchema'];

/** A `generateContent` request. Its model and whether it streams stand in the URL. */
export function parseRequest(body: unknown, path: RequestPath): ChatRequest {
  if (!isJsonObject(body)) throw new GatewayError('invalid_request', 'The request body must be a JSON object.');
  if (isTooDeep(body)) throw new GatewayError('invalid_request', 'The request body is nested too deeply.');
  const wire = parseWire(body);
  const {
    model: _model,
    contents,
    systemInstruction,
    tools,
    toolConfig,
    generationConfig,
    serviceTier,
    ...rest
  } = wire;
  if (contents.length === 0) {
    throw new GatewayError('invalid_request', '`contents` must hold at least one turn.', { param: 'contents' });
  }
  const config = generationConfig ?? {};
  const output = parseOutput(config);
  return withoutUndefined({
    model: readModel(wire, path),
    stream: path.stream ?? false,
    wantsStreamUsage: true,
    system: parseSystem(systemInstruction),
    messages: parseContents(contents),
    tools: parseTools(tools ?? []),
    toolChoice: parseToolChoice(toolConfig),
    output,
    reasoning: parseReasoning(config.thinkingConfig),
    ...parseSampling(config),
    serviceTier: serviceTier || undefined,
    extras: collectExtras(
      rest,
      toolConfig,
      without(config, output ? [...KNOWN_CONFIG, ...OUTPUT_CONFIG] : KNOWN_CONFIG),
    ),
    // A cache that Google keeps means nothing to anybody else.
    bound: body.cachedContent || body.cached_content ? ['cachedContent'] : undefined,
    original: { dialect: DIALECT_ID, body, headers: {} },
  });
}

function parseWire(body: JsonObject): WireRequest {
  const parsed = wireRequest.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = issue ? pathOf(issue.path) : '';
  const problem = issue && isMissing(body, issue) ? 'is required' : (issue?.message ?? 'is not valid');
  throw new GatewayError('invalid_request', `\`${param}\` ${problem}.`, { param });
}

function isMissing(body: JsonObject, issue: z.core.$ZodIssue): boolean {
  return issue.path.length === 1 && !(String(issue.path[0]) in body);
}

function pathOf(path: PropertyKey[]): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${String(step)}`))
    .join('');
}

function readModel({ model }: WireRequest, path: RequestPath): string {
  const name = (path.model || model || '').replace(/^models\//, '');
  if (name !== '') return name;
  throw new GatewayError('invalid_request', 'The URL must name a model.', { param: 'model' });
}

function parseSampling(config: WireGenerationConfig) {
  return {
    maxOutputTokens: config.maxOutputTokens || undefined,
    temperature: config.temperature ?? undefined,
    topP: config.topP ?? undefined,
    topK: config.topK ?? undefined,
    presencePenalty: config.presencePenalty ?? undefined,
    frequencyPenalty: config.frequencyPenalty ?? undefined,
    seed: config.seed ?? undefined,
    stop: config.stopSequences ?? [],
    choices: config.candidateCount || 1,
    topLogprobs: config.responseLogprobs ? (config.logprobs ?? 0) : undefined,
  };
}

function parseOutput(config: WireGenerationConfig): OutputFormat | undefined {
  const { responseMimeType, responseSchema, responseJsonSchema } = config;
  // `text/x.enum` also comes with a schema, but its answer is a bare word and no JSON.
  if (responseMimeType && responseMimeType !== 'application/json') return undefined;
  if (responseJsonSchema) return { type: 'json-schema', schema: responseJsonSchema };
  if (responseSchema) return { type: 'json-schema', schema: parseSchema(responseSchema) };
  return responseMimeType ? { type: 'json' } : undefined;
}

function collectExtras(rest: JsonObject, toolConfig: WireRequest['toolConfig'], config: JsonObject): JsonObject {
  const extras = { ...rest };
  const tools = without(toolConfig ?? {}, ['functionCallingConfig']);
  if (Object.keys(tools).length > 0) extras.toolConfig = tools;
  if (Object.keys(config).length > 0) extras.generationConfig = config;
  return without(extras, []);
}

/** The object without the named fields, and without those that are null, which to Google means absent. */
function without(object: JsonObject, names: string[]): JsonObject {
  const kept = Object.entries(object).filter(([name, value]) => !names.includes(name) && value !== null);
  return Object.fromEntries(kept);
}
