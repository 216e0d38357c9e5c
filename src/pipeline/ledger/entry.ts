import { costOf } from '../../../registry/price.ts';
import type { Model, PriceRow } from '../../../registry/schema.ts';
import type { ChatEvent } from '../../chat/event.ts';
import { NO_USAGE, promptTokens, type Usage } from '../../chat/usage.ts';
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

/** Longer names are nobody's; they come from a client or a provider, and would fill the database. */
const MAX_NAME = 200;

/** Ends after which a provider may have worked, and bill, though nobody saw an answer. */
const MAYBE_BILLED: ReadonlySet<string> = new Set(['client_closed', 'provider_timeout', 'provider_garbled']);

function isMaybeBilled({ error }: LedgerAttempt): boolean {
  return error !== null && MAYBE_BILLED.has(error.code);
}

function cut(name: string): string {
  return name.slice(0, MAX_NAME);
}

interface Answer {
  model: Model;
  providerId: string;
  isSimulated: boolean;
}

interface AttemptEnd {
  settlement: Settlement;
  error: GatewayError | null;
}

interface EntryOptions {
  opening: Opening;
  write: (rows: LedgerRows) => void;
  onClose: () => void;
  now: Clock;
  baseline: () => Model | null;
}

export type Entry = ReturnType<typeof createEntry>;

/** One request's page in the ledger. It is told what happens; `close` writes it, once, whatever is told afterwards. */
export function createEntry({ opening, write, onClose, now, baseline }: EntryOptions) {
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
    onClose();
    answer ??= lostAnswer();
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
        reportedModel: reportedModel && cut(reportedModel),
        attemptCount: attempts.length,
        isSimulated: answer?.isSimulated ?? false,
        ...tokenColumns(settlement.usage),
        ...moneyColumns(settlement),
      },
      attempts: attempts.map((attempt, position) => attemptRow(attempt, position, { settlement, error })),
    });
  }

  /** Of a request that nobody answered: who may have worked on it all the same. */
  function lostAnswer(): Answer | null {
    return attempts.findLast(isMaybeBilled) ?? null;
  }

  /** What an attempt that came to nothing may be billed: its prompt, by our estimate. */
  function lostUsage(): Usage {
    return { ...NO_USAGE, input: decision?.promptTokens ?? 0, isEstimated: true };
  }

  /** What attempts before the one that counts may be billed besides; null = unpriced. */
  function lostCost(): number | null {
    let sum = 0;
    for (const attempt of attempts) {
      if (!isMaybeBilled(attempt) || attempt === answer) continue;
      const { nanoUsd } = costOf({ model: attempt.model, usage: lostUsage(), at: opening.startedAt });
      if (nanoUsd === null) return null;
      sum += nanoUsd;
    }
    return sum;
  }

  function moneyColumns({ usage, costNanoUsd: answerCost, priceRow }: Settlement) {
    const lost = lostCost();
    const costNanoUsd = answerCost === null || lost === null ? null : answerCost + lost;
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

  function billOf(attempt: LedgerAttempt, settlement: Settlement): { usage: Usage; costNanoUsd: number | null } {
    if (attempt.error === null || attempt === answer) return settlement;
    if (!isMaybeBilled(attempt)) return { usage: NO_USAGE, costNanoUsd: 0 };
    const usage = lostUsage();
    return { usage, costNanoUsd: costOf({ model: attempt.model, usage, at: opening.startedAt }).nanoUsd };
  }

  function attemptRow(attempt: LedgerAttempt, position: number, { settlement, error }: AttemptEnd): AttemptRow {
    const billed = billOf(attempt, settlement);
    // A reply that was open and broke later is told to the entry only.
    const failure = attempt.error ?? (position === attempts.length - 1 ? error : null);
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
      errorCode: failure?.code ?? null,
      errorMessage: failure?.message ?? null,
      isUsageEstimated: billed.usage.isEstimated,
      inputTokens: promptTokens(billed.usage),
      outputTokens: billed.usage.output + billed.usage.audioOutput,
      costNanoUsd: billed.costNanoUsd,
    };
  }

  return {
    id: opening.id,
    asks(model: string, isStream: boolean): void {
      asked = { model: cut(model), isStream };
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
    serviceTier: usage.serviceTier ? cut(usage.serviceTier) : null,
  };
}
