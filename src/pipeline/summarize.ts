import type { Considered, Decision } from './router/index.ts';

/** A decision as the ledger keeps it: whole for the models that could answer, by name and reason for the rest. */
export type DecisionSummary = Omit<Decision, 'candidates' | 'requestedModel'> & {
  candidates: Omit<Considered, 'isKept'>[];
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
  return { ...decision, candidates: kept, dropped };
}
