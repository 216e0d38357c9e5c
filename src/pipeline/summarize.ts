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
export function summarize(decision: Decision): DecisionSummary {
  const kept: DecisionSummary['candidates'] = [];
  const dropped: Record<string, string[]> = {};
  for (const candidate of decision.candidates) {
    if (candidate.isKept) {
      const { isKept: _, ...told } = candidate;
      kept.push(told);
      continue;
    }
    const names = dropped[candidate.reason] ?? [];
    names.push(`${candidate.provider}/${candidate.model}`);
    dropped[candidate.reason] = names;
  }
  const { requestedModel: _, ...told } = decision;
  return { ...told, candidates: kept, dropped, stored: storedOf(decision) };
}

function storedOf(decision: Decision): string {
  const { complexity, confidence, difficulty, kind, topic, failures, promptTokens, needs, isExplicit } = decision;
  return renderRouteFeatures({
    ...{ complexity, confidence, difficulty, kind, topic, promptTokens, needs, isExplicit },
    failures: failures && [failures.small, failures.medium, failures.large, failures.frontier],
  });
}
