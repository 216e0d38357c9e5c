import { NO_USAGE, promptTokens, type Usage } from '../../chat/usage.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { WireUsage } from './wire-reply.ts';

/**
 * OpenAI counts cached, cache-written and audio tokens inside `prompt_tokens`, and thoughts inside `completion_tokens`. The
 * thoughts of xAI and of Google's compatible endpoint are outside of it and show in the total only.
 */
export function parseUsage(wire: WireUsage | undefined, serviceTier: string | undefined): Usage {
  const tier = serviceTier === undefined ? {} : { serviceTier };
  if (!wire) return { ...NO_USAGE, ...tier };

  const completion = wire.completion ?? 0;
  const prompt = wire.prompt ?? Math.max((wire.total ?? 0) - completion, 0);
  const cacheRead = Math.min(wire.cacheRead ?? 0, prompt);
  const cacheWriteShort = Math.min(wire.cacheWrite ?? 0, prompt - cacheRead);
  const audioInput = Math.min(wire.audioInput ?? 0, prompt - cacheRead - cacheWriteShort);

  const outside = Math.max((wire.total ?? 0) - prompt - completion, 0);
  const audioOutput = Math.min(wire.audioOutput ?? 0, completion);
  const output = completion - audioOutput + outside;
  const reasoning = Math.max(wire.reasoning ?? 0, outside);
  return {
    input: prompt - cacheRead - cacheWriteShort - audioInput,
    cacheRead,
    cacheWriteShort,
    cacheWriteLong: 0,
    audioInput,
    output,
    reasoning: Math.min(reasoning, output),
    audioOutput,
    ...tier,
    isEstimated: false,
  };
}

export function renderUsage(usage: Usage): JsonObject {
  const prompt = promptTokens(usage);
  const completion = usage.output + usage.audioOutput;
  const written = usage.cacheWriteShort + usage.cacheWriteLong;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: usage.cacheRead,
      ...(written > 0 ? { cache_write_tokens: written } : {}),
      audio_tokens: usage.audioInput,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning,
      audio_tokens: usage.audioOutput,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
