import { promptTokens, type Usage, type UsageExtras } from '../../chat/usage.ts';
import { type JsonObject, withoutUndefined } from '../../lib/json.ts';
import { wireUsage } from './wire-reply.ts';

const AUDIO_NUMBER = 4;

type ModalityCounts = { modality?: string | number | undefined; tokenCount: number }[];

/**
 * Counts by class. Google's prompt includes what was cached and what was audio; its tool-use prompt comes on top; its
 * candidates exclude the thoughts.
 * https://ai.google.dev/api/generate-content#UsageMetadata
 */
export function parseUsage(metadata: JsonObject, searches: ReadonlySet<string> = new Set()): Usage {
  const wire = wireUsage.parse(metadata);
  const cacheRead = Math.min(wire.cachedContentTokenCount, wire.promptTokenCount);
  const uncached = wire.promptTokenCount - cacheRead;
  const cachedAudio = Math.min(audioTokens(wire.cacheTokensDetails), cacheRead);
  const audio = audioTokens(wire.promptTokensDetails) - cachedAudio;
  const audioInput = Math.min(Math.max(audio, 0), uncached);
  const serviceTier = wire.serviceTier ?? tierOfTraffic(wire.trafficType);
  const audioOutput = Math.min(audioTokens(wire.candidatesTokensDetails), wire.candidatesTokenCount);
  return {
    input: uncached - audioInput + wire.toolUsePromptTokenCount,
    cacheRead,
    cacheWriteShort: 0,
    cacheWriteLong: 0,
    audioInput,
    output: wire.candidatesTokenCount - audioOutput + wire.thoughtsTokenCount,
    reasoning: wire.thoughtsTokenCount,
    audioOutput,
    ...(cachedAudio > 0 || searches.size > 0 ? { extras: extrasOf(cachedAudio, searches.size) } : {}),
    ...(serviceTier === undefined ? {} : { serviceTier }),
    isEstimated: false,
  };
}

function extrasOf(cachedAudio: number, webSearch: number): UsageExtras {
  return { ...(cachedAudio > 0 ? { cachedAudio } : {}), ...(webSearch > 0 ? { calls: { webSearch } } : {}) };
}

/** Vertex names the tier so: `ON_DEMAND_FLEX`. */
function tierOfTraffic(trafficType: string | undefined): string | undefined {
  return /^ON_DEMAND_(.+)$/.exec(trafficType ?? '')?.[1]?.toLowerCase();
}

export function renderUsage(usage: Usage): JsonObject {
  const prompt = promptTokens(usage);
  const cachedAudio = usage.extras?.cachedAudio ?? 0;
  const reasoning = Math.min(usage.reasoning, usage.output);
  const candidates = usage.output - reasoning + usage.audioOutput;
  return withoutUndefined({
    promptTokenCount: prompt,
    cachedContentTokenCount: usage.cacheRead > 0 ? usage.cacheRead : undefined,
    candidatesTokenCount: candidates,
    totalTokenCount: prompt + usage.output + usage.audioOutput,
    promptTokensDetails: renderModalities(prompt, usage.audioInput + cachedAudio),
    cacheTokensDetails: renderModalities(usage.cacheRead, cachedAudio),
    candidatesTokensDetails: renderModalities(candidates, usage.audioOutput),
    thoughtsTokenCount: reasoning > 0 ? reasoning : undefined,
    serviceTier: usage.serviceTier,
  });
}

function audioTokens(counts: ModalityCounts): number {
  let tokens = 0;
  for (const { modality, tokenCount } of counts) {
    if (modality === 'AUDIO' || modality === AUDIO_NUMBER) tokens += tokenCount;
  }
  return tokens;
}

// What is not audio may be text, an image or a document, which our counts do not tell apart: without audio, say
// nothing.
function renderModalities(total: number, audio: number): JsonObject[] | undefined {
  if (audio === 0) return undefined;
  const counts = [{ modality: 'AUDIO', tokenCount: audio }];
  return total > audio ? [{ modality: 'TEXT', tokenCount: total - audio }, ...counts] : counts;
}
