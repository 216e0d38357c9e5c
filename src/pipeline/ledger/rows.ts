import type { Model } from '../../../registry/schema.ts';
import { promptTokens, type Usage } from '../../chat/usage.ts';
import type { AttemptRow, PriceRowEntry, RequestDetails, RequestRow } from '../../db/schema.ts';
import { billOf, moneyOf, type Settlement } from './bill.ts';
import type { KeptBodies } from './body-capture.ts';
import type { Ending, LedgerAttempt, Page } from './page.ts';
import type { Tally } from './tally.ts';

/** What the ledger stores of one request. */
export interface LedgerRows {
  request: RequestRow;
  attempts: AttemptRow[];
  details: RequestDetails;
  /** The price rows that the request names. */
  prices: PriceRowEntry[];
  /** What was said, where the key keeps it. */
  said: KeptBodies | null;
}

/** Longer names are nobody's; they come from a client or a provider, and would fill the database. */
const MAX_NAME = 200;

interface Closing {
  ending: Ending;
  tally: Tally;
  settlement: Settlement;
  baseline: Model | null;
}

/** The rows of a request that has ended. */
export function renderRows(page: Page, { ending, tally, settlement, baseline }: Closing): LedgerRows {
  const { opening, asked, answer, attempts, decision, firstContentAt } = page;
  const { columns, prices } = moneyOf(page, settlement, baseline);
  const request: RequestRow = {
    id: opening.id,
    startedAt: opening.startedAt,
    durationMs: ending.at - opening.startedAt,
    firstContentMs: firstContentAt === null ? null : firstContentAt - opening.startedAt,
    overheadUs: page.overheadUs,
    keyId: opening.key.id,
    userId: opening.key.userId,
    endpoint: opening.endpoint,
    dialect: opening.dialect,
    isStream: asked.isStream,
    requestedModel: cut(asked.model),
    outcome: ending.outcome,
    status: ending.status,
    errorCode: ending.error?.code ?? null,
    stopReason: tally.stopReason,
    cache: page.cache,
    complexity: decision?.complexity ?? null,
    confidence: decision ? Math.round(decision.confidence * 100) : null,
    strategy: decision?.strategy ?? null,
    features: decision?.stored ?? null,
    arm: decision?.arm ?? null,
    provider: answer?.providerId ?? null,
    model: answer?.model.id ?? null,
    reportedModel: tally.reportedModel && cut(tally.reportedModel),
    attemptCount: attempts.length,
    isSimulated: answer?.isSimulated ?? false,
    ...tokenColumns(settlement.usage),
    ...columns,
  };
  return {
    request,
    attempts: attempts.map((attempt) => attemptRow(page, attempt, { ending, settlement })),
    details: {
      requestId: opening.id,
      startedAt: opening.startedAt,
      decision,
      laps: [...opening.laps],
      headers: opening.headers,
    },
    prices,
    said: page.capture?.read() ?? null,
  };
}

function attemptRow(
  page: Page,
  attempt: LedgerAttempt,
  { ending, settlement }: Pick<Closing, 'ending' | 'settlement'>,
): AttemptRow {
  const position = page.attempts.indexOf(attempt);
  const { usage, costNanoUsd } = billOf(page, attempt, settlement);
  // A reply that was open and broke later is told of its end only.
  const failure = attempt.error ?? (position === page.attempts.length - 1 ? ending.error : null);
  return {
    id: Bun.randomUUIDv7(),
    requestId: page.opening.id,
    position,
    provider: attempt.providerId,
    model: attempt.model.id,
    startedAt: attempt.startedAt,
    durationMs: attempt.error === null ? ending.at - attempt.startedAt : attempt.durationMs,
    headersMs: attempt.headersMs,
    status: attempt.status,
    errorCode: failure?.code ?? null,
    errorMessage: failure?.message ?? null,
    isUsageEstimated: usage.isEstimated,
    inputTokens: promptTokens(usage),
    outputTokens: usage.output + usage.audioOutput,
    costNanoUsd,
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
    usageExtras: usage.extras ?? null,
  };
}

function cut(name: string): string {
  return name.slice(0, MAX_NAME);
}
