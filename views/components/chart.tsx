import type { PlainFrame } from '../frame.ts';

/** What a chart shows: a name for each place on the axis, and for each series a value there, or null for a gap. */
export interface ChartData {
  labels: readonly string[];
  /** When each of the places is, in milliseconds since 1970, where they are not evenly apart. */
  at?: readonly number[] | undefined;
  series: readonly { label: string; values: readonly (number | null)[] }[];
}

interface ChartProps {
  frame: PlainFrame;
  /** Unique in the page. */
  id: string;
  title: string;
  /** `step-line` is for what holds until it changes, such as a price. */
  kind: 'bar' | 'stacked-bar' | 'line' | 'step-line' | 'doughnut';
  unit: 'money' | 'count' | 'duration' | 'share';
  /** Money is in nano-dollars, times are in milliseconds, shares are fractions. */
  data: ChartData;
  /** Where newer data is as JSON (`ChartData`), without a slash in front; fetched on every `refresh-charts` event. */
  src?: string | undefined;
  /** A line under the title. */
  note?: string | undefined;
}

/**
 * A chart, and the table of what it shows: that is what stands there for screen readers, and without a script for everybody.
 * The page must have `hasCharts`.
 */
export const ChartFigure = ({ frame, id, title, kind, unit, data, src, note }: ChartProps) => {
  const write = (value: number | null) => {
    if (value === null) return '–';
    if (unit === 'money') return frame.format.money(value);
    if (unit === 'duration') return frame.format.duration(value);
    return unit === 'share' ? frame.format.percent(value) : frame.format.count(value);
  };
  return (
    <figure class="chart panel" aria-labelledby={`${id}-title`}>
      <figcaption id={`${id}-title`}>
        {title}
        {note && <span class="note-line">{note}</span>}
      </figcaption>
      <div class="chart-box" hx-morph-skip="true">
        <canvas
          {...{ id, 'aria-hidden': 'true', hidden: true, 'data-chart': kind, 'data-unit': unit, 'data-src': src }}
          data-chart-data={JSON.stringify(data)}
        />
      </div>
      <div class="chart-table">
        <table>
          <caption class="unseen">{frame.t.common.chartData(title)}</caption>
          <thead>
            <tr>
              <td />
              {data.series.map((series) => (
                <th scope="col" class="right">
                  {series.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.labels.map((label, index) => (
              <tr>
                <th scope="row">{label}</th>
                {data.series.map((series) => (
                  <td class="right number">{write(series.values[index] ?? null)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
};
