import { lru } from 'tiny-lru';
import type { TrackRecord } from './score.ts';

const MODELS = 2_000;
/** How much the newest call counts against all before it. */
const NEWEST = 0.15;
/** After so long an old failure counts half. */
const FORGIVEN_MS = 60_000;
/** So few tokens are written in no time that says anything. */
const MIN_TOKENS = 20;
/** Where 95 % of a normal distribution lie below, in standard deviations; times spread like its logarithm. */
const P95 = 1.645;

interface Seen {
  logMs: number | null;
  variance: number;
  logMsPerToken: number | null;
  failing: number;
  at: number;
}

/** How one call to a provider ended. */
export interface Call {
  providerId: string;
  modelId: string;
  isAnswered: boolean;
  /** Whether `durationMs` is the time of an answer. */
  isTimed: boolean;
  /** Until its first content. */
  durationMs: number;
  at: number;
}

/** A reply that was read to its end. */
export interface Written {
  providerId: string;
  modelId: string;
  outputTokens: number;
  /** From its first content, or from the call where it came as a whole, to its end. */
  writingMs: number;
  at: number;
}

/** How fast and how reliable each model has been with this gateway lately. In memory, bounded. */
export function createTrackRecords() {
  const memory = lru<Seen>(MODELS);

  return {
    add({ providerId, modelId, isAnswered, isTimed, durationMs, at }: Call): void {
      const key = `${providerId}/${modelId}`;
      const seen = memory.get(key) ?? unseen(at);
      seen.failing = failingAt(seen, at) * (1 - NEWEST) + (isAnswered ? 0 : NEWEST);
      seen.at = at;
      if (isTimed) addTime(seen, Math.log(Math.max(1, durationMs)));
      memory.set(key, seen);
    },
    addPace({ providerId, modelId, outputTokens, writingMs, at }: Written): void {
      if (outputTokens < MIN_TOKENS) return;
      const key = `${providerId}/${modelId}`;
      const seen = memory.get(key) ?? unseen(at);
      const log = Math.log(Math.max(0.1, writingMs / outputTokens));
      seen.logMsPerToken = seen.logMsPerToken === null ? log : seen.logMsPerToken + NEWEST * (log - seen.logMsPerToken);
      memory.set(key, seen);
    },
    read(providerId: string, modelId: string, at: number): TrackRecord | null {
      const seen = memory.get(`${providerId}/${modelId}`);
      if (!seen) return null;
      const { logMs, variance, logMsPerToken } = seen;
      return {
        firstContentMs: logMs === null ? null : Math.round(Math.exp(logMs)),
        firstContentP95Ms: logMs === null ? null : Math.round(Math.exp(logMs + P95 * Math.sqrt(variance))),
        msPerToken: logMsPerToken === null ? null : Math.exp(logMsPerToken),
        health: Math.round((1 - failingAt(seen, at)) * 1_000) / 1_000,
      };
    },
  };
}

function unseen(at: number): Seen {
  return { logMs: null, variance: 0, logMsPerToken: null, failing: 0, at };
}

function failingAt({ failing, at }: Seen, now: number): number {
  return failing * 2 ** (-Math.max(0, now - at) / FORGIVEN_MS);
}

function addTime(seen: Seen, logMs: number): void {
  if (seen.logMs === null) {
    seen.logMs = logMs;
    return;
  }
  const away = logMs - seen.logMs;
  seen.logMs += NEWEST * away;
  seen.variance = (1 - NEWEST) * (seen.variance + NEWEST * away * away);
}
