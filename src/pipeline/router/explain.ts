import type { Complexity, Considered, Judgement, Strategy } from './decision.ts';
import type { Scored } from './score.ts';

/** Why a model is out, as it is counted when none is left. */
export type DropKind =
  | 'too-weak'
  | 'no-provider'
  | 'ability'
  | 'format'
  | 'context'
  | 'unpriced'
  | 'not-allowed'
  | 'too-dear';

export interface Drop {
  kind: DropKind;
  reason: string;
}

const COUNTED: Record<DropKind, string> = {
  'no-provider': 'have a provider without a key',
  'too-weak': 'score less than the request asks for',
  ability: 'cannot do what the request needs',
  format: 'have a provider that does not know a tool or part of it',
  context: 'are too small for it',
  unpriced: 'have no price to compare',
  'not-allowed': 'may not be used with this key',
  'too-dear': 'cost more than the key may spend on one request',
};

const WORK: Record<Complexity, string> = {
  simple: 'simple work',
  moderate: 'moderate work',
  complex: 'complex work',
  expert: 'expert work',
};

const LEAST_TOLD = 0.01;

export const SPARE = 'Stands by in case the provider of the others cannot be reached.';

/** The line of the decision about one model. */
export function describe(scored: Scored, verdict: Pick<Considered, 'isKept' | 'rank' | 'reason'>): Considered {
  const { model } = scored.entry;
  return {
    model: model.id,
    provider: model.provider,
    quality: scored.quality,
    expectedCostNanoUsd: scored.costNanoUsd,
    expectedSuccess: scored.success,
    learned: scored.learned,
    expectedLatencyMs: scored.latencyMs,
    firstContentMs: scored.firstContentMs,
    firstContentP95Ms: scored.firstContentP95Ms,
    health: scored.health,
    ...verdict,
    reason: verdict.isKept ? verdict.reason + explainLearned(scored) : verdict.reason,
  };
}

/** What verdicts on earlier answers have moved, as a sentence more; empty where that is less than a point. */
function explainLearned({ learned }: Scored): string {
  if (!learned || Math.abs(learned.success) < LEAST_TOLD) return '';
  const points = `${learned.success > 0 ? 'up' : 'down'} by ${(Math.abs(learned.success) * 100).toFixed(1)} points`;
  return ` Verdicts on earlier answers moved its expected success ${points}.`;
}

/** Why `auto` put the first model first, as one sentence. */
export function explainChoice(first: Scored, { strategy, judgement, floor, rivals }: AutoFacts): string {
  const { complexity, confidence } = judgement;
  const name = `${first.entry.model.provider}/${first.entry.model.id}`;
  const judged = `Judged as ${WORK[complexity]} (confidence ${confidence.toFixed(2)})`;
  return `${judged}: ${name} is ${firstAmong(first, { strategy, judgement, floor, rivals })}.`;
}

/** What the sentences about one choice have in common. */
export interface AutoFacts {
  strategy: Strategy;
  judgement: Judgement;
  floor: number;
  /** How many models were put in order, the first included. */
  rivals: number;
}

/** Why a model got its place. */
export function explainPlace(scored: Scored, place: number, facts: AutoFacts): string {
  if (place === 1) return `${capitalise(firstAmong(scored, facts))}.`;
  const { strategy, floor } = facts;
  if (!scored.meetsFloor && strategy !== 'quality') {
    return `${shortfall(scored, floor)}; only tried when the others fail.`;
  }
  switch (strategy) {
    case 'cost':
      return `The next cheapest that is expected to succeed at least ${percent(floor)} of the time.`;
    case 'quality':
      return `The next most likely to succeed, with ${percent(scored.success)}.`;
    case 'speed':
      return `The next fastest, with about ${seconds(scored.latencyMs)} s.`;
    case 'balanced':
      return `The next best when success (${percent(scored.success)}), cost and time are weighed.`;
    default:
      return strategy satisfies never;
  }
}

/** Why a model that could have answered got no place. */
export function explainBeaten(scored: Scored, { strategy, floor }: AutoFacts): string {
  if (scored.meetsFloor || strategy === 'quality') return 'It could answer, but better ones fill the places.';
  return `${shortfall(scored, floor)}.`;
}

/** Why nothing is left, in counts. */
export function explainNothing(total: number, drops: readonly Drop[]): string {
  if (total === 0) return 'The catalogue holds no model that could answer a chat.';
  const parts: string[] = [];
  for (const [kind, words] of Object.entries(COUNTED)) {
    const count = drops.filter((drop) => drop.kind === kind).length;
    if (count > 0) parts.push(`${count} ${words}`);
  }
  return `No model is left to answer this request: of ${total}, ${parts.join(', ')}.`;
}

function firstAmong(scored: Scored, { strategy, judgement, floor, rivals }: AutoFacts): string {
  const among = rivals === 1 ? 'the only model left' : null;
  const asked = `the ${percent(floor)} that ${WORK[judgement.complexity]} asks for`;
  if (!scored.meetsFloor && strategy !== 'quality') {
    return among ?? `the nearest to ${asked}, which none of ${rivals} is known to reach`;
  }
  if (among) return among;
  switch (strategy) {
    case 'cost':
      return `the cheapest of ${rivals} to reach an expected success of ${percent(floor)}`;
    case 'quality':
      return `the most likely of ${rivals} to succeed, with ${percent(scored.success)}`;
    case 'speed':
      return `the fastest of ${rivals} to reach an expected success of ${percent(floor)}, with about ${seconds(scored.latencyMs)} s`;
    case 'balanced':
      return `the best of ${rivals} when success (${percent(scored.success)}), cost and time are weighed`;
    default:
      return strategy satisfies never;
  }
}

function shortfall({ quality, success }: Scored, floor: number): string {
  if (quality === null) return 'Nobody has told how good it is';
  return `Expected to succeed ${percent(success)} of the time, short of the ${percent(floor)} asked for`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
