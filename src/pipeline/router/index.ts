import type { Registry } from '../../../registry/load.ts';
import type { RouteRules } from '../../chat/route-policy.ts';
import { GatewayError } from '../../errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Catalogue, prepareCatalogue } from './catalogue.ts';
import { chooseAuto } from './choose-auto.ts';
import { chooseExplicit } from './choose-explicit.ts';
import { chooseEmbedder, findCounters, type NamedQuestion } from './choose-named.ts';
import { conversationKeyOf, createConversations } from './conversations.ts';
import {
  ALLOWS_ALL,
  type Allowance,
  type Candidate,
  type Choice,
  type Decision,
  type Routed,
  type RouteQuestion,
  STRATEGIES,
  type Strategy,
} from './decision.ts';
import { estimatePromptTokens } from './estimate.ts';
import { atLeast, withBounds, withRules } from './narrow.ts';
import { neededAbilities } from './needs.ts';
import { readAuto } from './resolve-model.ts';
import { floorOf, type Latency, type Yardstick } from './score.ts';
import { createTrackRecords, type Written } from './track-records.ts';

export { baselineFor } from './baseline.ts';
export { FLOOR_QUANTILES } from './catalogue.ts';
export type { NamedQuestion } from './choose-named.ts';
export { conversationKeyOf } from './conversations.ts';
export {
  type Allowance,
  type Bounds,
  type Candidate,
  type Considered,
  type Decision,
  type Judgement,
  type Routed,
  type RouteQuestion,
  STRATEGIES,
  type Strategy,
} from './decision.ts';
export { estimatePromptTokens, textTokens } from './estimate.ts';
export { createReplay } from './replay.ts';
export { POINTS_PER_DECADE } from './strategies.ts';

const DAY_MS = 86_400_000;
/** How much expected success may be given up where nobody says otherwise. */
export const DEFAULT_TOLERANCE = 0.02;
const MAX_KEPT_NAME = 200;

interface RouterOptions {
  /** The catalogue of this moment; what is worked out from it is kept for as long as it is the same object. */
  registry: () => Registry;
  isConnected: (providerId: string) => boolean;
  now: Clock;
  settings: {
    defaultStrategy: Strategy;
    /** How much expected success every strategy but `quality` may give up below the floor, from 0 to 0.1. */
    qualityTolerance?: number | undefined;
  };
  latency?: Latency | undefined;
  /** The share that is left of a provider's rate limits for a model; null = nobody told. */
  room?: Yardstick['room'];
  /** The wire formats a provider speaks. Without it, tools and parts of one format may be routed to a provider of another. */
  dialectsOf?: ((providerId: string) => readonly string[]) | undefined;
  /** How an operator gives a provider its key, as a sentence; it ends the message of `no_provider`. */
  keyHint?: ((providerId: string) => string) | undefined;
}

export type Router = ReturnType<typeof createRouter>;

