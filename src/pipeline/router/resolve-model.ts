import type { Registry } from '../../../registry/load.ts';
import type { Model } from '../../../registry/schema.ts';
import { GatewayError } from '../../errors.ts';
import { STRATEGIES, type Strategy } from './decision.ts';

const AUTO = 'auto';
const AUTO_PREFIX = 'auto:';
const MAX_SHOWN_NAME = 100;
const MAX_COMPARED_NAME = 64;
const MAX_SUGGESTIONS = 3;

/** Whether the client leaves the choice to the gateway, and by what it is to choose; null = it names a model. */
export function readAuto(name: string): { strategy: Strategy | null } | null {
  if (name === AUTO) return { strategy: null };
  if (!name.startsWith(AUTO_PREFIX)) return null;
  const wanted = name.slice(AUTO_PREFIX.length);
  const strategy = STRATEGIES.find((known) => known === wanted);
  if (strategy) return { strategy };
  throw new GatewayError(
    'invalid_request',
    `"${shorten(name)}" is not a way to choose; use ${AUTO}, or ${STRATEGIES.map((known) => AUTO_PREFIX + known).join(', ')}.`,
    { param: 'model' },
  );
}

interface Lookup {
  registry: Registry;
  isConnected: (providerId: string) => boolean;
  /** In milliseconds; decides what an id that was redirected stands for. */
  at: number;
}

/**
 * Every model a name may mean, one for each provider that offers it; empty when there is none. A name with a slash is first
 * a model's own id and only then `provider/model`, unless nobody who offers that id can be reached.
 */
export function findModels(name: string, { registry, isConnected, at }: Lookup): Model[] {
  const named = registry.findAll(name);
  const [only] = named;
  if (only && named.length === 1) return [currentOf(only, registry, at)];
  const exact = named.filter((model) => isCalled(model, name));
  const addressed = named.filter((model) => !exact.includes(model));
  const isReachable = exact.some((model) => isConnected(model.provider));
  const meant = exact.length > 0 && (isReachable || addressed.length === 0) ? exact : addressed;

  const models: Model[] = [];
  for (const model of meant) {
    const current = currentOf(model, registry, at);
    if (!models.some((other) => other.provider === current.provider)) models.push(current);
  }
  return models;
}

/** The model that answers in its place, where it has been redirected. */
function currentOf(model: Model, registry: Registry, at: number): Model {
  return registry.find(`${model.provider}/${model.id}`, at) ?? model;
}

/** What to ask the provider for: a snapshot or alias is passed on as it was named, so that a pinned version stays pinned. */
export function nameOnWire(asked: readonly string[], model: Model): string {
  const own = asked.map((name) =>
    name.startsWith(`${model.provider}/`) ? name.slice(model.provider.length + 1) : name,
  );
  return model.aliases.find(({ id }) => asked.includes(id) || own.includes(id))?.id ?? model.id;
}

/** The error for a name nothing is known by, with the names that look most like it. */
export function unknownModel(name: string, registry: Registry): GatewayError {
  const close = suggest(name, registry);
  const hint = close.length > 0 ? ` Did you mean ${close.map((each) => `"${each}"`).join(' or ')}?` : '';
  return new GatewayError('unknown_model', `There is no model "${shorten(name)}" in the catalogue.${hint}`, {
    param: 'model',
  });
}

export function notAllowed({ id }: Model): GatewayError {
  const reason = `The model "${shorten(id)}" may not be used with this gateway key.`;
  return new GatewayError('model_not_allowed', `${reason} GET /v1/models lists those that may.`, { param: 'model' });
}

export function shorten(name: string): string {
  return name.length > MAX_SHOWN_NAME ? `${name.slice(0, MAX_SHOWN_NAME)}…` : name;
}

function isCalled(model: Model, name: string): boolean {
  return model.id === name || model.aliases.some((alias) => alias.id === name);
}

/** Both names are cut, so a long one costs no more than a short one. */
function suggest(name: string, registry: Registry): string[] {
  const wanted = name.slice(name.indexOf('/') + 1, MAX_COMPARED_NAME).toLowerCase();
  if (wanted.length < 3) return [];
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  const scored: { id: string; distance: number }[] = [];
  for (const { id } of registry.listActive()) {
    const known = id.slice(0, MAX_COMPARED_NAME).toLowerCase();
    const distance = known.startsWith(wanted) ? 1 : editDistance(wanted, known);
    if (distance <= limit && !scored.some((other) => other.id === id)) scored.push({ id, distance });
  }
  scored.sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1));
  return scored.slice(0, MAX_SUGGESTIONS).map(({ id }) => id);
}

/** How many letters have to be put in, taken out or changed to make one word of the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let at = 0; at < from.length; at++) {
    const next = [at + 1];
    for (let index = 0; index < to.length; index++) {
      const change = (row[index] ?? 0) + (from[at] === to[index] ? 0 : 1);
      next.push(Math.min(change, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
