import type { Fact, PageProvenance, RegistryEvent } from '../events.ts';
import type { Model } from '../schema.ts';
import type { ModelFacts, ParsedFacts } from './fact-page.ts';

/** A page of which more rows than this are not understood, or that ends more of the living models, is not believed. */
const MAX_ERRORS = 0.1;
const MAX_ENDED = 0.25;
/** A limit that changes by more than this is a slip of a unit. */
const BELIEVABLE_FACTOR = 10;

interface FactInput {
  /** The provider's models. */
  models: readonly Model[];
  parsed: ParsedFacts;
  provider: string;
  provenance: PageProvenance;
}

export type FactResult =
  | { type: 'taken'; models: Model[]; events: RegistryEvent[] }
  | { type: 'rejected'; reasons: string[] };

/** The models after a page of facts. Pinned models and those whose facts are of a later day stay as they are. */
export function applyFacts({ models, parsed, provider, provenance }: FactInput): FactResult {
  const { facts, errors } = parsed;
  const total = facts.length + errors.length;
  if (facts.length === 0) return { type: 'rejected', reasons: ['The page says nothing of any model.'] };
  if (errors.length / total > MAX_ERRORS) {
    return { type: 'rejected', reasons: [`${errors.length} of ${total} rows are not understood.`] };
  }
  const events: RegistryEvent[] = errors.map((error) => ({ type: 'row_error', ...error, provider, provenance }));
  const day = provenance.fetchedAt.slice(0, 10);
  const ids = new Set(models.map(({ id }) => id));
  const byModel = new Map(models.map((model) => [model.id, factsOf(model, facts)]));
  const merged = models.map((model) => {
    const said = byModel.get(model.id);
    if (!said || model.provenance.pinned || model.provenance.fetchedAt.slice(0, 10) > day) return model;
    return applyTo(model, said, {
      models,
      ids,
      day,
      report: (event) => events.push({ ...event, provider, provenance }),
    });
  });
  const living = models.filter(isLiving);
  const ended = living.filter(({ id }) => merged.some((model) => model.id === id && !isLiving(model)));
  if (ended.length > 1 && ended.length / living.length > MAX_ENDED) {
    return { type: 'rejected', reasons: [`It ends ${ended.length} of ${living.length} models at once.`] };
  }
  return { type: 'taken', models: withAliases(merged, byModel, { provider, provenance, events }), events };
}

const isLiving = ({ status }: Model): boolean => status !== 'retired' && status !== 'redirected';

/**
 * What the page says of a model. A snapshot's end is the model's only where the page ends all of them: one of several
 * snapshots may go while the model stays.
 */
function factsOf(model: Model, facts: readonly ModelFacts[]): ModelFacts | null {
  const own = facts.find((fact) => fact.model === model.id);
  if (own) return own;
  const snapshots = model.aliases.filter(({ kind }) => kind === 'snapshot').map(({ id }) => id);
  const said = snapshots.flatMap((id) => facts.find((fact) => fact.model === id) ?? []);
  if (snapshots.length === 0 || said.length < snapshots.length) return null;
  return said.toSorted((a, b) => (b.retires?.on ?? '').localeCompare(a.retires?.on ?? ''))[0] ?? null;
}

type Report = (
  event:
    | { type: 'limits_changed' | 'lifecycle_changed'; model: string; field: string; old: Fact; new: Fact }
    | { type: 'model_deprecated'; model: string }
    | { type: 'model_retired'; model: string; reason: 'page' }
    | { type: 'model_redirected'; model: string; to: string }
    | { type: 'page_warning'; message: string },
) => void;

interface Surroundings {
  models: readonly Model[];
  ids: ReadonlySet<string>;
  day: string;
  report: Report;
}

function applyTo(model: Model, said: ModelFacts, around: Surroundings): Model {
  return withLifecycle(withLimits(model, said, around.report), said, around);
}

function withLimits(model: Model, said: ModelFacts, report: Report): Model {
  const context = { ...model.context };
  for (const field of ['window', 'maxOutput'] as const) {
    const [old, now] = [context[field], said[field]];
    if (now === undefined || old === now) continue;
    if (old !== null && Math.max(old / now, now / old) > BELIEVABLE_FACTOR) {
      report({ type: 'page_warning', message: `${model.id}: ${field} would go from ${old} to ${now}; not believed.` });
      continue;
    }
    context[field] = now;
    report({ type: 'limits_changed', model: model.id, field, old, new: now });
  }
  const cutoff = said.knowledgeCutoff;
  // What was known to the day is not replaced by its month.
  if (!cutoff || model.knowledgeCutoff?.startsWith(cutoff)) return { ...model, context };
  report({
    type: 'limits_changed',
    model: model.id,
    field: 'knowledgeCutoff',
    old: model.knowledgeCutoff,
    new: cutoff,
  });
  return { ...model, context, knowledgeCutoff: cutoff };
}

