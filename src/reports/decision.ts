import { z } from 'zod';
import type { DecisionReport } from '../../views/pages/request-report.ts';
import { ENGLISH, writeChoice, writePlace } from '../../views/why.ts';
import { ChoiceWhy, PlaceWhy } from '../chat/why.ts';

const names = z.array(z.string());

const candidate = z.object({
  model: z.string(),
  provider: z.string(),
  quality: z.number().nullable().catch(null),
  expectedCostNanoUsd: z.number().nullable().catch(null),
  expectedSuccess: z.number().nullable().catch(null),
  expectedLatencyMs: z.number().nullable().catch(null),
  rank: z.number().nullable().catch(null),
  why: PlaceWhy.nullable().catch(null),
  reason: z.string().catch(''),
});

const dropped = z.union([
  z.array(z.object({ why: PlaceWhy.nullable().catch(null), reason: z.string().catch(''), models: names })),
  // Of the versions that kept sentences in place of codes.
  z
    .record(z.string(), names)
    .transform((byReason) => Object.entries(byReason).map(([reason, models]) => ({ why: null, reason, models }))),
]);

const decision = z.object({
  strategy: z.string(),
  why: ChoiceWhy.nullable().catch(null),
  reason: z.string().catch(''),
  isFromCache: z.boolean().catch(false),
  kind: z.string().nullable().catch(null),
  promptTokens: z.number().nullable().catch(null),
  expectedOutputTokens: z.number().nullable().catch(null),
  candidates: z.array(candidate).catch([]),
  dropped: dropped.catch([]),
});

/** What is stored of a decision is JSON of whatever version wrote it; null when it is none. */
export function readDecision(stored: unknown): DecisionReport | null {
  return decision.safeParse(stored).data ?? null;
}

/** A stored decision as programs are told it: the reasons as codes, and as English sentences. */
export function renderDecision({ dropped: all, candidates, reason, ...rest }: DecisionReport): object {
  const said = rest.why ? writeChoice(ENGLISH, rest.why) : reason;
  return {
    ...rest,
    reason: rest.isFromCache ? `${ENGLISH.t.reasons.fromCache} ${said}` : said,
    candidates: candidates.map((one) => ({ ...one, reason: one.why ? writePlace(ENGLISH, one.why) : one.reason })),
    dropped: all.map((one) => ({ ...one, reason: one.why ? writePlace(ENGLISH, one.why) : one.reason })),
  };
}
