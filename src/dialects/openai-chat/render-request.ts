import { type ChatRequest, type OutputFormat, REASONING_EFFORTS } from '../../chat/request.ts';
import { type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { RenderedRequest, Target } from '../dialect.ts';
import { renderEffort } from '../openai-common/effort.ts';
import { renderServiceTier } from '../openai-common/service-tier.ts';
import { DIALECT } from './dialect-id.ts';
import { renderMessages } from './render-messages.ts';
import { renderTools } from './tools.ts';

const MOST_STOPS = 4;
const NOT_IN_A_NAME = /[^a-zA-Z0-9_-]/g;

/** The client's own body for `target`: another model, and token counts in a stream whether or not it asked for them. */
export function retarget(body: JsonObject, target: Target): JsonObject {
  const { stream_options: options, ...rest } = body;
  if (!target.stream) return { ...(body.stream === true ? { ...rest, stream: false } : body), model: target.model };
  const asked = typeof options === 'object' && options !== null ? options : {};
  return { ...body, model: target.model, stream: true, stream_options: { ...asked, include_usage: true } };
}

/** The body for a client of another dialect. Throws `unsupported` for media that Chat cannot carry. */
export function renderRequest(request: ChatRequest, target: Target): RenderedRequest {
  const isOwn = request.original.dialect === DIALECT;
  const { messages, dropped: fromMessages } = renderMessages(request, target);
  const { fields: tools, dropped: fromTools } = renderTools(request);
  const sampling = renderSampling(request, target);
  const about = renderAbout(request, target);
  const dropped = [...fromMessages, ...fromTools, ...sampling.dropped, ...about.dropped];
  if (!isOwn) dropped.push(...Object.keys(request.extras));
  // What another dialect continues, Chat answers.
  if (!isOwn && request.messages.at(-1)?.role === 'assistant') dropped.push('prefill');

  const body = {
    model: target.model,
    messages,
    ...tools,
    ...sampling.fields,
    ...about.fields,
    ...(isOwn ? request.extras : {}),
    ...(target.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
  return { body, dropped: [...new Set(dropped)] };
}

/** Numbers that steer the writing. Reasoning models answer 400 to most of them. */
function renderSampling(request: ChatRequest, target: Target): RenderedFields {
  const { temperature, topP, presencePenalty, frequencyPenalty, topLogprobs, stop } = request;
  const plain = withoutUndefined({
    temperature,
    topP,
    presencePenalty,
    frequencyPenalty,
    logprobs: topLogprobs,
    stop: stop.length > 0 ? stop.slice(0, MOST_STOPS) : undefined,
  });
  const dropped = target.reasoning.supported ? Object.keys(plain) : [];
  if (request.topK !== undefined) dropped.push('topK');
  if (stop.length > MOST_STOPS) dropped.push('stop');
  const fields = withoutUndefined({
    temperature,
    top_p: topP,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
    stop: plain.stop,
    logprobs: topLogprobs === undefined ? undefined : true,
    top_logprobs: topLogprobs || undefined,
  });
  const always = withoutUndefined({ seed: request.seed, n: request.choices > 1 ? request.choices : undefined });
  return { fields: { ...(target.reasoning.supported ? {} : fields), ...always }, dropped };
}

interface RenderedFields {
  fields: JsonObject;
  dropped: string[];
}

function renderAbout(request: ChatRequest, target: Target): RenderedFields {
  const { reasoning, serviceTier, metadata } = request;
  const dropped: string[] = [];
  const effort = reasoning && target.reasoning.supported ? renderEffort(reasoning, target) : undefined;
  if (reasoning && !target.reasoning.supported && wantsThoughts(reasoning)) dropped.push('reasoning');
  const tier = renderServiceTier(serviceTier);
  if (serviceTier !== undefined && tier === undefined) dropped.push('serviceTier');
  // OpenAI takes metadata for stored replies only, and other dialects store none.
  const keepsMetadata = request.original.dialect === DIALECT;
  if (metadata && !keepsMetadata) dropped.push('metadata');

  const limit = capped(request.maxOutputTokens, target.maxOutputTokens);
  const fields = withoutUndefined({
    [target.reasoning.supported ? 'max_completion_tokens' : 'max_tokens']: limit,
    reasoning_effort: effort,
    response_format: request.output && renderOutput(request.output),
    user: request.user,
    service_tier: tier,
    metadata: keepsMetadata ? metadata : undefined,
  });
  return { fields, dropped };
}

function wantsThoughts({ effort, budgetTokens, isAdaptive }: NonNullable<ChatRequest['reasoning']>): boolean {
  return (effort ?? REASONING_EFFORTS[0]) !== 'none' || (budgetTokens ?? 0) !== 0 || isAdaptive === true;
}

/** A client that knows another model may allow more than this one can write; and one that allows nothing is refused. */
function capped(wanted: number | undefined, most: number | null): number | undefined {
  return wanted === undefined ? undefined : Math.max(1, Math.min(wanted, most ?? wanted));
}

function renderOutput(output: OutputFormat): JsonObject {
  if (output.type === 'json') return { type: 'json_object' };
  const { name, description, schema, strict } = output;
  const legal = (name ?? '').replace(NOT_IN_A_NAME, '_').slice(0, 64) || 'answer';
  return { type: 'json_schema', json_schema: withoutUndefined({ name: legal, description, schema, strict }) };
}
