import type { Allowance, Headroom } from './headroom.ts';

/** Where a reply did not say when a limit is whole again: most are by the minute. */
const USUAL_MS = 60_000;
const MAX_KEYS = 1_000;

/** What a request is expected to take of its provider's limits. */
export interface Need {
  promptTokens: number;
  outputTokens: number;
}

/** Remembers what replies said is left of a key's limits, for each model, because that is how vendors count. In memory. */
export function createRoom() {
  const keys = new Map<string, Map<string, Headroom>>();

  return {
    note(keyId: string, modelId: string, headroom: Headroom): void {
      const models = keys.get(keyId) ?? new Map<string, Headroom>();
      models.set(modelId, headroom);
      // The key that was used last is the last one to be forgotten.
      keys.delete(keyId);
      keys.set(keyId, models);
      const [oldest] = keys.keys();
      if (keys.size > MAX_KEYS && oldest !== undefined) keys.delete(oldest);
    },
    /** As the last reply told; null = nobody told. */
    find: (keyId: string, modelId: string): Headroom | null => keys.get(keyId)?.get(modelId) ?? null,
  };
}

/** The share that is left of the scarcest limit; 0 where the request does not fit any more, null where there is no limit. */
export function shareLeft(told: Headroom, { promptTokens, outputTokens }: Need, now: number): number | null {
  const { at, requests, tokens, inputTokens, outputTokens: output } = told;
  const overall = scarcer(shareOf(requests, 1, { at, now }), shareOf(tokens, promptTokens + outputTokens, { at, now }));
  const apart = scarcer(shareOf(inputTokens, promptTokens, { at, now }), shareOf(output, outputTokens, { at, now }));
  return scarcer(overall, apart);
}

/** Limits fill evenly until they are whole again. */
function shareOf(allowance: Allowance | undefined, needed: number, { at, now }: { at: number; now: number }) {
  if (!allowance || allowance.limit <= 0) return null;
  const { limit, remaining, resetAt } = allowance;
  const wholeAt = Math.max(at + 1, resetAt ?? at + USUAL_MS);
  const part = Math.min(1, Math.max(0, (now - at) / (wholeAt - at)));
  const left = remaining + (limit - remaining) * part;
  return left < Math.min(needed, limit) ? 0 : left / limit;
}

function scarcer(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
