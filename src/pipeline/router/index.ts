import type { Registry } from '../../../registry/load.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Catalogue, prepareCatalogue } from './catalogue.ts';
import { chooseAuto } from './choose-auto.ts';
import { chooseExplicit } from './choose-explicit.ts';
import { chooseEmbedder, findCounters, type NamedQuestion } from './choose-named.ts';
import type { Candidate, Choice, Decision, Routed, RouteQuestion, Strategy } from './decision.ts';
import { estimatePromptTokens } from './estimate.ts';
import { readAuto } from './resolve-model.ts';
import { floorOf, type Latency, type Yardstick } from './score.ts';

export { baselineFor } from './baseline.ts';
export type { NamedQuestion } from './choose-named.ts';
export {
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

const DAY_MS = 86_400_000;
const DEFAULT_TOLERANCE = 0.02;
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

  /**
   * The models to ask, best first, and why. Throws `unknown_model`, `unsupported`, `no_provider` or `context_too_long` for a
   * model that was named, `no_candidate` when `auto` finds none, and `invalid_request` for an `auto:` it does not know.
   */
  function choose(question: RouteQuestion): Routed {
    const { request, classification: judgement } = question;
    const at = now();
    const registry = options.registry();
    const catalogue = prepared.get(registry, at);
    const auto = readAuto(request.model);
    const strategy = auto?.strategy ?? question.strategy ?? settings.defaultStrategy;
    const yardstick: Yardstick = {
      request,
      judgement,
      promptTokens: estimatePromptTokens(request),
      floor: floorOf(catalogue, judgement, settings.qualityTolerance ?? DEFAULT_TOLERANCE),
      latency,
    };

    const choice = auto
      ? chooseAuto({ request, catalogue, yardstick, strategy, isConnected, dialectsOf })
      : chooseExplicit({
          request,
          fallbackModels: question.fallbackModels ?? [],
          registry,
          catalogue,
          yardstick,
          isConnected,
          keyHint,
          dialectsOf,
          at,
        });
    return { decision: decide(choice, yardstick, auto ? strategy : 'explicit'), candidates: choice.candidates };
  }

  return {
    choose,
    /** Who is to make vectors, best first. Throws `unknown_model`, `unsupported` or `no_provider`. */
    embedders: (question: NamedQuestion): Candidate[] =>
      chooseEmbedder({ ...question, registry: options.registry(), isConnected, keyHint, at: now() }),
    /** Who could count the tokens of a chat for this model; empty for `auto`. Throws `unknown_model`. */
    counters: (model: string): Candidate[] =>
      findCounters({ model, registry: options.registry(), isConnected, at: now() }),
  };
}

function decide(choice: Choice, yardstick: Yardstick, strategy: Decision['strategy']): Decision {
  const { request, judgement, promptTokens } = yardstick;
  return {
    requestedModel: request.model.slice(0, MAX_KEPT_NAME),
    isExplicit: strategy === 'explicit',
    strategy,
    complexity: judgement.complexity,
    confidence: judgement.confidence,
    difficulty: judgement.difficulty,
    kind: judgement.kind,
    features: judgement.features,
    promptTokens,
    expectedOutputTokens: choice.expectedOutputTokens,
    reason: choice.reason,
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
