import type { Model, PriceRow } from './schema.ts';

/** What an operator says of a model, whatever its page says. */
export interface ModelOverride {
  provider: string;
  model: string;
  /** US dollars per million tokens of the standard tier; absent = as on the page. */
  prices: { input: number; output: number; cacheRead?: number | undefined } | null;
  /** 0 to 100; null = as in the catalogue. */
  quality: number | null;
  note: string;
  /** The day from which the prices hold: what was used before keeps its price. */
  from: string;
}

/** The models with the operator's word in place of the page's. A model nobody said anything of is the same object. */
export function applyOverrides(models: readonly Model[], overrides: readonly ModelOverride[]): Model[] {
  const said = new Map(overrides.map((one) => [`${one.provider}/${one.model}`, one]));
  return models.map((model) => {
    const override = said.get(`${model.provider}/${model.id}`);
    return override ? withOverride(model, override) : model;
  });
}

function withOverride(model: Model, { prices, quality, note, from }: ModelOverride): Model {
  const score = { score: quality ?? 0, at: from, source: 'operator', variant: null };
  return {
    ...model,
    prices: prices
      ? [...model.prices.flatMap((row) => endedBy(row, from)), rowOf({ prices, note, from })]
      : model.prices,
    quality: quality === null ? model.quality : { ...model.quality, overall: score },
    provenance: { ...model.provenance, parser: 'operator', pinned: true },
  };
}

/** Standard prices end where the operator's begin; other tiers are not spoken of. */
function endedBy(row: PriceRow, from: string): PriceRow[] {
  if (row.tier !== 'standard' || (row.until !== null && row.until <= from)) return [row];
  return row.from !== null && row.from >= from ? [] : [{ ...row, until: from }];
}

function rowOf({
  prices,
  note,
  from,
}: {
  prices: NonNullable<ModelOverride['prices']>;
  note: string;
  from: string;
}): PriceRow {
  const { input, output, cacheRead = input } = prices;
  const told = note === '' ? {} : { note };
  return {
    tier: 'standard',
    promptOver: 0,
    from,
    until: null,
    region: 'global',
    rates: { input, output, cacheRead },
    ...told,
  };
}
