import { isJsonObject, type JsonObject } from '../../lib/json.ts';

// Replies are read by hand: a chunk comes for every word or two, and schemas this lax take ten times as long. Only what we
// use is named; a field that is missing, null or of another type is absent, and a list skips the items it cannot use.

/** A whole body or one chunk of a stream: they differ only in `message` and `delta`. */
export interface WireReply {
  id: string | undefined;
  model: string | undefined;
  choices: WireChoice[];
  usage: WireUsage | undefined;
  serviceTier: string | undefined;
}

export interface WireChoice {
  index: number | undefined;
  message: WireMessage | undefined;
  logprobs: WireLogprob[];
  finishReason: string | undefined;
  error: unknown;
}

export interface WireMessage {
  /** Text, or parts from Mistral's reasoning models. */
  content: unknown;
  refusal: string | undefined;
  /** `reasoning_content`, or `reasoning` as OpenRouter and newer vLLM say. */
  reasoning: string | undefined;
  reasoningDetails: readonly JsonObject[];
  /** The `function_call` of old is the only call there. */
  calls: WireCall[];
  annotations: readonly JsonObject[];
  transcript: string | undefined;
}

export interface WireCall {
  index: number | undefined;
  id: string | undefined;
  name: string | undefined;
  isCustom: boolean;
  /** Text, or the object itself from some servers. */
  arguments: unknown;
  extraContent: unknown;
}

interface WireLogprob {
  token: string;
  logprob: number;
  top: { token: string; logprob: number }[];
}

export interface WireUsage {
  prompt: number | undefined;
  completion: number | undefined;
  total: number | undefined;
  cacheRead: number | undefined;
  cacheWrite: number | undefined;
  audioInput: number | undefined;
  reasoning: number | undefined;
  audioOutput: number | undefined;
}

/** More choices than OpenAI makes; an index beyond is not believed. */
const MOST_CHOICES = 128;

export function readReply(wire: JsonObject): WireReply {
  // Groq's usage stands apart when nobody asked for it.
  const usage = isJsonObject(wire.usage) ? wire.usage : field(wire.x_groq, 'usage');
  return {
    id: text(wire.id),
    model: text(wire.model),
    choices: objects(wire.choices).map(readChoice),
    usage: isJsonObject(usage) ? readUsage(usage) : undefined,
    serviceTier: text(wire.service_tier),
  };
}

function readChoice(wire: JsonObject): WireChoice {
  const { index, delta, message, logprobs } = wire;
  const isIndex = typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < MOST_CHOICES;
  return {
    index: isIndex ? index : undefined,
    message: isJsonObject(delta) ? readMessage(delta) : isJsonObject(message) ? readWhole(message) : undefined,
    logprobs: isJsonObject(logprobs) ? [...readLogprobs(logprobs.content), ...readLogprobs(logprobs.refusal)] : [],
    finishReason: text(wire.finish_reason) || undefined,
    error: wire.error,
  };
}

/** In a whole message it is the place that tells one call from another. */
function readWhole(wire: JsonObject): WireMessage {
  const message = readMessage(wire);
  return { ...message, calls: message.calls.map((call, place) => ({ ...call, index: place })) };
}

function readMessage(wire: JsonObject): WireMessage {
  const legacy = wire.function_call;
  return {
    content: wire.content,
    refusal: text(wire.refusal),
    reasoning: text(wire.reasoning_content) || text(wire.reasoning),
    reasoningDetails: objects(wire.reasoning_details),
    calls: isJsonObject(legacy) ? [readCall({ index: 0, function: legacy })] : objects(wire.tool_calls).map(readCall),
    annotations: objects(wire.annotations),
    transcript: text(field(wire.audio, 'transcript')),
  };
}

function readCall(wire: JsonObject): WireCall {
  const isCustom = isJsonObject(wire.custom);
  const called = isCustom ? wire.custom : wire.function;
  return {
    index: typeof wire.index === 'number' ? wire.index : undefined,
    id: text(wire.id),
    name: text(field(called, 'name')),
    isCustom,
    arguments: field(called, isCustom ? 'input' : 'arguments'),
    extraContent: wire.extra_content,
  };
}

function readLogprobs(wire: unknown): WireLogprob[] {
  return objects(wire).map((token) => ({ ...readToken(token), top: objects(token.top_logprobs).map(readToken) }));
}

function readToken({ token, logprob }: JsonObject): { token: string; logprob: number } {
  return { token: text(token) ?? '', logprob: typeof logprob === 'number' ? logprob : 0 };
}

function readUsage(wire: JsonObject): WireUsage {
  const { prompt_tokens_details: prompt, completion_tokens_details: completion } = wire;
  return {
    prompt: count(wire.prompt_tokens),
    completion: count(wire.completion_tokens),
    total: count(wire.total_tokens),
    // The last three are where DeepSeek, Mistral and Moonshot count what came from their caches.
    cacheRead:
      count(field(prompt, 'cached_tokens')) ??
      count(wire.prompt_cache_hit_tokens) ??
      count(wire.num_cached_tokens) ??
      count(wire.cached_tokens),
    cacheWrite: count(field(prompt, 'cache_write_tokens')),
    audioInput: count(field(prompt, 'audio_tokens')),
    reasoning: count(field(completion, 'reasoning_tokens')),
    audioOutput: count(field(completion, 'audio_tokens')),
  };
}

function field(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Tokens are whole, and no reply has more of them than can be counted exactly. */
function count(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? Math.round(value) : undefined;
}

/** For the many lists that are not there. */
const NONE: readonly JsonObject[] = Object.freeze([]);

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : NONE;
}
