import type { PlaceWhy } from '../../src/chat/why.ts';
import type { PlainFrame } from '../frame.ts';
import { writePlace } from '../why.ts';

/** A model the gateway looked at, as its decision tells it. */
export interface CandidateFacts {
  provider: string;
  model: string;
  rank: number | null;
  /** Null = unpriced. */
  expectedCostNanoUsd: number | null;
  expectedSuccess: number;
  expectedLatencyMs: number | null;
  why: PlaceWhy;
}

/** The same, written out. */
export interface CandidateTexts {
  name: string;
  facts: string;
  reason: string;
}

export function candidateTexts(frame: PlainFrame, candidate: CandidateFacts): CandidateTexts {
  const { t, format } = frame;
  const { rank, expectedCostNanoUsd, expectedSuccess, expectedLatencyMs } = candidate;
  const facts = [
    t.playground.success(format.percent(expectedSuccess)),
    expectedCostNanoUsd === null ? t.common.unpriced : format.money(expectedCostNanoUsd),
    expectedLatencyMs !== null && format.duration(expectedLatencyMs),
  ];
  return {
    name: `${rank === null ? '' : `${rank}. `}${candidate.provider}/${candidate.model}`,
    facts: facts.filter(Boolean).join(' · '),
    reason: writePlace(frame, candidate.why),
  };
}

/** The candidates of a decision in their order. */
export const CandidateList = ({ candidates }: { candidates: readonly CandidateTexts[] }) => (
  <ul class="candidates">
    {candidates.map(({ name, facts, reason }) => (
      <li>
        <span class="strong">{name}</span>
        <span class="muted number">{facts}</span>
        <span class="muted">{reason}</span>
      </li>
    ))}
  </ul>
);
