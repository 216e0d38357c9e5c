import type { ChatRequest, OutputFormat } from '../../chat/request.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { RequestPath } from '../dialect.ts';
import { createExtras, type Extras } from '../extras.ts';
import { check, invalid } from '../openai-common/check.ts';
import { isShallow } from '../openai-common/json-text.ts';
import { DIALECT } from './dialect-id.ts';
import { parseInput } from './parse-input.ts';
import { parseReasoning } from './reasoning.ts';
import { statefulFields } from './stateful-fields.ts';
import { isWholeChoice, parseToolChoice } from './tool-choice.ts';
import { parseAddedTools, parseTools } from './tools.ts';
import { WireRequest, WireSchemaFormat } from './wire.ts';

/** Request headers of clients that go on to OpenAI. Lower-case. Codex says in one of them how its body is to be read. */
export const HEADERS = ['openai-beta', 'x-openai-internal-codex-responses-lite'] as const;

/** What `include` has to say for log probabilities to come. */
export const INCLUDE_LOGPROBS = 'message.output_text.logprobs';

/** What may be asked to be included and is, elsewhere too: log probabilities by a word of ours, thoughts from our memory. */
const UNDERSTOOD: unknown[] = [INCLUDE_LOGPROBS, 'reasoning.encrypted_content'];

/** Fields that bring or find the conversation where `input` is absent. */
const SOURCES = ['previous_response_id', 'conversation', 'prompt'];

const WORDED = new Set([
  'model',
  'input',
  'instructions',
  'stream',
  'tools',
  'parallel_tool_calls',
  'max_output_tokens',
  'temperature',
  'top_p',
  'top_logprobs',
  'user',
  'service_tier',
  'metadata',
]);

/**
 * A body of `POST /responses`. Throws `invalid_request` with the field's name for what is missing or of the wrong type
 * among the fields we act on; whether their values are good is for the provider to say. State kept at the provider
 * (`previous_response_id` and its like) stays in `extras`: see `statefulFields`.
 */
export function parseRequest(body: unknown, path: RequestPath): ChatRequest {
  if (!isJsonObject(body)) throw invalid('', 'must be a JSON object');
  // It could be parsed, but not be written again for the provider.
  if (!isShallow(body)) throw invalid('', 'is nested too deeply');
  const wire = check(WireRequest, body);
  const model = path.model ?? wire.model;
  if (model === undefined) throw invalid('model', 'is required');
  const input = inputOf(wire, body);

  const extras = createExtras();
  for (const [field, value] of Object.entries(body)) keepField(field, value, extras);
  const hasLogprobs = wire.include?.includes(INCLUDE_LOGPROBS) ?? false;
  if (!hasLogprobs && wire.top_logprobs) extras.keep('top_logprobs', wire.top_logprobs);
  const tools = [...parseTools(wire.tools ?? [], extras), ...parseAddedTools(input, extras)];
  const { system, messages } = parseInput(input, extras, tools);
  const request: ChatRequest = {
    model,
    stream: path.stream ?? wire.stream ?? false,
    wantsStreamUsage: true,
    system: [...instructionsOf(wire), ...system],
    messages,
    tools,
    ...withoutUndefined({
      toolChoice: wire.tool_choice === undefined ? undefined : parseToolChoice(wire.tool_choice),
      parallelToolCalls: wire.parallel_tool_calls,
      output: wire.text?.format && parseOutputFormat(wire.text.format),
      reasoning: parseReasoning(body.reasoning, extras),
      maxOutputTokens: wire.max_output_tokens,
      temperature: wire.temperature,
      topP: wire.top_p,
      topLogprobs: hasLogprobs ? (wire.top_logprobs ?? 0) : undefined,
      user: wire.user ?? wire.safety_identifier,
      serviceTier: wire.service_tier,
      metadata: wire.metadata && stringsOf(wire.metadata),
    }),
    stop: [],
    choices: 1,
    extras: extras.toObject(),
    original: { dialect: DIALECT, body, headers: pickHeaders(path.headers ?? {}) },
  };
  const bound = statefulFields(request);
  return { ...request, ...(bound.length > 0 && { bound }), ...(wantsLater(request) && { isDetached: true }) };
}

/** A background response that is not streamed is fetched from the provider afterwards. */
function wantsLater({ extras, stream }: ChatRequest): boolean {
  return extras.background === true && !stream;
}

function inputOf({ input }: WireRequest, body: JsonObject): string | unknown[] {
  const isBrought = SOURCES.some((field) => body[field] !== undefined && body[field] !== null);
  if (input === undefined && !isBrought) throw invalid('input', 'is required');
  if (Array.isArray(input) && input.length === 0 && !isBrought) throw invalid('input', 'must hold at least one item');
  return input ?? [];
}

function instructionsOf({ instructions }: WireRequest) {
  return instructions ? [{ type: 'text' as const, text: instructions }] : [];
}

function parseOutputFormat(format: JsonObject): OutputFormat | undefined {
  if (format.type === 'json_object') return { type: 'json' };
  if (format.type !== 'json_schema') return undefined;
  // Clients that come from Chat Completions nest the schema, as it is there.
  const isNested = isJsonObject(format.json_schema);
  const path = isNested ? 'text.format.json_schema' : 'text.format';
  const { schema, ...about } = check(WireSchemaFormat, isNested ? format.json_schema : format, path);
  return withoutUndefined({ type: 'json-schema' as const, schema: schema ?? {}, ...about });
}

/** Keeps a top-level field that has no word of ours, or more in it than our word says. */
function keepField(field: string, value: unknown, extras: Extras): void {
  if (WORDED.has(field)) return;
  switch (field) {
    case 'reasoning':
      // It is gathered where it is read.
      return;
    case 'text':
      if (!isJsonObject(value)) return;
      extras.keepRest('text', value, ['format']);
      if (isJsonObject(value.format) && !isFormat(value.format.type)) extras.keep('text.format', value.format);
      return;
    case 'tool_choice':
      if (!isWholeChoice(value)) extras.keep(field, value);
      return;
    case 'include': {
      const rest = Array.isArray(value) ? value.filter((name) => !UNDERSTOOD.includes(name)) : value;
      if (!Array.isArray(rest) || rest.length > 0) extras.keep(field, rest);
      return;
    }
    case 'store':
      // Not to be kept is what happens anyway wherever nothing is kept.
      if (value !== false) extras.keep(field, value);
      return;
    default:
      extras.keep(field, value);
  }
}

function isFormat(type: unknown): boolean {
  return type === 'text' || type === 'json_object' || type === 'json_schema';
}

function stringsOf(metadata: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}

function pickHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(HEADERS.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));
}
