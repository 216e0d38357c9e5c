import type { RequestRow } from '../db/schema.ts';
import type { Attempt } from './executor/index.ts';

// What the router learns of how its models do, from what has become of requests.

/** An attempt as the router counts it; what the client got wrong is nobody's failure, and a whole body has no first content. */
export function callOf({ providerId, model, error, startedAt, durationMs }: Attempt, isStream: boolean) {
  const isAnswered = error === null || !error.isRetryable;
  const isTimed = error === null && isStream;
  return { providerId, modelId: model.id, isAnswered, isTimed, durationMs, at: startedAt + durationMs };
}

/** How long an answer was written on; null for what was not written to its end now. */
export function writtenOf(row: RequestRow | null) {
  if (!row?.provider || !row.model || row.outcome !== 'ok' || row.cache === 'hit' || row.attemptCount !== 1)
    return null;
  const { provider: providerId, model: modelId, outputTokens, durationMs, firstContentMs, startedAt } = row;
  const writingMs = row.isStream ? durationMs - (firstContentMs ?? 0) : durationMs;
  return { providerId, modelId, outputTokens, writingMs, at: startedAt + durationMs };
}
