import {
  type ChatRequest,
  type OutputFormat,
  REASONING_EFFORTS,
  type Reasoning,
  type ReasoningEffort,
} from '../../chat/request.ts';
import { isJsonObject, withoutUndefined } from '../../lib/json.ts';
import type { RequestPath } from '../dialect.ts';
import { createExtras, type Extras } from '../extras.ts';
import { invalidField, readField } from './field.ts';
import { parseMessage, parseSystem } from './parse-content.ts';
import { parseToolChoice, parseTools } from './tools.ts';
import { DIALECT, wireBudgetTokens, wireJsonSchemaFormat, wireMaxTokens, wireRequest } from './wire.ts';

/** Request headers that belong to the format. */
export const HEADERS = ['anthropic-version', 'anthropic-beta'] as const;

const KNOWN_FIELDS = [
  'model',
  'max_tokens',
  'messages',
  'system',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'metadata',
  'service_tier',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'output_format',
];

/** A request of `POST /v1/messages`. Throws `invalid_request` with the field's name. */
export function parseRequest(body: unknown, path: RequestPath): ChatRequest {
  if (!isJsonObject(body)) throw invalidField('', 'expected an object');
  const wire = readField(wireRequest, body, '');
  const model = wire.model ?? path.model;
  if (!model) throw invalidField('model', 'expected string, received undefined');
  const extras = createExtras();
  extras.keepRest('', body, KNOWN_FIELDS);
  extras.keepRest('metadata', wire.metadata, ['user_id']);
  // Beta features change what the other fields mean, so they are part of the question.
  extras.keep('anthropic-beta', path.headers?.['anthropic-beta']);
  const messages = wire.messages.map((value, index) => parseMessage({ value, path: `messages[${index}]`, extras }));

  return {
    ...withoutUndefined({
      model,
      stream: wire.stream ?? path.stream ?? false,
      // This wire always tells the usage of a stream.
      wantsStreamUsage: true,
      system: parseSystem({ value: wire.system, path: 'system', extras }),
      messages,
      tools: parseTools(wire.tools ?? [], extras),
      ...parseToolChoice(wire.tool_choice),
      output: parseOutput(body, extras),
      reasoning: parseReasoning(body, extras),
      maxOutputTokens: readMaxTokens(body.max_tokens),
      temperature: wire.temperature ?? undefined,
      topP: wire.top_p ?? undefined,
      topK: wire.top_k ?? undefined,
      stop: wire.stop_sequences ?? [],
      choices: 1,
      user: wire.metadata?.user_id ?? undefined,
      serviceTier: wire.service_tier ?? undefined,
    }),
    extras: extras.toObject(),
    original: { dialect: DIALECT, body, headers: pickHeaders(path.headers ?? {}) },
  };
}

function readMaxTokens(value: unknown): number {
  return readField(wireMaxTokens, value ?? undefined, 'max_tokens');
}

function parseOutput(body: Record<string, unknown>, extras: Extras): OutputFormat | undefined {
  const config = isJsonObject(body.output_config) ? body.output_config : {};
  extras.keepRest('output_config', config, ['effort', 'format']);
  // `output_format` is the older, beta spelling.
  const [format, path] = config.format
    ? [config.format, 'output_config.format']
    : [body.output_format, 'output_format'];
  if (format === null || format === undefined) return undefined;
  if (isJsonObject(format) && format.type !== 'json_schema') {
    extras.keep(path, format);
    return undefined;
  }
  const { schema } = readField(wireJsonSchemaFormat, format, path);
  extras.keepRest(path, format, ['type', 'schema']);
  return { type: 'json-schema', schema };
}

function parseReasoning(body: Record<string, unknown>, extras: Extras): Reasoning | undefined {
  const effort = parseEffort(body.output_config, extras);
  const thinking = body.thinking;
  if (!isJsonObject(thinking)) return effort ? { effort } : undefined;
  extras.keepRest('thinking', thinking, ['type', 'budget_tokens', 'display']);
  const { display } = thinking;
  switch (thinking.type) {
    case 'enabled':
      return withoutUndefined({
        effort,
        budgetTokens: readField(wireBudgetTokens, thinking.budget_tokens, 'thinking.budget_tokens'),
        includeThoughts: display !== 'omitted',
      });
    case 'adaptive':
      return withoutUndefined({
        effort,
        isAdaptive: true,
        includeThoughts: typeof display === 'string' ? display !== 'omitted' : undefined,
      });
    case 'disabled':
      // Here effort also governs how much is written, so it is no contradiction, but it is no thinking either.
      extras.keep('output_config.effort', effort);
      return { effort: 'none', budgetTokens: 0 };
    default:
      extras.keep('thinking', thinking);
      return effort ? { effort } : undefined;
  }
}

function parseEffort(config: unknown, extras: Extras): ReasoningEffort | undefined {
  if (!isJsonObject(config)) return undefined;
  const effort = REASONING_EFFORTS.find((known) => known === config.effort);
  if (!effort) extras.keep('output_config.effort', config.effort);
  return effort;
}

function pickHeaders(headers: Record<string, string>): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') picked[name] = value;
  }
  return picked;
}
