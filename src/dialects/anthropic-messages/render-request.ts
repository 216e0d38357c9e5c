import type { ChatRequest } from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import { type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { RenderedRequest, Target } from '../dialect.ts';
import { tryWriteJson } from './arguments.ts';
import { renderText, renderTurns } from './render-content.ts';
import { type RenderedReasoning, renderReasoning } from './render-reasoning.ts';
import { createRendering, type Rendering } from './rendering.ts';
import { strictSchema } from './strict-schema.ts';
import { renderTools } from './tools.ts';
import { DIALECT } from './wire.ts';

/** `max_tokens` is demanded; this stands for it where neither the client nor the catalogue tells a limit. */
const DEFAULT_MAX_TOKENS = 4096;
const JSON_INSTRUCTION =
  'Answer with one valid JSON object and nothing else: no text before or after it and no code fence.';
const SERVICE_TIERS: Record<string, string> = {
  auto: 'auto',
  default: 'standard_only',
  standard: 'standard_only',
  standard_only: 'standard_only',
};

/** The request for a client of another dialect. */
export function renderRequest(request: ChatRequest, target: Target): RenderedRequest {
  if (request.choices > 1) {
    throw new GatewayError('unsupported', 'The chosen model gives one answer to a request; several were asked for.');
  }
  const rendering = createRendering(request.original.dialect);
  // Cache breakpoints are counted in this order: tools, system, messages.
  const { tools, tool_choice } = renderTools(request, rendering);
  const { format, instruction } = renderOutput(request, rendering);
  const system = renderSystem(request, instruction, rendering);
  const turns = renderTurns(request.messages, rendering);
  if (turns.length === 0) {
    throw new GatewayError('invalid_request', 'The conversation holds nothing the model could read.', {
      param: 'messages',
    });
  }
  const maxTokens = chooseMaxTokens(request, target);
  const reasoning = renderReasoning({ request, target, maxTokens, turns, toolChoice: tool_choice, rendering });
  const body = withoutUndefined({
    model: target.model,
    max_tokens: maxTokens,
    stream: target.stream ? true : undefined,
    tools,
    tool_choice,
    system: system.length > 0 ? system : undefined,
    messages: turns,
    thinking: reasoning.thinking,
    output_config: renderOutputConfig(reasoning.effort, format),
    ...renderSampling(request, target, { reasoning, rendering }),
    stop_sequences: renderStop(request, rendering),
    metadata: request.user ? { user_id: request.user } : undefined,
    service_tier: renderServiceTier(request, rendering),
  });
  if (rendering.breakpoints.trim()) rendering.drop('cache');
  nameTheUnsayable(request, rendering);
  return { body, dropped: rendering.dropped() };
}

/** A model cannot write more than its limit, so asking for more only earns a refusal. */
function chooseMaxTokens({ maxOutputTokens }: ChatRequest, target: Target): number {
  if (maxOutputTokens === undefined) return target.maxOutputTokens ?? DEFAULT_MAX_TOKENS;
  return Math.min(maxOutputTokens, target.maxOutputTokens ?? maxOutputTokens);
}

function renderSystem(request: ChatRequest, instruction: string | undefined, rendering: Rendering): JsonObject[] {
  const blocks = request.system.flatMap((part) => renderText(part, rendering));
  return instruction ? [...blocks, { type: 'text', text: instruction }] : blocks;
}

/** An enforced schema, or an instruction where the wire has no such mode. */
function renderOutput({ output }: ChatRequest, rendering: Rendering): { format?: JsonObject; instruction?: string } {
  if (!output) return {};
  if (output.type === 'json') return { instruction: JSON_INSTRUCTION };
  const { schema, isLoose } = strictSchema(output.schema);
  if (isLoose) {
    rendering.drop('output.schema');
    return {
      instruction: `${JSON_INSTRUCTION} It must match this JSON Schema: ${tryWriteJson(output.schema) ?? '{}'}`,
    };
  }
  const described = output.description && schema.description === undefined;
  return {
    format: { type: 'json_schema', schema: described ? { ...schema, description: output.description } : schema },
  };
}

function renderOutputConfig(effort: string | undefined, format: JsonObject | undefined): JsonObject | undefined {
  if (!effort && !format) return undefined;
  return withoutUndefined({ effort, format });
}

interface SamplingContext {
  reasoning: RenderedReasoning;
  rendering: Rendering;
}

/** Temperature and its kin, in the ranges of this wire, which are narrower than those of others. */
function renderSampling(request: ChatRequest, target: Target, { reasoning, rendering }: SamplingContext): JsonObject {
  const { temperature, topP, topK } = request;
  if (refusesSampling(target, reasoning)) {
    // 1 is what the model uses by itself.
    if (temperature !== undefined && temperature !== 1) rendering.drop('temperature');
    if (topP !== undefined && topP !== 1) rendering.drop('topP');
    if (topK !== undefined) rendering.drop('topK');
    return {};
  }
  const clamped = temperature === undefined ? undefined : Math.min(1, Math.max(0, temperature));
  if (clamped !== temperature) rendering.drop('temperature');
  if (clamped === undefined || topP === undefined) {
    return withoutUndefined({ temperature: clamped, top_p: topP, top_k: topK });
  }
  // Newer models refuse both at once; 1 is the default of either, so leaving that one out changes nothing.
  if (clamped === 1) return withoutUndefined({ top_p: topP, top_k: topK });
  if (topP !== 1) rendering.drop('topP');
  return withoutUndefined({ temperature: clamped, top_k: topK });
}

/** The models that brought the effort `xhigh` refuse sampling parameters at all; the others do while they think. */
function refusesSampling({ reasoning }: Target, { thinking }: RenderedReasoning): boolean {
  const isThinking = thinking !== undefined && thinking.type !== 'disabled';
  return isThinking || reasoning.required || reasoning.efforts.includes('xhigh');
}

/** Sequences of nothing but white space are refused. */
function renderStop({ stop }: ChatRequest, rendering: Rendering): string[] | undefined {
  const visible = stop.filter((sequence) => sequence.trim() !== '');
  if (visible.length < stop.length) rendering.drop('stop');
  return visible.length > 0 ? visible : undefined;
}

function renderServiceTier({ serviceTier }: ChatRequest, rendering: Rendering): string | undefined {
  if (!serviceTier) return undefined;
  const tier = Object.hasOwn(SERVICE_TIERS, serviceTier) ? SERVICE_TIERS[serviceTier] : undefined;
  if (!tier) rendering.drop('serviceTier');
  return tier;
}

function nameTheUnsayable(request: ChatRequest, { drop }: Rendering): void {
  if (request.topLogprobs !== undefined) drop('logprobs');
  if (request.seed !== undefined) drop('seed');
  // 0 is how a model behaves without them.
  if (request.presencePenalty) drop('presencePenalty');
  if (request.frequencyPenalty) drop('frequencyPenalty');
  if (request.metadata && Object.keys(request.metadata).length > 0) drop('metadata');
  if (request.original.dialect !== DIALECT) for (const name of Object.keys(request.extras)) drop(name);
}
