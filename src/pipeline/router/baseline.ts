import type { Registry } from '../../../registry/load.ts';
import type { Model } from '../../../registry/schema.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { findMissing, readNeeds } from './needs.ts';

const bestFirst = new WeakMap<Registry, readonly Model[]>();

/**
 * The model that savings are counted against: the configured one, or else the catalogue's best by overall quality among
 * those that are current and have prices; with a request, the best that could have answered it. Null when a configured
 * name is not in the catalogue, so that a typing mistake shows as "savings unknown" and not as another model's savings.
 */
export function baselineFor(registry: Registry, baselineModel: string | null, request?: ChatRequest): Model | null {
  if (baselineModel !== null) return registry.find(baselineModel) ?? null;
  const models = rankedBy(registry);
  if (!request) return models[0] ?? null;
  const needs = readNeeds(request);
  return models.find((model) => findMissing(needs, model) === null) ?? models[0] ?? null;
}

function rankedBy(registry: Registry): readonly Model[] {
  const known = bestFirst.get(registry);
  if (known) return known;
  const models = registry
    .listActive()
    .filter((model) => model.status === 'active' && model.prices.length > 0 && model.quality.overall !== undefined)
    .sort((a, b) => overallOf(b) - overallOf(a) || (a.id < b.id ? -1 : 1));
  bestFirst.set(registry, models);
  return models;
}

function overallOf(model: Model): number {
  return model.quality.overall?.score ?? 0;
}
