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
  /** What verdicts on earlier answers have moved of that. */
  learned?: { success: number } | null;
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
  const { rank, expectedCostNanoUsd, expectedSuccess, learned, expectedLatencyMs } = candidate;
  const facts = [
    t.playground.success(successText(frame, expectedSuccess, learned)),
    expectedCostNanoUsd === null ? t.common.unpriced : format.money(expectedCostNanoUsd),
    expectedLatencyMs !== null && format.duration(expectedLatencyMs),
  ];
  return {
    name: `${rank === null ? '' : `${rank}. `}${candidate.provider}/${candidate.model}`,
    facts: facts.filter(Boolean).join(' · '),
    reason: writePlace(frame, candidate.why),
  };
}

/** An expected success, and by how many points it was moved by what was learned. */
export function successText({ format }: PlainFrame, success: number, learned: CandidateFacts['learned']): string {
  const points = (learned?.success ?? 0) * 100;
  if (Math.abs(points) < 0.05) return format.percent(success);
  return `${format.percent(success)} (${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(1)})`;
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
