import { NO_USAGE, promptTokens, type Usage } from '../../chat/usage.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { count, field, text } from './fields.ts';

const LONG_TTL = '12h';

/** `input_tokens` includes those read from the cache and written to it, and `output_tokens` the thoughts. */
export function parseUsage(response: JsonObject): Usage {
  const serviceTier = text(response.service_tier);
  const tier = serviceTier === undefined ? {} : { serviceTier };
  const { usage } = response;
  if (!isJsonObject(usage)) return { ...NO_USAGE, ...tier };

  const { input_tokens_details: inputDetails, output_tokens_details: outputDetails } = usage;
  const written = count(usage.output_tokens) ?? 0;
  const prompt = count(usage.input_tokens) ?? Math.max((count(usage.total_tokens) ?? 0) - written, 0);
  const cacheRead = Math.min(count(field(inputDetails, 'cached_tokens')) ?? 0, prompt);
  const cacheWrite = Math.min(count(field(inputDetails, 'cache_write_tokens')) ?? 0, prompt - cacheRead);
  const uncached = prompt - cacheRead - cacheWrite;
  // The counts do not tell for how long; what the request set is repeated in the response.
  const isLong = field(response.prompt_cache_options, 'ttl') === LONG_TTL;
  const audioInput = Math.min(count(field(inputDetails, 'audio_tokens')) ?? 0, uncached);
  const audioOutput = Math.min(count(field(outputDetails, 'audio_tokens')) ?? 0, written);
  const output = written - audioOutput;
  return {
    input: uncached - audioInput,
    cacheRead,
    cacheWriteShort: isLong ? 0 : cacheWrite,
    cacheWriteLong: isLong ? cacheWrite : 0,
    audioInput,
    output,
    reasoning: Math.min(count(field(outputDetails, 'reasoning_tokens')) ?? 0, output),
    audioOutput,
    ...callsOf(response.output),
    ...tier,
    isEstimated: false,
  };
}

/** Opening a page that a search has found is part of the search. */
function callsOf(output: unknown): Pick<Usage, 'extras'> {
  const calls: Record<string, number> = {};
  for (const item of Array.isArray(output) ? output : []) {
    const isSearch =
      field(item, 'type') === 'web_search_call' && (field(field(item, 'action'), 'type') ?? 'search') === 'search';
    if (isSearch) calls.webSearch = (calls.webSearch ?? 0) + 1;
    if (field(item, 'type') === 'file_search_call') calls.fileSearch = (calls.fileSearch ?? 0) + 1;
  }
  return Object.keys(calls).length > 0 ? { extras: { calls } } : {};
}

export function renderUsage(usage: Usage): JsonObject {
  const input = promptTokens(usage);
  const output = usage.output + usage.audioOutput;
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWriteShort + usage.cacheWriteLong,
      ...(usage.audioInput > 0 ? { audio_tokens: usage.audioInput } : {}),
    },
    output_tokens: output,
    output_tokens_details: {
      reasoning_tokens: usage.reasoning,
      ...(usage.audioOutput > 0 ? { audio_tokens: usage.audioOutput } : {}),
    },
    total_tokens: input + output,
  };
}
