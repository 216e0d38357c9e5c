import type { Model, PriceRow } from './schema.ts';

/** Something that only shows when fields, rows or models are compared. */
export interface Problem {
  /** The model's id. */
  model: string;
  field: string;
  message: string;
}

type Report = (model: Model, field: string, message: string) => void;

/**
 * Everything wrong with models that are each well-formed: names used twice, references to nothing, price rows of which two
 * would apply at once. `knownIds` may hold more than `models` do, when some of a file's models could not be read.
 */
export function findProblems(models: readonly Model[], knownIds: ReadonlySet<string>): Problem[] {
  const problems: Problem[] = [];
  const report: Report = ({ id }, field, message) => problems.push({ model: id, field, message });
  checkNames(models, report);
  for (const model of models) {
    checkReferences(model, knownIds, report);
    checkPrices(model.prices, (field, message) => report(model, field, message));
  }
  checkRedirectLoops(models, report);
  return problems;
}

/** Within a provider every id and alias is one name; several providers may serve the same id. */
function checkNames(models: readonly Model[], report: Report): void {
  const ids = new Set<string>();
  for (const model of models) {
    const name = `${model.provider}/${model.id}`;
    if (ids.has(name)) report(model, 'id', `"${model.id}" is used by two models of ${model.provider}.`);
    ids.add(name);
  }
  const aliases = new Set<string>();
  for (const model of models) {
    for (const [index, alias] of model.aliases.entries()) {
      const name = `${model.provider}/${alias.id}`;
      const field = `aliases[${index}].id`;
      if (ids.has(name)) report(model, field, `"${alias.id}" is also the id of a model.`);
      else if (aliases.has(name)) report(model, field, `"${alias.id}" is used as an alias twice.`);
      aliases.add(name);
    }
  }
}

function checkReferences(model: Model, knownIds: ReadonlySet<string>, report: Report): void {
  for (const field of ['replacement', 'redirectsTo'] as const) {
    const target = model[field];
    if (target === null) continue;
    if (target === model.id) report(model, field, 'A model cannot take its own place.');
    else if (!knownIds.has(target)) report(model, field, `"${target}" is not the id of a model.`);
  }
  if (model.status === 'redirected' && model.redirectsTo === null) {
    report(model, 'redirectsTo', 'A redirected model has to name the one that answers for it.');
  }
}

function checkRedirectLoops(models: readonly Model[], report: Report): void {
  const targets = new Map(models.map((model) => [model.id, model.redirectsTo]));
  for (const model of models) {
    const seen = new Set([model.id]);
    let next = model.redirectsTo;
    while (next && next !== model.id && !seen.has(next)) {
      seen.add(next);
      next = targets.get(next) ?? null;
    }
    if (next === model.id && model.redirectsTo !== model.id) report(model, 'redirectsTo', 'Redirects run in a circle.');
  }
}

function checkPrices(rows: readonly PriceRow[], report: (field: string, message: string) => void): void {
  for (const [index, row] of rows.entries()) {
    if (row.from !== null && row.until !== null && row.from >= row.until) {
      report(`prices[${index}].until`, `The row ends on ${row.until}, before it starts on ${row.from}.`);
      continue;
    }
    const earlier = rows.findIndex((other, at) => at < index && overlaps(other, row));
    if (earlier !== -1) report(`prices[${index}]`, `It holds for the same requests as prices[${earlier}].`);
    const ttls = row.rates.cacheWrite?.map(({ ttlSeconds }) => ttlSeconds) ?? [];
    if (new Set(ttls).size < ttls.length) {
      report(`prices[${index}].rates.cacheWrite`, 'A time to live has two prices.');
    }
  }
}

function overlaps(one: PriceRow, other: PriceRow): boolean {
  if (one.tier !== other.tier || one.promptOver !== other.promptOver || one.region !== other.region) return false;
  return startsBeforeEnd(one, other) && startsBeforeEnd(other, one);
}

function startsBeforeEnd({ from }: PriceRow, { until }: PriceRow): boolean {
  return from === null || until === null || from < until;
}
