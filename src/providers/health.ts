import type { Clock } from '../lib/clock.ts';
import { type Headroom, readHeadroom } from './headroom.ts';
import { createLastHour } from './last-hour.ts';
import { createRoom } from './room.ts';

/** How many of the latest calls the percentiles are of. */
const KEPT = 100;
/** How much the newest call counts: after ten calls two thirds of what came before is forgotten. */
const ALPHA = 0.1;
const DEGRADED = 0.1;
const DOWN_IN_A_ROW = 3;

const AUTH_REST_MS = 5 * 60_000;
const RATE_REST_MS = 20_000;
const MAX_RATE_REST_MS = 10 * 60_000;
const MAX_KEYS = 1000;

/** What a call to a provider came to. */
export interface CallOutcome {
  providerId: string;
  /** Absent where it was no call for an answer. */
  modelId?: string;
  keyId: string;
  isSimulated: boolean;
  /** Null when there was no reply. */
  status: number | null;
  headers: Headers | null;
  /** Until the reply's headers. */
  headersMs: number | null;
  /** Until its first content, or until it failed. */
  durationMs: number;
  /** Ours, null = it went well. */
  errorCode: string | null;
  retryAfterSeconds?: number | undefined;
}

type KeyOutcome = Pick<CallOutcome, 'keyId' | 'modelId' | 'status' | 'headers' | 'errorCode' | 'retryAfterSeconds'>;

/** `idle` = nobody has asked it since the start. */
export type HealthState = 'idle' | 'up' | 'degraded' | 'down';

export interface Health {
  state: HealthState;
  /** Of the calls of late, the newest counting most; 0 to 1. */
  failureRate: number;
  calls: number;
  lastAt: number | null;
  /** The code of the last failure; null = there was none. */
  lastError: string | null;
  lastErrorAt: number | null;
  /** Until a reply began, of the calls that went well; null = there was none. */
  p50Ms: number | null;
  p95Ms: number | null;
  /** Until the first content, smoothed. */
  firstContentMs: number | null;
}

export interface KeyHealth {
  /** Until when other keys are taken instead; null = it is in use. */
  restsUntil: number | null;
  /** Why: the provider refused the key, or has had enough of it for now. */
  reason: 'auth' | 'rate' | null;
  headroom: Headroom | null;
}

interface Memory {
  calls: number;
  failureRate: number;
  inARow: number;
  lastAt: number;
  lastError: string | null;
  lastErrorAt: number | null;
  headersMs: number[];
  firstContentMs: number | null;
}

export type ProviderHealth = ReturnType<typeof createProviderHealth>;

