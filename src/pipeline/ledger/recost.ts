import type { Model } from '../../../registry/schema.ts';
import { NO_USAGE, type Usage } from '../../chat/usage.ts';
import type { Attempt, PriceRowEntry, Request } from '../../db/schema.ts';
import { type Billing, billOf, moneyOf, settle } from './bill.ts';

/** A request as the ledger has it. */
export interface Recorded {
  request: Request;
  /** In their order. */
  attempts: readonly Attempt[];
}

export interface PriceSource {
  /** The model of exactly this provider and id; undefined when the catalogue does not have it any more. */
  findModel: (provider: string, id: string) => Model | undefined;
  /** The model that savings were measured against. */
  findBaseline: (id: string) => Model | undefined;
}

/** What a request and its attempts cost by other prices. */
export interface Recosted {
  columns: ReturnType<typeof moneyOf>['columns'];
  attempts: { id: string; costNanoUsd: number | null }[];
  prices: PriceRowEntry[];
}

/**
 * Works a stored request out anew, by the same arithmetic as when it was written, for its own date. Null when nobody answered
 * it, or the catalogue lacks a model of it and cannot tell better.
 */
export function recost({ request, attempts }: Recorded, { findModel, findBaseline }: PriceSource): Recosted | null {
  const { provider, model: id, baselineModel } = request;
  const model = provider !== null && id !== null ? findModel(provider, id) : undefined;
  const baseline = baselineModel === null ? null : findBaseline(baselineModel);
  if (!model || baseline === undefined) return null;

  // The request's own tokens belong to the last call to the model that answered; the calls before it came to nothing.
  const answering = attempts.findLast((attempt) => attempt.provider === provider && attempt.model === id);
  const billed: { id: string; attempt: Billing['attempts'][number] }[] = [];
  for (const attempt of attempts) {
    const called = findModel(attempt.provider, attempt.model);
    if (!called) return null;
    const failure = attempt === answering ? null : attempt.errorCode;
    billed.push({ id: attempt.id, attempt: { model: called, error: failure === null ? null : { code: failure } } });
  }
  const page: Billing = {
    opening: request,
    cache: request.cache,
    decision: { promptTokens: attempts.find((one) => one !== answering && one.isUsageEstimated)?.inputTokens ?? 0 },
    answer: { model },
    attempts: billed.map(({ attempt }) => attempt),
  };
  const settlement = settle(page, usageOf(request));
  return {
    ...moneyOf(page, settlement, baseline),
    attempts: billed.map(({ id, attempt }) => ({ id, costNanoUsd: billOf(page, attempt, settlement).costNanoUsd })),
  };
}

function usageOf(request: Request): Usage {
  return {
    ...NO_USAGE,
    input: request.inputTokens,
    cacheRead: request.cacheReadTokens,
    cacheWriteShort: request.cacheWriteShortTokens,
    cacheWriteLong: request.cacheWriteLongTokens,
    audioInput: request.audioInputTokens,
    output: request.outputTokens,
    reasoning: request.reasoningTokens,
    audioOutput: request.audioOutputTokens,
    isEstimated: request.isUsageEstimated,
    serviceTier: request.serviceTier ?? undefined,
    extras: request.usageExtras ?? undefined,
  };
}
