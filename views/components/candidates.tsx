import type { PlainFrame } from '../frame.ts';

/** A model the gateway looked at, as its decision tells it. */
export interface CandidateFacts {
  provider: string;
  model: string;
  rank: number | null;
  /** Null = unpriced. */
  expectedCostNanoUsd: number | null;
  expectedSuccess: number;
  expectedLatencyMs: number | null;
  /** A sentence. */
  reason: string;
}

/** The same, written out. */
export interface CandidateTexts {
  name: string;
  facts: string;
  reason: string;
}

export function candidateTexts({ t, format }: PlainFrame, candidate: CandidateFacts): CandidateTexts {
  const { rank, expectedCostNanoUsd, expectedSuccess, expectedLatencyMs } = candidate;
  const facts = [
    t.playground.success(format.percent(expectedSuccess)),
    expectedCostNanoUsd === null ? t.common.unpriced : format.money(expectedCostNanoUsd),
    expectedLatencyMs !== null && format.duration(expectedLatencyMs),
  ];
  return {
    name: `${rank === null ? '' : `${rank}. `}${candidate.provider}/${candidate.model}`,
    facts: facts.filter(Boolean).join(' · '),
    reason: candidate.reason,
  };
}

/** The candidates of a decision in their order. The program's own sentences are English. */
export const CandidateList = ({ candidates }: { candidates: readonly CandidateTexts[] }) => (
  <ul class="candidates">
    {candidates.map(({ name, facts, reason }) => (
      <li>
        <span class="strong">{name}</span>
        <span class="muted number">{facts}</span>
        <span class="muted" lang="en">
          {reason}
        </span>
      </li>
    ))}
  </ul>
);
