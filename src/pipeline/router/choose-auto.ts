import type { ChatRequest } from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import type { Catalogue } from './catalogue.ts';
import { settle, type Turn } from './conversations.ts';
import type { Allowance, Choice, Considered, Strategy } from './decision.ts';
import { expectationOf } from './expect.ts';
import {
  type AutoFacts,
  type Drop,
  describe,
  explainBeaten,
  explainChoice,
  explainNothing,
  explainPlace,
} from './explain.ts';
import { expectedLoad, fits } from './fit.ts';
import { findMissing, type Needs, readNeeds } from './needs.ts';
import { type Scored, score, type Yardstick } from './score.ts';
import { needsPrice, rank } from './strategies.ts';

/** More than these would only make a client wait for the error it gets in the end. */
const MAX_CANDIDATES = 4;

const SPARE = { code: 'spare' } as const;
const NOT_ALLOWED = { code: 'not-allowed' } as const;
const UNPRICED = { code: 'unpriced' } as const;
const TOO_DEAR = { code: 'too-dear' } as const;

export interface AutoQuestion {
  request: ChatRequest;
  catalogue: Catalogue;
  yardstick: Yardstick;
  strategy: Strategy;
  allowance: Allowance;
  minQuality: number | null;
  /** What this is the next turn of. */
  turn: Turn | null;
  isConnected: (providerId: string) => boolean;
  /** The wire format a provider speaks; needed only for requests with parts that one format alone knows. */
  dialectsOf: ((providerId: string) => readonly string[]) | undefined;
}

/** Chooses among the whole catalogue. Throws `no_candidate`, saying why in counts. */
export function chooseAuto(question: AutoQuestion): Choice {
  const { catalogue, strategy, yardstick } = question;
  const needs = readNeeds(question.request);
  const usable: Scored[] = [];
  const dropped: { scored: Scored; drop: Drop }[] = [];
  for (const entry of catalogue.entries) {
    const scored = score(entry, yardstick);
    const drop = findDrop(scored, needs, question);
    if (drop) dropped.push({ scored, drop });
    else usable.push(scored);
  }

  const { turn } = question;
  const best = rank(usable, strategy);
  const settled = turn ? settle(best, turn, strategy) : { ranked: best, note: null };
  const { ranked, note } = settled;
  const first = ranked[0];
  if (!first) {
    const drops = dropped.map(({ drop }) => drop);
    // Of those that could do it, the cheapest is still too dear.
    const code = drops.some(({ kind }) => kind === 'too-dear') ? 'budget_exceeded' : 'no_candidate';
    const { message, facts } = explainNothing(catalogue.entries.length, drops);
    throw new GatewayError(code, message, { param: 'model', facts });
  }

  const { judgement } = yardstick;
  // Success has three digits, so this floor is reached by the same models and is shorter to keep.
  const floor = Math.ceil(yardstick.floor * 1_000) / 1_000;
  const facts = { strategy, judgement, floor, rivals: ranked.length };
  const chosen = withSpare(ranked);
  const isStaying = note?.isStaying && first !== best[0];
  return {
    why: isStaying ? { code: 'stays', model: note.model, because: note.why } : explainChoice(first, facts),
    conversation: note,
    expectedOutputTokens: first.outputTokens,
    considered: [
      ...explainRanked(ranked, chosen, facts),
      ...dropped.map(({ scored, drop }) => describe(scored, { isKept: false, rank: null, why: drop.why })),
    ],
    candidates: chosen.map((scored) => {
      const { model } = scored.entry;
      return { model, providerId: model.provider, name: model.id, expected: expectationOf(scored, yardstick) };
    }),
  };
}

function explainRanked(ranked: readonly Scored[], chosen: readonly Scored[], facts: AutoFacts): Considered[] {
  const kept = chosen.map((scored, index) => {
    const isSpare = ranked[index] !== scored;
    return describe(scored, {
      isKept: true,
      rank: index + 1,
      why: isSpare ? SPARE : explainPlace(scored, index + 1, facts),
    });
  });
  const beaten = ranked.filter((scored) => !chosen.includes(scored));
  return kept.concat(
    beaten.map((scored) => describe(scored, { isKept: false, rank: null, why: explainBeaten(scored, facts) })),
  );
}

const noKeys = new Map<string, Drop>();

/** One object a provider: it is said of half a catalogue, for each request. */
function noKey(provider: string): Drop {
  const drop = noKeys.get(provider) ?? { kind: 'no-provider', why: { code: 'no-key', provider } };
  noKeys.set(provider, drop);
  return drop;
}

function findDrop(scored: Scored, needs: Needs, question: AutoQuestion): Drop | null {
  const { entry } = scored;
  const { provider } = entry.model;
  const { allowance } = question;
  if (!question.isConnected(provider)) return noKey(provider);
  if (!allowance.admits(entry.model)) return { kind: 'not-allowed', why: NOT_ALLOWED };

  const { dialects } = entry.model;
  if (dialects && !dialects.some((dialect) => speaks(provider, dialect, question))) {
    return { kind: 'format', why: { code: 'other-dialects', dialects: dialects.join(', ') } };
  }

  const missing = findMissing(needs, entry.model);
  if (missing) return { kind: 'ability', why: missing };
  if (needs.dialect !== null && !speaks(provider, needs.dialect, question)) {
    return { kind: 'format', why: { code: 'one-dialect', dialect: needs.dialect } };
  }

  const { minQuality } = question;
  if (minQuality !== null && (scored.quality ?? 0) < minQuality) {
    return { kind: 'too-weak', why: { code: 'too-weak', quality: scored.quality, asked: minQuality } };
  }

  const load = expectedLoad(question.request, scored, question.yardstick.promptTokens);
  if (!fits(load, entry)) {
    return { kind: 'context', why: { code: 'too-long', tokens: load.total, window: entry.model.context.window } };
  }
  const { costNanoUsd } = scored;
  if (costNanoUsd === null && (needsPrice(question.strategy) || !allowance.takesUnpriced)) {
    return { kind: 'unpriced', why: UNPRICED };
  }
  if (allowance.maxCostNanoUsd !== null && (costNanoUsd ?? 0) > allowance.maxCostNanoUsd) {
    return { kind: 'too-dear', why: TOO_DEAR };
  }
  return null;
}

function speaks(providerId: string, dialect: string, { dialectsOf }: AutoQuestion): boolean {
  return dialectsOf === undefined || dialectsOf(providerId).includes(dialect);
}

/**
 * The first few. Where all of them hang on one provider, the last place goes to the best of another, so that one provider's
 * bad day is not the gateway's.
 */
function withSpare(ranked: readonly Scored[]): Scored[] {
  const chosen = ranked.slice(0, MAX_CANDIDATES);
  const providers = new Set(chosen.map(({ entry }) => entry.model.provider));
  if (chosen.length < MAX_CANDIDATES || providers.size > 1) return chosen;
  const spare = ranked.find(({ entry }) => !providers.has(entry.model.provider));
  return spare ? [...chosen.slice(0, -1), spare] : chosen;
}