/** Decides who is to answer a request. Everything it needs is in memory; a decision takes microseconds. */
export function createRouter(options: RouterOptions) {
  const { isConnected, now, settings, latency, dialectsOf } = options;
  const keyHint = options.keyHint ?? ((providerId: string) => `Add a provider key for ${providerId}.`);
  const prepared = createPreparation();
  const conversations = createConversations();
  const records = createTrackRecords();

  /**
   * The models to ask, best first, and why. Throws `unknown_model`, `unsupported`, `no_provider` or `context_too_long` for a
   * model that was named, `no_candidate` or `budget_exceeded` when `auto` finds none, `invalid_request` for an `auto:` it does
   * not know, and `model_not_allowed` or `forbidden` for what whoever asks may not use.
   */
  function choose(question: RouteQuestion): Routed {
    const { request, bounds, rules, ownerId = '' } = question;
    const judgement = atLeast(question.classification, rules?.minComplexity);
    const allowance = withRules(withBounds(question.allowance ?? ALLOWS_ALL, bounds), rules);
    const at = now();
    const registry = options.registry();
    const catalogue = prepared.get(registry, at);
    const auto = readAuto(request.model);
    const wish = auto?.strategy ?? rules?.strategy ?? question.strategy;
    const strategy = auto ? strategyFor(wish, allowance) : (wish ?? settings.defaultStrategy);
    const conversationKey = auto ? conversationKeyOf(request, ownerId) : null;
    const turn = conversationKey === null ? null : conversations.find(conversationKey, request, at);
    const tolerance =
      bounds?.qualityTolerance ?? rules?.qualityTolerance ?? settings.qualityTolerance ?? DEFAULT_TOLERANCE;
    const yardstick: Yardstick = {
      request,
      judgement,
      promptTokens: estimatePromptTokens(request),
      floor: floorOf(catalogue, judgement, tolerance),
      latency,
      room: options.room,
      seen: (providerId, modelId) => records.read(providerId, modelId, at),
      ahead: turn ? { cachedTokens: turn.cachedTokens, turns: turn.ahead } : undefined,
    };

    const choice = auto
      ? chooseAuto({
          request,
          catalogue,
          yardstick,
          strategy,
          allowance,
          minQuality: bounds?.minQuality ?? null,
          turn,
          isConnected,
          dialectsOf,
        })
      : chooseExplicit({
          request,
          fallbackModels: question.fallbackModels ?? [],
          registry,
          catalogue,
          yardstick,
          allowance,
          isConnected,
          keyHint,
          dialectsOf,
          at,
        });
    const decision = decide(choice, yardstick, { strategy: auto ? strategy : 'explicit', rules });
    return { decision, candidates: choice.candidates, conversationKey };
  }

  /** That this model has answered, so that the conversation's next turn knows what its provider has in its cache. */
  function remember({ decision, conversationKey }: Omit<Routed, 'candidates'>, { providerId, model }: Candidate): void {
    if (conversationKey === null) return;
    conversations.remember(conversationKey, `${providerId}/${model.id}`, decision.promptTokens, now());
  }

  /** The gateway's own choice gives way to what is allowed; what was asked for does not. */
  function strategyFor(wish: Strategy | undefined, allowance: Allowance): Strategy {
    const strategy = wish ?? settings.defaultStrategy;
    if (allowance.admitsStrategy(strategy)) return strategy;
    const allowed = STRATEGIES.filter((each) => allowance.admitsStrategy(each));
    const [first] = allowed;
    if (wish === undefined && first) return first;
    const choice = allowed.length > 0 ? `it may by ${allowed.join(', ')}` : 'it may not let it choose at all';
    const reason = `This gateway key may not let the gateway choose by ${strategy}; ${choice}.`;
    throw new GatewayError('forbidden', reason, { param: 'model' });
  }

  return {
    choose,
    remember,
    /** How a call to a provider went: what is expected of the next one. */
    observe: records.add,
    /** How long an answer was written on; null is none that tells. */
    observeEnd(written: Written | null): void {
      if (written) records.addPace(written);
    },
    /** Who is to make vectors, best first. Throws `unknown_model`, `model_not_allowed`, `unsupported` or `no_provider`. */
    embedders: (question: NamedQuestion): Candidate[] =>
      chooseEmbedder({ ...question, registry: options.registry(), isConnected, keyHint, at: now() }),
    /** Who could count the tokens of a chat for this model; empty for `auto`. Throws `unknown_model` or `model_not_allowed`. */
    counters: (model: string, allowance?: Allowance): Candidate[] =>
      findCounters({ model, allowance, registry: options.registry(), isConnected, at: now() }),
  };
}

function decide(
  choice: Choice,
  yardstick: Yardstick,
  { strategy, rules }: { strategy: Decision['strategy']; rules: RouteRules | undefined },
): Decision {
  const { request, judgement, promptTokens } = yardstick;
  return {
    requestedModel: request.model.slice(0, MAX_KEPT_NAME),
    isExplicit: strategy === 'explicit',
    strategy,
    complexity: judgement.complexity,
    confidence: judgement.confidence,
    difficulty: judgement.difficulty,
    kind: judgement.kind,
    topic: judgement.topic ?? null,
    failures: judgement.failures ?? null,
    conversation: choice.conversation ?? null,
    features: judgement.features,
    rule: rules?.rule ?? null,
    arm: rules?.arm ?? null,
    needs: neededAbilities(request),
    promptTokens,
    expectedOutputTokens: choice.expectedOutputTokens,
    why: choice.why,
    candidates: choice.considered,
  };
}

/** Works a catalogue out once for each registry and day: prices and retirements change at midnight, UTC. */
function createPreparation() {
  let last: { registry: Registry; day: number; catalogue: Catalogue } | null = null;

  function get(registry: Registry, at: number): Catalogue {
    const day = Math.floor(at / DAY_MS);
    if (last?.registry !== registry || last.day !== day) {
      last = { registry, day, catalogue: prepareCatalogue(registry, at) };
    }
    return last.catalogue;
  }

  return { get };
}