/** Remembers how the calls to each provider and with each key went of late. In memory; a restart forgets. */
export function createProviderHealth(now: Clock) {
  const providers = new Map<string, Memory>();
  const keys = new Map<string, KeyHealth>();
  const lastHour = createLastHour(now);
  const room = createRoom();

  /** Told of every call, as it ends or its first content is here. */
  function note(outcome: CallOutcome): void {
    noteKey(outcome);
    // What the client did, or asked for, says nothing of the provider.
    if (outcome.errorCode !== null && !isOfProvider(outcome.errorCode)) return;
    const memory = providers.get(outcome.providerId) ?? freshMemory();
    providers.set(outcome.providerId, memory);
    const isFailure = outcome.errorCode !== null && outcome.errorCode !== 'provider_rejected';
    lastHour.note(outcome.providerId, isFailure ? outcome.errorCode : null);
    memory.failureRate = memory.failureRate * (1 - ALPHA) + Number(isFailure) * ALPHA;
    memory.calls++;
    memory.lastAt = now();
    memory.inARow = isFailure ? memory.inARow + 1 : 0;
    if (isFailure) {
      memory.lastError = outcome.errorCode;
      memory.lastErrorAt = now();
      return;
    }
    if (outcome.errorCode !== null) return;
    const { headersMs, durationMs } = outcome;
    memory.headersMs.push(headersMs ?? durationMs);
    if (memory.headersMs.length > KEPT) memory.headersMs.shift();
    memory.firstContentMs =
      memory.firstContentMs === null ? durationMs : memory.firstContentMs * (1 - ALPHA) + durationMs * ALPHA;
  }

  /** What a call said of its key. */
  function noteKey({ keyId, modelId, status, headers, errorCode, retryAfterSeconds }: KeyOutcome): void {
    const before = keys.get(keyId);
    const told = headers && readHeadroom(headers, now());
    if (told && modelId !== undefined) room.note(keyId, modelId, told);
    const headroom = told ?? before?.headroom ?? null;
    const rest = restOf({ status, errorCode, retryAfterSeconds });
    const isWell = errorCode === null;
    const kept = isWell ? { restsUntil: null, reason: null } : { restsUntil: null, reason: null, ...before };
    keys.delete(keyId);
    keys.set(keyId, {
      ...kept,
      ...(rest && { restsUntil: now() + rest.ms, reason: rest.reason }),
      headroom,
    });
    const [oldest] = keys.keys();
    if (keys.size > MAX_KEYS && oldest !== undefined) keys.delete(oldest);
  }

  return {
    note,
    noteKey,
    /** Whether other keys of the same provider are to be taken instead of this one. */
    isResting: (keyId: string): boolean => (keys.get(keyId)?.restsUntil ?? 0) > now(),
    /** What is left of a key's limits for a model, as its last reply told; null = nobody told. */
    roomOf: room.find,
    of(providerId: string): Health {
      const memory = providers.get(providerId);
      return memory ? summarize(memory) : IDLE;
    },
    /** What its calls of the last hour came to. */
    lastHour: lastHour.read,
    ofKey(keyId: string): KeyHealth {
      const { restsUntil = null, reason = null, headroom = null } = keys.get(keyId) ?? {};
      const isResting = restsUntil !== null && restsUntil > now();
      return { restsUntil: isResting ? restsUntil : null, reason: isResting ? reason : null, headroom };
    },
  };
}

interface RestQuestion {
  status: number | null;
  errorCode: string | null;
  retryAfterSeconds: number | undefined;
}

function restOf({
  status,
  errorCode,
  retryAfterSeconds,
}: RestQuestion): { ms: number; reason: 'auth' | 'rate' } | null {
  if (errorCode === 'provider_auth' || errorCode === 'provider_quota') return { ms: AUTH_REST_MS, reason: 'auth' };
  if (status !== 429 && errorCode !== 'provider_rate_limited') return null;
  const ms = retryAfterSeconds === undefined ? RATE_REST_MS : Math.ceil(retryAfterSeconds * 1000);
  return { ms: Math.min(Math.max(ms, 1000), MAX_RATE_REST_MS), reason: 'rate' };
}

const IDLE: Health = {
  ...{ state: 'idle', failureRate: 0, calls: 0, lastAt: null, lastError: null, lastErrorAt: null },
  ...{ p50Ms: null, p95Ms: null, firstContentMs: null },
};

function freshMemory(): Memory {
  return {
    ...{ calls: 0, failureRate: 0, inARow: 0, lastAt: 0, lastError: null, lastErrorAt: null },
    ...{ headersMs: [], firstContentMs: null },
  };
}

function summarize(memory: Memory): Health {
  const { calls, failureRate, lastAt, lastError, lastErrorAt, firstContentMs, inARow } = memory;
  const sorted = [...memory.headersMs].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
  const state = inARow >= DOWN_IN_A_ROW ? 'down' : failureRate > DEGRADED ? 'degraded' : 'up';
  const times = { p50Ms: at(0.5), p95Ms: at(0.95), firstContentMs };
  return { state, failureRate, calls, lastAt, lastError, lastErrorAt, ...times };
}

/** `provider_…` codes tell of the provider; `provider_rejected` that it is there and does its work. */
function isOfProvider(code: string): boolean {
  return code.startsWith('provider_');
}
