import { type ChartData, ChartFigure } from '../components/chart.tsx';
import { Tabs } from '../components/page-head.tsx';
import type { Copy } from '../copy/index.ts';
import type { Frame, PlainFrame } from '../frame.ts';
import {
  COMPLEXITIES,
  type ErrorTrend,
  type ModelShare,
  RANGES_DAYS,
  type SpendTrend,
  type TimeTrend,
  type Trends,
} from './overview-figures.ts';

export const CHARTS = ['spend', 'models', 'complexity', 'times', 'errors'] as const;
export type ChartName = (typeof CHARTS)[number];

/** The way here in the live part: what is drawn there anew leaves the charts alone. */
export const CHARTS_ID = 'trends';

/** The last days in pictures. */
export const OverviewCharts = ({ frame, trends }: { frame: Frame; trends: Trends }) => {
  const t = frame.t.overview;
  const { days, spend } = trends;
  const src = (chart: ChartName) => `dashboard/overview/chart.json?chart=${chart}&days=${days}`;
  return (
    <section id={CHARTS_ID} class="trends" hx-morph-skip="true" aria-labelledby="trends-title">
      <div class="section-head">
        <h2 id="trends-title">{t.trends}</h2>
        <Tabs
          label={t.range}
          tabs={RANGES_DAYS.map((range) => ({
            ...{ label: t.days(range), href: `dashboard?days=${range}#${CHARTS_ID}`, isCurrent: range === days },
          }))}
        />
      </div>
      <div class="chart-grid">
        <ChartFigure
          {...{
            frame,
            id: 'chart-spend',
            title: t.charts.spend,
            kind: 'stacked-bar',
            unit: 'money',
            src: src('spend'),
          }}
          note={spend.isSimulated ? t.charts.onlySimulated : undefined}
          data={spendChart(frame, spend)}
        />
        <ChartFigure
          {...{
            frame,
            id: 'chart-models',
            title: t.charts.models,
            kind: 'doughnut',
            unit: 'count',
            src: src('models'),
          }}
          data={modelsChart(frame, trends.models)}
        />
        <ChartFigure
          {...{ frame, id: 'chart-times', title: t.charts.times, kind: 'line', unit: 'duration', src: src('times') }}
          data={timesChart(frame, trends.times)}
        />
        <ChartFigure
          {...{ frame, id: 'chart-errors', title: t.charts.errors, kind: 'line', unit: 'share', src: src('errors') }}
          data={errorsChart(frame, trends.errors)}
        />
        <ChartFigure
          {...{ frame, id: 'chart-complexity', title: t.charts.complexity, kind: 'bar', unit: 'count' }}
          {...{ src: src('complexity'), data: complexityChart(frame, trends.complexity) }}
        />
      </div>
    </section>
  );
};

export function spendChart({ t, format }: PlainFrame, { starts, series }: SpendTrend): ChartData {
  return {
    labels: starts.map(format.dayOfMonth),
    series: series.map(({ model, values }) => ({ label: nameOf(t, model), values })),
  };
}

export function modelsChart({ t }: PlainFrame, shares: readonly ModelShare[]): ChartData {
  const label = t.overview.requests;
  return {
    labels: shares.map(({ model }) => nameOf(t, model)),
    series: [{ label, values: shares.map(({ requests }) => requests) }],
  };
}

export function complexityChart({ t }: PlainFrame, values: readonly number[]): ChartData {
  return {
    labels: COMPLEXITIES.map((name) => t.overview.complexities[name]),
    series: [{ label: t.overview.requests, values }],
  };
}

export function timesChart(frame: PlainFrame, { span, starts, p50Ms, p95Ms }: TimeTrend): ChartData {
  const { median, p95 } = frame.t.overview.charts;
  const series = [
    { label: median, values: p50Ms },
    { label: p95, values: p95Ms },
  ];
  return { labels: starts.map((start) => axisLabel(frame, span, start)), series };
}

export function errorsChart(frame: PlainFrame, { span, starts, shares }: ErrorTrend): ChartData {
  const label = frame.t.overview.charts.errors;
  return { labels: starts.map((start) => axisLabel(frame, span, start)), series: [{ label, values: shares }] };
}

function axisLabel({ format }: PlainFrame, span: 'hour' | 'day', start: number): string {
  const day = format.dayOfMonth(start);
  return span === 'day' ? day : `${day}, ${String(new Date(start).getUTCHours()).padStart(2, '0')}:00`;
}

function nameOf({ overview }: Copy, model: string | null): string {
  if (model === null) return overview.otherModels;
  return model === '' ? overview.noModel : model;
}
