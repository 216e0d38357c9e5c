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

/** Leaves out what would make each row as large as the catalogue. Every field is named: copying the rest takes longer. */
export function summarize(decision: Decision): DecisionSummary {
  const kept: DecisionSummary['candidates'] = [];
  const dropped = createGroups();
  for (const candidate of decision.candidates) {
    if (candidate.isKept) kept.push(keptOf(candidate));
    else dropped.of(candidate.why).models.push(`${candidate.provider}/${candidate.model}`);
  }
  return {
    isExplicit: decision.isExplicit,
    strategy: decision.strategy,
    complexity: decision.complexity,
    confidence: decision.confidence,
    difficulty: decision.difficulty,
    kind: decision.kind,
    topic: decision.topic,
    failures: decision.failures,
    conversation: decision.conversation,
    features: decision.features,
    rule: decision.rule,
    arm: decision.arm,
    needs: decision.needs,
    promptTokens: decision.promptTokens,
    expectedOutputTokens: decision.expectedOutputTokens,
    why: decision.why,
    candidates: kept,
    dropped: dropped.list(),
    stored: storedOf(decision),
  };
}

/** The models that were dropped for one and the same reason. Most reasons are one object, and need not be compared by what they say. */
function createGroups() {
  const byObject = new Map<PlaceWhy, DroppedModels>();
  const byText = new Map<string, DroppedModels>();

  function of(why: PlaceWhy): DroppedModels {
    const known = byObject.get(why);
    if (known) return known;
    const text = JSON.stringify(why);
    const group = byText.get(text) ?? { why, models: [] };
    byText.set(text, group);
    byObject.set(why, group);
    return group;
  }

  return { of, list: () => [...byText.values()] };
}

function keptOf(candidate: Considered): Omit<Considered, 'isKept'> {
  const { firstContentMs, firstContentP95Ms, health } = candidate;
  return {
    model: candidate.model,
    provider: candidate.provider,
    quality: candidate.quality,
    expectedCostNanoUsd: candidate.expectedCostNanoUsd,
    expectedSuccess: candidate.expectedSuccess,
    expectedLatencyMs: candidate.expectedLatencyMs,
    ...(firstContentMs === undefined ? {} : { firstContentMs, firstContentP95Ms, health }),
    rank: candidate.rank,
    why: candidate.why,
  };
}

function storedOf(decision: Decision): string {
  const { complexity, confidence, difficulty, kind, topic, failures, promptTokens, needs, isExplicit } = decision;
  return renderRouteFeatures({
    ...{ complexity, confidence, difficulty, kind, topic, promptTokens, needs, isExplicit },
    failures: failures && [failures.small, failures.medium, failures.large, failures.frontier],
  });
}
