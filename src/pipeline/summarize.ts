import { renderRouteFeatures } from '../chat/route-features.ts';
import type { Considered, Decision } from './router/index.ts';

/** A decision as the ledger keeps it: whole for the models that could answer, by name and reason for the rest. */
export type DecisionSummary = Omit<Decision, 'candidates' | 'requestedModel'> & {
  candidates: Omit<Considered, 'isKept'>[];
  /** What replays are made from, as the ledger's row keeps it. */
  stored: string;
  /** Models that were not tried, by the reason. */
  dropped: Record<string, string[]>;
};

/** Leaves out what would make each row as large as the catalogue. */
export function summarize({ candidates, requestedModel: _, ...decision }: Decision): DecisionSummary {
  const kept: DecisionSummary['candidates'] = [];
  const dropped: Record<string, string[]> = {};
  for (const { isKept, ...candidate } of candidates) {
    if (isKept) {
      kept.push(candidate);
      continue;
    }
    const names = dropped[candidate.reason] ?? [];
    names.push(`${candidate.provider}/${candidate.model}`);
    dropped[candidate.reason] = names;
  }
  return { ...decision, candidates: kept, dropped, stored: storedOf(decision) };
}

function storedOf({ failures, ...decision }: Omit<Decision, 'candidates' | 'requestedModel'>): string {
  const { small, medium, large, frontier } = failures ?? NOBODY_TOLD;
  return renderRouteFeatures({ ...decision, failures: failures ? [small, medium, large, frontier] : null });
}

const NOBODY_TOLD = { small: 0, medium: 0, large: 0, frontier: 0 };
