import { createHash } from 'node:crypto';
import type { ChatRequest, OutputFormat } from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import { type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { RenderedRequest, Target } from '../dialect.ts';
import { renderServiceTier } from '../openai-common/service-tier.ts';
import { DIALECT } from './dialect-id.ts';
import { INCLUDE_LOGPROBS } from './parse-request.ts';
import { renderReasoning, wantsThoughts } from './reasoning.ts';
import { withoutForeign } from './reasoning-item.ts';
import { renderInput } from './render-input.ts';
import { restoreExtras } from './restore-extras.ts';
import { isStrictSchema } from './strict-schema.ts';
import { renderTools } from './tools.ts';

const LEAST_OUTPUT_TOKENS = 16;
const LONGEST_USER = 64;
const NOT_IN_A_NAME = /[^a-zA-Z0-9_-]/g;
const INCLUDE_THOUGHTS = 'reasoning.encrypted_content';

/**
 * The client's own body for `target`: another model, and without the reasoning items that we made for other vendors,
 * for these OpenAI refuses. All others stay as they are.
 */
export function retarget(body: JsonObject, target: Target): JsonObject {
  const own: JsonObject = { ...body, model: target.model };
  const input = withoutForeign(body.input);
  if (input !== body.input) own.input = input;
  if ((body.stream === true) === target.stream) return own;
  own.stream = target.stream;
  // Options of a stream are refused where there is none.
  if (!target.stream) delete own.stream_options;
  return own;
}

/**
 * The body for a client of another dialect. Nothing is stored: its conversation comes whole with each request, so
 * thoughts are asked for sealed. Throws `unsupported` for several answers and for media that cannot be carried.
 */
export function renderRequest(request: ChatRequest, target: Target): RenderedRequest {
  if (request.choices > 1) {
    throw new GatewayError('unsupported', 'The chosen model gives one answer to a request; several were asked for.');
  }
  const isOwn = request.original.dialect === DIALECT;
  const { dropped: fromInput, ...input } = renderInput(request, target);
  const { fields: tools, dropped: fromTools } = renderTools(request);
  const dropped = [...fromInput, ...fromTools];

  const body: JsonObject = {
    model: target.model,
    ...input,
    ...tools,
    ...renderOutput(request, dropped),
    ...renderThinking(request, target, dropped),
    ...renderSampling(request, target, dropped),
    ...renderAbout(request, dropped),
    ...(isOwn ? {} : { store: false }),
    ...renderInclude(request, target),
    ...(target.stream ? { stream: true } : {}),
  };
  if (isOwn) restoreExtras(body, request.extras);
  else nameTheUnsayable(request, dropped);
  return { body, dropped: [...new Set(dropped)] };
}

function renderOutput({ output, original }: ChatRequest, dropped: string[]): JsonObject {
  if (!output) return {};
  return { text: { format: original.dialect === DIALECT ? ownFormat(output) : foreignFormat(output, dropped) } };
}

function ownFormat(output: OutputFormat): JsonObject {
  if (output.type === 'json') return { type: 'json_object' };
  const { name, description, schema, strict } = output;
  return withoutUndefined({ type: 'json_schema', name, description, schema, strict });
}

/**
 * Other vendors enforce every schema, so one that OpenAI can enforce is strict here, unless the client says otherwise.
 */
function foreignFormat(output: OutputFormat, dropped: string[]): JsonObject {
  if (output.type === 'json') return { type: 'json_object' };
  const { name, description, schema } = output;
  const strict = output.strict !== false && isStrictSchema(schema);
  if (output.strict && !strict) dropped.push('output.strict');
  const legal = (name ?? '').replace(NOT_IN_A_NAME, '_').slice(0, 64) || 'answer';
  return withoutUndefined({ type: 'json_schema', name: legal, description, schema, strict });
}

function renderThinking({ reasoning, original }: ChatRequest, target: Target, dropped: string[]): JsonObject {
  if (!reasoning) return {};
  if (original.dialect === DIALECT) {
    const { effort, includeThoughts } = reasoning;
    return { reasoning: withoutUndefined({ effort, summary: includeThoughts ? 'auto' : undefined }) };
  }
  if (target.reasoning.supported) return withoutUndefined({ reasoning: renderReasoning(reasoning, target) });
  if (wantsThoughts(reasoning)) dropped.push('reasoning');
  return {};
}

/** Numbers that steer the writing. Reasoning models answer 400 to them; 1 is what any model does by itself. */
function renderSampling(request: ChatRequest, target: Target, dropped: string[]): JsonObject {
  const { temperature, topP, topLogprobs } = request;
  const isOwn = request.original.dialect === DIALECT;
  const limit = { max_output_tokens: renderLimit(request, target, dropped) };
  if (!target.reasoning.supported || isOwn) {
    return withoutUndefined({ ...limit, temperature, top_p: topP, top_logprobs: topLogprobs || undefined });
  }
  if (temperature !== undefined && temperature !== 1) dropped.push('temperature');
  if (topP !== undefined && topP !== 1) dropped.push('topP');
  if (topLogprobs !== undefined) dropped.push('logprobs');
  return withoutUndefined(limit);
}

/** A model cannot write more than its limit, and OpenAI refuses to be asked for less than a few words. */
function renderLimit(request: ChatRequest, target: Target, dropped: string[]): number | undefined {
  const { maxOutputTokens: wanted, original } = request;
  if (wanted === undefined || original.dialect === DIALECT) return wanted;
  if (wanted < LEAST_OUTPUT_TOKENS) dropped.push('maxOutputTokens');
  return Math.min(Math.max(wanted, LEAST_OUTPUT_TOKENS), target.maxOutputTokens ?? Number.POSITIVE_INFINITY);
}

function renderAbout(request: ChatRequest, dropped: string[]): JsonObject {
  const { user, serviceTier, metadata, extras, original } = request;
  if (original.dialect === DIALECT) {
    const isOther = extras.safety_identifier === undefined || original.body.user === user;
    return withoutUndefined({ user: isOther ? user : undefined, service_tier: serviceTier, metadata });
  }
  const tier = renderServiceTier(serviceTier);
  if (serviceTier !== undefined && tier === undefined) dropped.push('serviceTier');
  return withoutUndefined({ user: user && renderUserId(user), service_tier: tier, metadata });
}

/** OpenAI refuses longer ones; a hash tells end users apart as well. */
function renderUserId(user: string): string {
  return user.length <= LONGEST_USER ? user : createHash('sha256').update(user).digest('hex');
}

function renderInclude({ topLogprobs, original, extras }: ChatRequest, target: Target): JsonObject {
  // The client's own list is among the extras, unless it asks for log probabilities alone.
  if (original.dialect === DIALECT) {
    return topLogprobs !== undefined && !extras.include ? { include: [INCLUDE_LOGPROBS] } : {};
  }
  if (target.reasoning.supported) return { include: [INCLUDE_THOUGHTS] };
  return topLogprobs === undefined ? {} : { include: [INCLUDE_LOGPROBS] };
}

/**
 * There are no stop sequences here. Cutting the text ourselves would let the model write on unseen, at the client's
 * cost, and hide calls behind the cut, so they are named instead.
 */
function nameTheUnsayable(request: ChatRequest, dropped: string[]): void {
  if (request.stop.length > 0) dropped.push('stop');
  if (request.seed !== undefined) dropped.push('seed');
  if (request.topK !== undefined) dropped.push('topK');
  // 0 is how a model behaves without them.
  if (request.presencePenalty) dropped.push('presencePenalty');
  if (request.frequencyPenalty) dropped.push('frequencyPenalty');
  dropped.push(...Object.keys(request.extras));
  // What another dialect continues, this one answers.
  if (request.messages.at(-1)?.role === 'assistant') dropped.push('prefill');
}
