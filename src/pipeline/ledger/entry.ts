import { costOf } from '../../../registry/price.ts';
import type { Model, PriceRow } from '../../../registry/schema.ts';
import type { ChatEvent } from '../../chat/event.ts';
import { NO_USAGE, type Usage } from '../../chat/usage.ts';
import type { AttemptRow, GatewayKey, RequestRow } from '../../db/schema.ts';
import type { GatewayError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import type { LedgerRows } from './index.ts';
import { createTally } from './tally.ts';

export interface Opening {
  /** UUIDv7. */
  id: string;
  key: GatewayKey;
  endpoint: string;
  dialect: string;
  startedAt: number;
}

export type Outcome = NonNullable<RequestRow['outcome']>;

/** What the router decided, as far as the ledger keeps it. */
export interface LedgerDecision {
  strategy: string;
  complexity: NonNullable<RequestRow['complexity']>;
  confidence: number;
  promptTokens: number;
  /** One sentence. */
  reason: string;
}

export interface LedgerAttempt {
  providerId: string;
  model: Model;
  isSimulated: boolean;
  startedAt: number;
  headersMs: number | null;
  durationMs: number;
  status: number | null;
  error: GatewayError | null;
}

/** What a reply cost, and what it was worked out from. */
export interface Settlement {
  usage: Usage;
  /** Null = unpriced. */
  costNanoUsd: number | null;
  priceRow: PriceRow | null;
}

interface Answer {
  model: Model;
  providerId: string;
  isSimulated: boolean;
}

interface EntryOptions {
  opening: Opening;
  write: (rows: LedgerRows) => void;
  now: Clock;
  baseline: () => Model | null;
}

export type Entry = ReturnType<typeof createEntry>;

/** One request's page in the ledger. It is told what happens; `close` writes it, once, whatever is told afterwards. */
export function createEntry({ opening, write, now, baseline }: EntryOptions) {
  const tally = createTally();
  const attempts: LedgerAttempt[] = [];
  let asked = { model: '', isStream: false };
  let cache: RequestRow['cache'] = 'bypass';
  let decision: LedgerDecision | null = null;
  let answer: Answer | null = null;
  let firstContentAt: number | null = null;
  let overheadUs = 0;
  let isClosed = false;

  function see(event: ChatEvent): void {
    tally.see(event);
    if (firstContentAt === null && tally.hasContent()) firstContentAt = now();
  }

  /** What the reply costs by what has been seen so far. A cache hit costs nothing. */
  function settle(): Settlement {
    if (!answer) return { usage: NO_USAGE, costNanoUsd: 0, priceRow: null };
    const { usage } = tally.read(decision?.promptTokens ?? 0);
    const { nanoUsd, row } = costOf({ model: answer.model, usage, at: opening.startedAt });
    return { usage, costNanoUsd: cache === 'hit' ? 0 : nanoUsd, priceRow: row };
  }

  function close(outcome: Outcome, status: number, error: GatewayError | null = null): void {
    if (isClosed) return;
    isClosed = true;
    const endedAt = now();
    const { reportedModel, stopReason } = tally.read(0);
    const settlement = settle();
    write({
      request: {
        id: opening.id,
        startedAt: opening.startedAt,
        durationMs: endedAt - opening.startedAt,
        firstContentMs: firstContentAt === null ? null : firstContentAt - opening.startedAt,
        overheadUs,
        keyId: opening.key.id,
        userId: opening.key.userId,
        endpoint: opening.endpoint,
        dialect: opening.dialect,
        isStream: asked.isStream,
        requestedModel: asked.model,
        outcome,
        status,
        errorCode: error?.code ?? null,
        stopReason,
        cache,
        complexity: decision?.complexity ?? null,
        confidence: decision ? Math.round(decision.confidence * 100) : null,
        strategy: decision?.strategy ?? null,
        decision,
        provider: answer?.providerId ?? null,
        model: answer?.model.id ?? null,
        reportedModel,
        attemptCount: attempts.length,
        isSimulated: answer?.isSimulated ?? false,
        ...tokenColumns(settlement.usage),
        ...moneyColumns(settlement),
      },
      attempts: attempts.map((attempt, position) => attemptRow(attempt, position, settlement)),
    });
  }

  function moneyColumns({ usage, costNanoUsd, priceRow }: Settlement) {
    const model = answer ? baseline() : null;
    const base = model ? costOf({ model, usage: { ...usage, serviceTier: undefined }, at: opening.startedAt }) : null;
    const baselineNanoUsd = base?.nanoUsd ?? null;
    const missCost = answer ? costOf({ model: answer.model, usage, at: opening.startedAt }).nanoUsd : null;
    return {
      costNanoUsd,
      priceRow,
      baselineModel: model?.id ?? null,
      baselineNanoUsd,
      baselinePriceRow: base?.row ?? null,
      savedNanoUsd: baselineNanoUsd === null || costNanoUsd === null ? null : baselineNanoUsd - costNanoUsd,
      cacheSavedNanoUsd: cache === 'hit' ? missCost : null,
    };
  }

  /** The last attempt is the one that answered, if any did; failed ones are not billed by any vendor. */
  function attemptRow(attempt: LedgerAttempt, position: number, { usage, costNanoUsd }: Settlement): AttemptRow {
    const billed = attempt.error === null ? { usage, costNanoUsd } : { usage: NO_USAGE, costNanoUsd: 0 };
    return {
      id: Bun.randomUUIDv7(),
      requestId: opening.id,
      position,
      provider: attempt.providerId,
      model: attempt.model.id,
      startedAt: attempt.startedAt,
      durationMs: attempt.error === null ? now() - attempt.startedAt : attempt.durationMs,
      headersMs: attempt.headersMs,
      status: attempt.status,
      errorCode: attempt.error?.code ?? null,
      errorMessage: attempt.error?.message ?? null,
      isUsageEstimated: billed.usage.isEstimated,
      inputTokens:
        billed.usage.input + billed.usage.cacheRead + billed.usage.cacheWriteShort + billed.usage.cacheWriteLong,
      outputTokens: billed.usage.output,
      costNanoUsd: billed.costNanoUsd,
    };
  }

  return {
    id: opening.id,
    asks(model: string, isStream: boolean): void {
      asked = { model, isStream };
    },
    cached(state: RequestRow['cache']): void {
      cache = state;
    },
    decides(made: LedgerDecision): void {
      decision = made;
    },
    attempts(attempt: LedgerAttempt): void {
      attempts.push(attempt);
    },
    answers(by: Answer): void {
      answer = by;
    },
    /** Our own share of the time so far. */
    spent(microseconds: number): void {
      overheadUs = Math.max(0, Math.round(microseconds));
    },
    see,
    settle,
    close,
  };
}

function tokenColumns(usage: Usage) {
  return {
    inputTokens: usage.input,
    cacheReadTokens: usage.cacheRead,
    cacheWriteShortTokens: usage.cacheWriteShort,
    cacheWriteLongTokens: usage.cacheWriteLong,
    audioInputTokens: usage.audioInput,
    outputTokens: usage.output,
    reasoningTokens: usage.reasoning,
    audioOutputTokens: usage.audioOutput,
    isUsageEstimated: usage.isEstimated,
    serviceTier: usage.serviceTier ?? null,
  };
}
