import type { ChatRequest, OutputFormat } from '../../chat/request.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { RequestPath } from '../dialect.ts';
import { check, invalid } from '../openai-common/check.ts';
import { isShallow } from '../openai-common/json-text.ts';
import { DIALECT } from './dialect-id.ts';
import { parseMessages } from './parse-messages.ts';
import { knownEffort, parseReasoning } from './reasoning.ts';
import { parseToolChoice, parseTools } from './tools.ts';
import { WireRequest, WireSchemaFormat } from './wire.ts';

/**
 * A body of `POST /chat/completions`. Throws `invalid_request` with the field's name for what is missing or of the wrong
 * type among the fields we act on; whether their values are good is for the provider to say.
 */
export function parseRequest(body: unknown, path: RequestPath): ChatRequest {
  if (!isJsonObject(body)) throw invalid('', 'must be a JSON object');
  // It could be parsed, but not be written again for the provider.
  if (!isShallow(body)) throw invalid('', 'is nested too deeply');
  const wire = check(WireRequest, body);
  const model = path.model ?? wire.model;
  if (model === undefined) throw invalid('model', 'is required');

  return {
    model,
    stream: path.stream ?? wire.stream ?? false,
    wantsStreamUsage: wire.stream_options?.include_usage ?? false,
    ...parseMessages(wire.messages),
    tools: parseTools(wire),
    ...withoutUndefined({
      toolChoice: parseToolChoice(wire),
      parallelToolCalls: wire.parallel_tool_calls,
      output: wire.response_format && parseOutput(wire.response_format),
      reasoning: parseReasoning(wire.reasoning_effort, wire.reasoning),
      user: wire.user ?? wire.safety_identifier,
      serviceTier: wire.service_tier,
      metadata: wire.metadata && stringsOf(wire.metadata),
    }),
    ...parseSampling(wire),
    extras: extrasOf(body),
    original: { dialect: DIALECT, body, headers: {} },
  };
}

function parseSampling(wire: WireRequest) {
  const maxTokens = wire.max_completion_tokens ?? wire.max_tokens;
  return {
    ...withoutUndefined({
      maxOutputTokens: maxTokens === -1 ? undefined : maxTokens,
      temperature: wire.temperature,
      topP: wire.top_p,
      topK: wire.top_k,
      presencePenalty: wire.presence_penalty,
      frequencyPenalty: wire.frequency_penalty,
      seed: wire.seed,
      topLogprobs: wire.logprobs ? (wire.top_logprobs ?? 0) : undefined,
    }),
    stop: typeof wire.stop === 'string' ? [wire.stop] : (wire.stop ?? []),
    choices: wire.n ?? 1,
  };
}

function parseOutput(format: JsonObject): OutputFormat | undefined {
  if (format.type === 'json_object') return { type: 'json' };
  if (format.type !== 'json_schema') return undefined;
  const { schema, ...about } = check(WireSchemaFormat, format.json_schema, 'response_format.json_schema');
  return withoutUndefined({ type: 'json-schema' as const, schema: schema ?? {}, ...about });
}

function stringsOf(metadata: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}

/** The fields without a word of ours, and those whose value has none: a grammar as the output format, say. */
function extrasOf(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([field, value]) => !isWorded(field, value)));
}

function isWorded(field: string, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (field === 'reasoning_effort') return knownEffort(value) !== undefined;
  if (field === 'reasoning') return parseReasoning(undefined, value) !== undefined;
  if (field === 'response_format' && isJsonObject(value)) {
    return value.type === 'text' || value.type === 'json_object' || value.type === 'json_schema';
  }
  return Object.hasOwn(WireRequest.shape, field);
}
