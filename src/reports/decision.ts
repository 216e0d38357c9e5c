import { z } from 'zod';
import type { DecisionReport } from '../../views/pages/request-report.ts';

const candidate = z.object({
  model: z.string(),
  provider: z.string(),
  quality: z.number().nullable().catch(null),
  expectedCostNanoUsd: z.number().nullable().catch(null),
  expectedSuccess: z.number().nullable().catch(null),
  learned: z.object({ logit: z.number(), success: z.number() }).nullable().catch(null),
  expectedLatencyMs: z.number().nullable().catch(null),
  rank: z.number().nullable().catch(null),
  reason: z.string().catch(''),
});

const decision = z.object({
  strategy: z.string(),
  reason: z.string().catch(''),
  kind: z.string().nullable().catch(null),
  promptTokens: z.number().nullable().catch(null),
  expectedOutputTokens: z.number().nullable().catch(null),
  candidates: z.array(candidate).catch([]),
  dropped: z.record(z.string(), z.array(z.string())).catch({}),
});

/** What is stored of a decision is JSON of whatever version wrote it; null when it is none. */
export function readDecision(stored: unknown): DecisionReport | null {
  return decision.safeParse(stored).data ?? null;
}
