import type { Registry } from '../../../registry/load.ts';
import type { Model } from '../../../registry/schema.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { ChoiceWhy, PlaceWhy } from '../../chat/why.ts';
import { GatewayError } from '../../errors.ts';
import type { Catalogue, Entry } from './catalogue.ts';
import type { Allowance, Choice, Considered } from './decision.ts';
import { expectationOf } from './expect.ts';
import { describe } from './explain.ts';
import { surelyTooLong } from './fit.ts';
import { findMissing, readNeeds } from './needs.ts';
import { findModels, nameOnWire, notAllowed, shorten, unknownModel } from './resolve-model.ts';
import { type Scored, score, type Yardstick } from './score.ts';
import { rankByCost } from './strategies.ts';

export interface ExplicitQuestion {
  request: ChatRequest;
  fallbackModels: readonly string[];
  registry: Registry;
  catalogue: Catalogue;
  yardstick: Yardstick;
  allowance: Allowance;
  isConnected: (providerId: string) => boolean;
  /** How an operator gives this provider a key, as a sentence. */
  keyHint: (providerId: string) => string;
  /** The wire formats a provider speaks. */
  dialectsOf: ((providerId: string) => readonly string[]) | undefined;
  at: number;
}

interface Verdict {
  scored: Scored;
  /** Null when the model may answer. */
  refusal: Refusal | null;
}

/** Why a model may not answer: for whoever named it, and for the decision. */
interface Refusal {
  error: GatewayError;
  why: PlaceWhy;
}

/**
 * The model the request names, from whoever offers it, cheapest first; after it only those that were named as fallbacks.
 * Throws `unknown_model`, `unsupported`, `no_provider` or `context_too_long` when nobody of them can be asked, and
 * `model_not_allowed` for a model that whoever asks may not use, whatever stands in for it.
 */
export function chooseExplicit(question: ExplicitQuestion): Choice {
  const { request, registry, fallbackModels } = question;
  const models = findModels(request.model, question);
  if (models.length === 0) throw unknownModel(request.model, registry);

  const named = judgeAll(models, question);
  const forbidden = named.every(({ refusal }) => refusal?.error.code === 'model_not_allowed')
    ? named[0]?.refusal
    : null;
  if (forbidden) throw forbidden.error;
  const standIns = fallbackModels.map((name) =>
    judgeAll(findModels(name, question), question).map((verdict) => checkNeeds(verdict, request)),
  );
  const primary = rankByCost(allowed(named));
  const chosen = unique([...primary, ...standIns.flatMap((verdicts) => rankByCost(allowed(verdicts)))]);
  const first = chosen[0];
  if (!first) throw mostUseful(named);

  return {
    why: explain(request.model, { isStandIn: primary.length === 0, first }),
    expectedOutputTokens: first.outputTokens,
    considered: [
      ...chosen.map((scored, index) =>
        describe(scored, { isKept: true, rank: index + 1, why: placeOf(scored, primary) }),
      ),
      ...refused([...named, ...standIns.flat()]),
      ...fallbackModels.filter((_, index) => standIns[index]?.length === 0).map(unknownFallback),
    ],
    candidates: chosen.map((scored) => {
      const { model } = scored.entry;
      const name = nameOnWire([request.model, ...fallbackModels], model);
      return { model, providerId: model.provider, name, expected: expectationOf(scored, question.yardstick) };
    }),
  };
}

function judgeAll(models: readonly Model[], question: ExplicitQuestion): Verdict[] {
  return models.flatMap((model) => {
    const entry = question.catalogue.byModel.get(model);
    return entry ? [{ scored: score(entry, question.yardstick), refusal: refuse(entry, question) }] : [];
  });
}

