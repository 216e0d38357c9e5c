import type { ChatRequest, OutputFormat } from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject, withoutUndefined } from '../../lib/json.ts';
import type { RenderedRequest, Target } from '../dialect.ts';
import { renderReasoning, wantsThinking } from './reasoning.ts';
import { renderContents, renderSystem } from './render-content.ts';
import { renderToolChoice, renderTools } from './tools.ts';
import { DIALECT_ID } from './wire.ts';

const MAX_STOP_SEQUENCES = 5;
const MAX_SEED = 2 ** 31;
/** How other vendors call the tiers: https://ai.google.dev/gemini-api/docs/flex-inference */
const TIERS: Record<string, string> = { flex: 'flex', priority: 'priority', default: 'standard', standard: 'standard' };

/** Throws `unsupported` where leaving something out would change what was asked. */
export function renderRequest(request: ChatRequest, target: Target): RenderedRequest {
  const dropped = new Set<string>();
  const context = { dropped, hasMediaResponses: target.reasoning.efforts.length > 0 };
  const extras = readExtras(request, dropped);
  const system = renderSystem(request.system, context);
  const contents = renderContents(request.messages, context);
  if (contents.length === 0 && system.length === 0) {
    throw new GatewayError('invalid_request', 'The conversation holds nothing the model could read.', {
      param: 'messages',
    });
  }
  noteLostFields(request, dropped);

  const tools = renderTools(request.tools, dropped);
  const toolChoice = tools ? renderToolChoice(request.toolChoice) : undefined;
  const generationConfig = { ...objectAt(extras, 'generationConfig'), ...renderConfig(request, target, dropped) };
  const toolConfig = { ...objectAt(extras, 'toolConfig'), ...toolChoice };
  const body = withoutUndefined({
    // Other vendors answer instructions alone; Google wants something said to it.
    contents: contents.length > 0 ? contents : [{ role: 'user', parts: system }],
    systemInstruction: contents.length > 0 && system.length > 0 ? { parts: system } : undefined,
    ...extras,
    tools,
    toolConfig: unlessEmpty(toolConfig),
    generationConfig: unlessEmpty(generationConfig),
    serviceTier: renderTier(request.serviceTier, dropped),
  });
  return { body, dropped: [...dropped] };
}

function renderConfig(request: ChatRequest, target: Target, dropped: Set<string>): JsonObject {
  const isThinking = target.reasoning.supported || target.reasoning.required;
  const { reasoning } = request;
  if (reasoning && !isThinking && wantsThinking(reasoning)) dropped.add('reasoning');
  return withoutUndefined({
    maxOutputTokens: renderLimit(request.maxOutputTokens, target.maxOutputTokens),
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    candidateCount: request.choices > 1 ? request.choices : undefined,
    stopSequences: renderStop(request.stop),
    seed: renderSeed(request.seed, dropped),
    presencePenalty: renderPenalty('presencePenalty', request.presencePenalty),
    frequencyPenalty: renderPenalty('frequencyPenalty', request.frequencyPenalty),
    responseLogprobs: request.topLogprobs === undefined ? undefined : true,
    logprobs: request.topLogprobs || undefined,
    ...renderOutput(request.output),
    thinkingConfig: isThinking ? renderReasoning(reasoning, target.reasoning) : undefined,
  });

  // Models that think answer 400 to any penalty but 0, which is the default.
  function renderPenalty(name: string, penalty: number | undefined): number | undefined {
    if (!penalty) return undefined;
    if (isThinking) dropped.add(name);
    return isThinking ? undefined : penalty;
  }
}

function renderOutput(output: OutputFormat | undefined): JsonObject {
  if (!output) return {};
  const responseMimeType = 'application/json';
  return output.type === 'json' ? { responseMimeType } : { responseMimeType, responseJsonSchema: output.schema };
}

function renderStop(stop: string[]): string[] | undefined {
  if (stop.length > MAX_STOP_SEQUENCES) {
    throw new GatewayError('unsupported', `This model takes at most ${MAX_STOP_SEQUENCES} stop sequences.`, {
      param: 'stop',
    });
  }
  return stop.length > 0 ? stop : undefined;
}

function renderSeed(seed: number | undefined, dropped: Set<string>): number | undefined {
  if (seed === undefined || (Number.isInteger(seed) && seed >= -MAX_SEED && seed < MAX_SEED)) return seed;
  dropped.add('seed');
  return undefined;
}

function renderTier(tier: string | undefined, dropped: Set<string>): string | undefined {
  if (tier === undefined || tier === 'auto') return undefined;
  if (!Object.hasOwn(TIERS, tier)) dropped.add('serviceTier');
  return Object.hasOwn(TIERS, tier) ? TIERS[tier] : undefined;
}

/** What the client of this dialect sent beyond our words; what another dialect has beyond them means nothing here. */
function readExtras({ original, extras }: ChatRequest, dropped: Set<string>): JsonObject {
  if (original.dialect === DIALECT_ID) return extras;
  for (const name of Object.keys(extras)) dropped.add(name);
  return {};
}

function noteLostFields(request: ChatRequest, dropped: Set<string>): void {
  if (request.parallelToolCalls === false) dropped.add('parallelToolCalls');
  if (request.user !== undefined) dropped.add('user');
  if (request.metadata && Object.keys(request.metadata).length > 0) dropped.add('metadata');
}

/** To Google, 0 means that there is no limit; where it means none at all, 1 is the nearest. */
function renderLimit(wanted: number | undefined, most: number | null): number | undefined {
  return wanted === undefined ? undefined : Math.max(1, Math.min(wanted, most ?? wanted));
}

function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

function unlessEmpty(object: JsonObject): JsonObject | undefined {
  return Object.keys(object).length > 0 ? object : undefined;
}
