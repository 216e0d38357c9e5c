import type { ChoiceWhy, PlaceNote, PlaceWhy } from '../../chat/why.ts';
import type { Considered, Judgement, Strategy } from './decision.ts';
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
  why: PlaceWhy;
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

/** The line of the decision about one model. */
export function describe(scored: Scored, verdict: Pick<Considered, 'isKept' | 'rank' | 'why'>): Considered {
  const { model } = scored.entry;
  return {
    model: model.id,
    provider: model.provider,
    quality: scored.quality,
    expectedCostNanoUsd: scored.costNanoUsd,
    expectedSuccess: scored.success,
    expectedLatencyMs: scored.latencyMs,
    firstContentMs: scored.firstContentMs,
    firstContentP95Ms: scored.firstContentP95Ms,
    health: scored.health,
    isKept: verdict.isKept,
    rank: verdict.rank,
    why: verdict.why,
  };
}

/** What the reasons of one choice have in common. */
export interface AutoFacts {
  strategy: Strategy;
  judgement: Judgement;
  floor: number;
  /** How many models were put in order, the first included. */
  rivals: number;
}

/** Why `auto` put the first model first. */
export function explainChoice(first: Scored, facts: AutoFacts): ChoiceWhy {
  const { complexity, confidence } = facts.judgement;
  const model = `${first.entry.model.provider}/${first.entry.model.id}`;
  return {
    code: 'judged',
    complexity,
    confidence,
    model,
    first: withNotes(firstAmong(first, facts), notesOn(first, facts.judgement)),
  };
}

/** Why a model got its place. */
export function explainPlace(scored: Scored, place: number, facts: AutoFacts): PlaceWhy {
  return withNotes(placeOf(scored, place, facts), notesOn(scored, facts.judgement));
}

function placeOf(scored: Scored, place: number, facts: AutoFacts): PlaceWhy {
  if (place === 1) return firstAmong(scored, facts);
  const { strategy, floor } = facts;
  const { success, latencyMs } = scored;
  if (!scored.meetsFloor && strategy !== 'quality') return shortfall(scored, { floor, isTried: true });
  switch (strategy) {
    case 'cost':
      return { code: 'next-cheapest', floor };
    case 'quality':
      return { code: 'next-likeliest', success };
    case 'speed':
      return { code: 'next-fastest', latencyMs };
    case 'balanced':
      return { code: 'next-weighed', success };
    default:
      return strategy satisfies never;
  }
}

/** Why a model that could have answered got no place. */
export function explainBeaten(scored: Scored, { strategy, floor }: AutoFacts): PlaceWhy {
  const isGoodEnough = scored.meetsFloor || strategy === 'quality';
  const why = isGoodEnough ? BEATEN : shortfall(scored, { floor, isTried: false });
  return withNotes(why, roomNote(scored));
}

const BEATEN = { code: 'beaten' } as const;

/** Why nothing is left, in counts: the message of the error, and the numbers in it. */
export function explainNothing(total: number, drops: readonly Drop[]) {
  const counts: Record<string, number> = {};
  if (total === 0) return { message: 'The catalogue holds no model that could answer a chat.', facts: { total } };
  const parts: string[] = [];
  for (const [kind, words] of Object.entries(COUNTED)) {
    const count = drops.filter((drop) => drop.kind === kind).length;
    if (count === 0) continue;
    parts.push(`${count} ${words}`);
    counts[kind] = count;
  }
  return {
    message: `No model is left to answer this request: of ${total}, ${parts.join(', ')}.`,
    facts: { total, ...counts },
  };
}

function firstAmong({ meetsFloor, success, latencyMs }: Scored, facts: AutoFacts): PlaceWhy {
  const { strategy, judgement, floor, rivals } = facts;
  if (rivals === 1) return { code: 'only-one' };
  if (!meetsFloor && strategy !== 'quality') {
    return { code: 'nearest', floor, complexity: judgement.complexity, rivals };
  }
  switch (strategy) {
    case 'cost':
      return { code: 'cheapest', floor, rivals };
    case 'quality':
      return { code: 'likeliest', success, rivals };
    case 'speed':
      return { code: 'fastest', floor, rivals, latencyMs };
    case 'balanced':
      return { code: 'best-weighed', success, rivals };
    default:
      return strategy satisfies never;
  }
}

function shortfall({ quality, success }: Scored, { floor, isTried }: { floor: number; isTried: boolean }): PlaceWhy {
  if (quality === null) return { code: 'unrated', isTried };
  return { code: 'short', success, floor, isTried };
}

/** What made a model count for less than its numbers say. */
function notesOn(scored: Scored, { kind }: Judgement): PlaceNote[] {
  const counted = scored.entry.cautious[kind];
  const { quality } = scored;
  if (counted === null || quality === null) return roomNote(scored);
  return [...roomNote(scored), { code: 'estimated', quality, counted: Math.round(counted) }];
}

function roomNote({ scarceRoom }: Scored): PlaceNote[] {
  return scarceRoom === null ? [] : [{ code: 'little-room', left: scarceRoom }];
}

function withNotes(why: PlaceWhy, notes: PlaceNote[]): PlaceWhy {
  return notes.length === 0 ? why : { ...why, notes };
}