function withLifecycle(model: Model, said: ModelFacts, { models, ids, day, report }: Surroundings): Model {
  const after = { ...model };
  const tell = (field: string, old: Fact, now: Fact) =>
    report({ type: 'lifecycle_changed', model: model.id, field, old, new: now });
  if (said.deprecatedOn && said.deprecatedOn !== model.deprecatedOn) {
    after.deprecatedOn = said.deprecatedOn;
    tell('deprecatedOn', model.deprecatedOn, said.deprecatedOn);
  }
  const known = model.retires;
  // A page that only knows "not before this day" does not unsay the exact day that is known.
  const isVaguer = known?.exact && said.retires?.exact === false && known.on >= said.retires.on;
  if (said.retires && !isVaguer && (said.retires.on !== known?.on || said.retires.exact !== known.exact)) {
    after.retires = said.retires;
    tell('retires', textOf(known), textOf(said.retires));
  }
  const resolve = (name: string | undefined) => resolveId(name, model.id, { models, ids });
  const replacement = resolve(said.replacement);
  if (replacement && replacement !== model.replacement) {
    after.replacement = replacement;
    tell('replacement', model.replacement, replacement);
  }
  const target = resolve(said.redirectsTo);
  if (target && target !== model.redirectsTo && !leadsBack(target, model.id, models)) {
    after.redirectsTo = target;
    tell('redirectsTo', model.redirectsTo, target);
  }
  return withStatus(after, said, { day, report });
}

function withStatus(
  model: Model,
  { status, retires }: ModelFacts,
  { day, report }: Pick<Surroundings, 'day' | 'report'>,
) {
  if (status === undefined || !isLiving(model)) return model;
  const isOver = status === 'retired' && (!retires?.exact || retires.on <= day);
  if (isOver && model.redirectsTo !== null) {
    report({ type: 'model_redirected', model: model.id, to: model.redirectsTo });
    return { ...model, status: 'redirected' as const };
  }
  if (isOver) {
    report({ type: 'model_retired', model: model.id, reason: 'page' });
    return { ...model, status: 'retired' as const };
  }
  const isCurrent = model.status === 'active' || model.status === 'preview';
  if (status === 'legacy' && isCurrent) {
    report({ type: 'lifecycle_changed', model: model.id, field: 'status', old: model.status, new: 'legacy' });
    return { ...model, status: 'legacy' as const };
  }
  if (status !== 'deprecated' || !(isCurrent || model.status === 'legacy')) return model;
  report({ type: 'model_deprecated', model: model.id });
  return { ...model, status: 'deprecated' as const };
}

function resolveId(name: string | undefined, self: string, { models, ids }: Pick<Surroundings, 'models' | 'ids'>) {
  if (name === undefined) return null;
  const id = ids.has(name) ? name : models.find(({ aliases }) => aliases.some((alias) => alias.id === name))?.id;
  return id === undefined || id === self ? null : id;
}

/** A redirect that would come back to where it began would make the whole catalogue invalid. */
function leadsBack(target: string, start: string, models: readonly Model[]): boolean {
  const seen = new Set<string>();
  for (let at: string | null = target; at !== null && !seen.has(at); ) {
    if (at === start) return true;
    seen.add(at);
    const id: string = at;
    at = models.find((model) => model.id === id)?.redirectsTo ?? null;
  }
  return false;
}

function withAliases(
  models: Model[],
  facts: ReadonlyMap<string, ModelFacts | null>,
  { provider, provenance, events }: { provider: string; provenance: PageProvenance; events: RegistryEvent[] },
): Model[] {
  const names = new Set(models.flatMap(({ id, aliases }) => [id, ...aliases.map((alias) => alias.id)]));
  return models.map((model) => {
    const isOurs =
      model.provenance.pinned || model.provenance.fetchedAt.slice(0, 10) > provenance.fetchedAt.slice(0, 10);
    const fresh = isOurs ? [] : (facts.get(model.id)?.aliases ?? []).filter((alias) => !names.has(alias));
    for (const alias of fresh) {
      names.add(alias);
      events.push({ type: 'alias_moved', model: model.id, alias, before: null, provider, provenance });
    }
    const added = fresh.map((id) => ({ id, kind: 'snapshot' as const }));
    return added.length === 0 ? model : { ...model, aliases: [...model.aliases, ...added] };
  });
}

function textOf(retires: Model['retires']): string | null {
  return retires && `${retires.exact ? '' : 'not before '}${retires.on}`;
}
