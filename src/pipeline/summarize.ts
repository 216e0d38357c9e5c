import { renderRouteFeatures } from '../chat/route-features.ts';
import type { PlaceWhy } from '../chat/why.ts';
import type { Considered, Decision } from './router/index.ts';

/** A decision as the ledger keeps it: whole for the models that could answer, by name and reason for the rest. */
export type DecisionSummary = Omit<Decision, 'candidates' | 'requestedModel'> & {
  candidates: Omit<Considered, 'isKept'>[];
  /** What replays are made from, as the ledger's row keeps it. */
  stored: string;
  /** Models that were not tried, by the reason. */
  dropped: DroppedModels[];
  /** It was decided for an earlier request, whose answer was given again. */
  isFromCache?: boolean;
};

export interface DroppedModels {
  why: PlaceWhy;
  /** `provider/model` each. */
  models: string[];
}

/** Leaves out what would make each row as large as the catalogue. */
export function summarize({ candidates, requestedModel: _, ...decision }: Decision): DecisionSummary {
  const kept: DecisionSummary['candidates'] = [];
  const dropped = new Map<string, DroppedModels>();
  for (const { isKept, ...candidate } of candidates) {
    if (isKept) {
      kept.push(candidate);
      continue;
    }
    const { why, provider, model } = candidate;
    const key = JSON.stringify(why);
    const group = dropped.get(key) ?? { why, models: [] };
    group.models.push(`${provider}/${model}`);
    dropped.set(key, group);
  }
  return { ...decision, candidates: kept, dropped: [...dropped.values()], stored: storedOf(decision) };
}

function storedOf({ failures, ...decision }: Omit<Decision, 'candidates' | 'requestedModel'>): string {
  const { small, medium, large, frontier } = failures ?? NOBODY_TOLD;
  return renderRouteFeatures({ ...decision, failures: failures ? [small, medium, large, frontier] : null });
}

const NOBODY_TOLD = { small: 0, medium: 0, large: 0, frontier: 0 };