function refuse(entry: Entry, question: ExplicitQuestion): Refusal | null {
  const { id, provider, status, replacement, modalities, context, dialects } = entry.model;
  const name = shorten(id);
  if (status === 'retired') {
    const hint = replacement === null ? '' : ` "${shorten(replacement)}" replaces it.`;
    const error = new GatewayError('unknown_model', `The model "${name}" has been retired.${hint}`, { param: 'model' });
    return { error, why: { code: 'retired', replacement: replacement && shorten(replacement) } };
  }
  if (!question.allowance.admits(entry.model)) return { error: notAllowed(entry.model), why: { code: 'not-allowed' } };
  if (!modalities.out.includes('text')) {
    const error = new GatewayError('unsupported', `The model "${name}" does not answer chats.`, { param: 'model' });
    return { error, why: { code: 'no-chat' } };
  }
  if (!question.isConnected(provider)) {
    const reason = `The model "${name}" is offered by ${provider}, for which the gateway has no key.`;
    const error = new GatewayError('no_provider', `${reason} ${question.keyHint(provider)}`, { param: 'model' });
    return { error, why: { code: 'no-key', provider } };
  }
  if (dialects && !(question.dialectsOf?.(provider) ?? dialects).some((dialect) => dialects.includes(dialect))) {
    const reason = `The model "${name}" is served through ${dialects.join(' and ')} only, which the gateway does not use.`;
    const error = new GatewayError('unsupported', reason, { param: 'model' });
    return { error, why: { code: 'other-dialects', dialects: dialects.join(', ') } };
  }
  const { promptTokens: tokens } = question.yardstick;
  if (surelyTooLong(question.request, entry, tokens)) {
    const { window } = context;
    const holds = `which holds ${window.toLocaleString('en-US')} tokens`;
    const error = new GatewayError('context_too_long', `The request is too long for "${name}", ${holds}.`);
    return { error, why: { code: 'too-long', tokens, window } };
  }
  return null;
}

/** A model that was asked for by name may try its luck; one that stands in for it must be able to. */
function checkNeeds(verdict: Verdict, request: ChatRequest): Verdict {
  const { model } = verdict.scored.entry;
  const missing = verdict.refusal ? null : findMissing(readNeeds(request), model);
  if (missing?.code !== 'cannot') return verdict;
  const error = new GatewayError('unsupported', `It lacks ${missing.ability}, which the request needs.`);
  return { ...verdict, refusal: { error, why: missing } };
}

function allowed(verdicts: readonly Verdict[]): Scored[] {
  return verdicts.filter(({ refusal }) => refusal === null).map(({ scored }) => scored);
}

function refused(verdicts: readonly Verdict[]): Considered[] {
  const seen = new Set<Entry>();
  return verdicts.flatMap(({ scored, refusal }) => {
    if (refusal === null || seen.has(scored.entry)) return [];
    seen.add(scored.entry);
    return describe(scored, { isKept: false, rank: null, why: refusal.why });
  });
}

/** Of several reasons the one that an operator or the client can best act on. */
function mostUseful(verdicts: readonly Verdict[]): GatewayError {
  const refusals = verdicts.flatMap(({ refusal }) => refusal?.error ?? []);
  const order: string[] = ['context_too_long', 'no_provider', 'unsupported', 'model_not_allowed', 'unknown_model'];
  refusals.sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
  return refusals[0] ?? new GatewayError('no_candidate', 'No model is left to answer this request.');
}

function unique(all: readonly Scored[]): Scored[] {
  const seen = new Set<Entry>();
  return all.filter(({ entry }) => !seen.has(entry) && seen.add(entry));
}

function placeOf(scored: Scored, primary: readonly Scored[]): PlaceWhy {
  if (!primary.includes(scored)) return { code: 'fallback' };
  return { code: primary.length > 1 ? 'named-cheapest-first' : 'named' };
}

function unknownFallback(name: string): Considered {
  return {
    model: shorten(name),
    provider: '',
    quality: null,
    expectedCostNanoUsd: null,
    expectedSuccess: 0,
    expectedLatencyMs: null,
    isKept: false,
    rank: null,
    why: { code: 'unknown-fallback' },
  };
}

function explain(name: string, { isStandIn, first }: { isStandIn: boolean; first: Scored }): ChoiceWhy {
  const model = shorten(name);
  if (!isStandIn) return { code: 'asked', model };
  return { code: 'stand-in', model, fallback: first.entry.model.id };
}
