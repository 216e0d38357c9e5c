import {
  COMPLEXITIES,
  type ErrorTrend,
  type ModelShare,
  type RangeDays,
  type SpendTrend,
  type TimeTrend,
} from '../../views/pages/overview-figures.ts';
import type { Db } from '../db/client.ts';
import { sumCounts, sumCountsByStart } from '../db/queries/counts.ts';
import { startOf, sumSpendByStart, sumSpendByStartAndModel } from '../db/queries/spend.ts';
import { percentileMs } from '../lib/histogram.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** As many colours as a chart has, less one for all others. */
const MOST_MODELS = 7;

export interface TrendQuestion {
  days: RangeDays;
  now: number;
  /** Undefined = all keys. */
  keyIds: readonly string[] | undefined;
}

export type SpendDays = Awaited<ReturnType<typeof readSpendDays>>;

/** What most of the charts are made of, read once for all of them. */
export function readSpendDays(db: Db, { days, now, keyIds }: TrendQuestion) {
  return sumSpendByStartAndModel(db, { span: 'day', since: startOf('day', now) - (days - 1) * DAY_MS, keyIds });
}

export function spendTrend(rows: SpendDays, { days, now }: TrendQuestion): SpendTrend {
  const since = startOf('day', now) - (days - 1) * DAY_MS;
  const starts = startsFrom(since, now, DAY_MS);
  const isSimulated = rows.every((row) => row.costNanoUsd === 0) && rows.some((row) => row.simulatedNanoUsd > 0);
  const moneyOf = (row: (typeof rows)[number]): number => (isSimulated ? row.simulatedNanoUsd : row.costNanoUsd);
  const totals = new Map<string, number>();
  for (const row of rows) totals.set(row.model, (totals.get(row.model) ?? 0) + moneyOf(row));
  const ranked = [...totals].filter(([, money]) => money > 0).sort((a, b) => b[1] - a[1]);
  const shown = ranked.slice(0, MOST_MODELS).map(([model]) => model);
  const indexOf = new Map(starts.map((start, index) => [start, index]));
  const zeros = (): number[] => starts.map(() => 0);
  const values = new Map(shown.map((model) => [model, zeros()]));
  const others = zeros();
  for (const row of rows) {
    const index = indexOf.get(row.start);
    if (index === undefined) continue;
    const line = values.get(row.model) ?? others;
    line[index] = (line[index] ?? 0) + moneyOf(row);
  }
  const series: SpendTrend['series'] = shown.map((model) => ({ model, values: values.get(model) ?? [] }));
  if (ranked.length > shown.length) series.push({ model: null, values: others });
  return { starts, isSimulated, series };
}

/** The most used first. */
export function modelShares(rows: SpendDays): ModelShare[] {
  const byModel = new Map<string, number>();
  for (const { model, requests } of rows) {
    if (model !== '') byModel.set(model, (byModel.get(model) ?? 0) + requests);
  }
  const ranked = [...byModel].sort((a, b) => b[1] - a[1]);
  const shares: ModelShare[] = ranked.slice(0, MOST_MODELS).map(([model, requests]) => ({ model, requests }));
  const rest = ranked.slice(MOST_MODELS).reduce((sum, [, requests]) => sum + requests, 0);
  if (rest > 0) shares.push({ model: null, requests: rest });
  return shares;
}

/** How many requests there were of each complexity, in the order of `COMPLEXITIES`. */
export async function complexityMix(db: Db, { days, now, keyIds }: TrendQuestion): Promise<number[]> {
  const since = startOf('day', now) - (days - 1) * DAY_MS;
  const rows = await sumCounts(db, 'complexity', { span: 'day', since, keyIds });
  return COMPLEXITIES.map((name) => rows.find(({ value }) => value === name)?.requests ?? 0);
}

export async function timeTrend(db: Db, question: TrendQuestion): Promise<TimeTrend> {
  const { span, since, starts } = axisOf(question);
  const rows = await sumCountsByStart(db, 'duration', { span, since, keyIds: question.keyIds });
  const byStart = Map.groupBy(rows, ({ start }) => start);
  const at = (share: number) =>
    starts.map((start) => {
      const classes = (byStart.get(start) ?? []).map((row) => ({ index: Number(row.value), count: row.requests }));
      return percentileMs(classes, share);
    });
  return { span, starts, p50Ms: at(0.5), p95Ms: at(0.95) };
}

/** From the days where it is by days, and read by hours where it is not. */
export async function errorTrend(db: Db, question: TrendQuestion, byDays?: SpendDays): Promise<ErrorTrend> {
  const { span, since, starts } = axisOf(question);
  const isRead = span === 'day' && byDays !== undefined;
  const rows = isRead ? byDays : await sumSpendByStart(db, { span, since, keyIds: question.keyIds });
  const byStart = Map.groupBy(rows, ({ start }) => start);
  const shares = starts.map((start) => {
    const parts = byStart.get(start) ?? [];
    const requests = parts.reduce((sum, row) => sum + row.requests, 0);
    return requests > 0 ? parts.reduce((sum, row) => sum + row.errors, 0) / requests : null;
  });
  return { span, starts, shares };
}

function axisOf({ days, now }: TrendQuestion) {
  const span = days === 7 ? ('hour' as const) : ('day' as const);
  const since = startOf('day', now) - (days - 1) * DAY_MS;
  return { span, since, starts: startsFrom(since, now, span === 'hour' ? HOUR_MS : DAY_MS) };
}

function startsFrom(since: number, until: number, step: number): number[] {
  return Array.from({ length: Math.floor((until - since) / step) + 1 }, (_, index) => since + index * step);
}
