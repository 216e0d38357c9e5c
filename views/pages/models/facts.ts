import { findPriceRow } from '../../../registry/price.ts';
import type { Model, PriceRow } from '../../../registry/schema.ts';
import type { ChartData } from '../../components/chart.tsx';
import type { Format } from '../../format.ts';

const NANO = 1e9;
const DAY_MS = 86_400_000;

export const ABILITIES = ['tools', 'structuredOutput', 'vision', 'pdf', 'caching', 'webSearch', 'reasoning'] as const;
export type Ability = (typeof ABILITIES)[number];

export function can(model: Model, ability: Ability): boolean {
  return ability === 'reasoning' ? model.reasoning.supported : model.can[ability] === true;
}

/** The list price of an ordinary request today; null = nobody knows one. */
export function priceToday(model: Model, now: number): PriceRow | null {
  const row = findPriceRow(model, { promptTokens: 1, at: now });
  return row && row.rates.input !== undefined ? row : null;
}

/** Dollars per million tokens, in nano-dollars. */
export function nano(usd: number | undefined): number | null {
  return usd === undefined ? null : Math.round(usd * NANO);
}

export function qualityOf(model: Model): number | null {
  return model.quality.overall?.score ?? null;
}

/** Where a model's own page is, without a slash in front. */
export function modelPath({ provider, id }: Pick<Model, 'provider' | 'id'>): string {
  return `dashboard/models/${encodeURIComponent(provider)}/${encodeURIComponent(id)}`;
}

/**
 * The standard prices over time, as steps: each change has its day and the day before. Null where there was no change to show.
 */
export function priceHistory(
  model: Model,
  {
    now,
    format,
    labels,
  }: { now: number; format: Format; labels: { input: string; output: string; cacheRead: string } },
): ChartData | null {
  const rows = model.prices
    .filter(({ tier, promptOver, region }) => tier === 'standard' && promptOver === 0 && region === 'global')
    .sort((one, other) => startOf(one) - startOf(other));
  if (rows.length < 2) return null;
  const first = rows[0]?.until ? Date.parse(rows[0].until) : now;
  const released = model.released === null ? first - 30 * DAY_MS : Date.parse(model.released);
  const points = rows.flatMap((row) => {
    const from = row.from === null ? Math.min(released, first - DAY_MS) : Date.parse(row.from);
    const until = row.until === null ? Math.max(now, from + DAY_MS) : Date.parse(row.until) - DAY_MS;
    return until > from
      ? [
          { at: from, row },
          { at: until, row },
        ]
      : [{ at: from, row }];
  });
  const fields = (['input', 'output', 'cacheRead'] as const).filter((field) =>
    rows.every(({ rates }) => rates[field] !== undefined),
  );
  return {
    labels: points.map(({ at }) => format.date(at)),
    at: points.map(({ at }) => at),
    series: fields.map((field) => ({
      label: labels[field],
      values: points.map(({ row }) => nano(row.rates[field]) ?? 0),
    })),
  };
}

function startOf({ from }: PriceRow): number {
  return from === null ? Number.NEGATIVE_INFINITY : Date.parse(from);
}
