import type { Registry } from '../../../registry/load.ts';
import type { Model } from '../../../registry/schema.ts';
import type { RouteFeatures } from '../../chat/route-features.ts';
import { type Catalogue, type Entry, prepareCatalogue } from './catalogue.ts';
import type { Judgement, Strategy } from './decision.ts';
import { findMissing, type Needs } from './needs.ts';
import { type Scored, scoreKnown } from './score.ts';
import { rank } from './strategies.ts';

const DAY_MS = 86_400_000;

/** How `auto` is to choose in a replay. */
export interface ReplayChooser {
  strategy: Strategy;
  qualityTolerance: number;
  admits: (model: Model) => boolean;
  isConnected: (providerId: string) => boolean;
}

/** A request of before: what it looked like and how long the answer really was. */
export interface ReplayQuestion {
  features: RouteFeatures;
  outputTokens: number;
  at: number;
}

/** Chooses again for requests of before, from their stored features alone, with the prices of their own day. */
export function createReplay(registry: Registry) {
  let prepared: { day: number; catalogue: Catalogue } | null = null;

  const catalogueAt = (at: number): Catalogue => {
    const day = Math.floor(at / DAY_MS);
    if (prepared?.day !== day) prepared = { day, catalogue: prepareCatalogue(registry, at) };
    return prepared.catalogue;
  };

  return {
    /** The best model under these rules; null when none of them could have answered. */
    choose({ features, outputTokens, at }: ReplayQuestion, chooser: ReplayChooser): Model | null {
      const catalogue = catalogueAt(at);
      const judgement = judgementOf(features);
      const needs = needsOf(features);
      const usable: Scored[] = [];
      for (const entry of catalogue.entries) {
        const { model } = entry;
        const isOut =
          !chooser.isConnected(model.provider) || !chooser.admits(model) || findMissing(needs, model) !== null;
        if (isOut || model.context.window < features.promptTokens + outputTokens) continue;
        const known = {
          judgement,
          promptTokens: features.promptTokens,
          outputTokens,
          tolerance: chooser.qualityTolerance,
        };
        usable.push(scoreKnown(entry, catalogue, known));
      }
      return rank(usable, chooser.strategy)[0]?.entry.model ?? null;
    },
    /** The catalogue's score of a model for this kind of work; null = nobody told. */
    qualityOf(model: Model, { kind }: RouteFeatures, at: number): number | null {
      return entryOf(catalogueAt(at), model)?.scores[kind] ?? null;
    },
  };
}

function entryOf(catalogue: Catalogue, model: Model): Entry | undefined {
  return catalogue.byModel.get(model);
}

/** What was judged of a request of before, from what its row keeps. */
export function judgementOf({
  complexity,
  confidence,
  difficulty,
  kind,
  topic,
  topics,
  failures,
}: RouteFeatures): Judgement {
  const [small, medium, large, frontier] = failures ?? [];
  const isTold = small !== undefined && medium !== undefined && large !== undefined && frontier !== undefined;
  const told = isTold ? { failures: { small, medium, large, frontier } } : {};
  return { complexity, confidence, difficulty, kind, topic, topics, features: {}, ...told };
}

function needsOf({ needs }: RouteFeatures): Needs {
  const has = (ability: string): boolean => needs.includes(ability);
  return {
    tools: has('tools'),
    structuredOutput: has('structuredOutput'),
    vision: has('vision'),
    pdf: has('pdf'),
    audio: has('audio'),
    video: has('video'),
    dialect: null,
  };
}
