import type { PlainFrame } from '../frame.ts';
import type { Child } from '../jsx/jsx-runtime.ts';

/** Figures side by side, in a frame of their own. */
export const Stats = ({ children }: { children: Child }) => <dl class="cards">{children}</dl>;

interface StatProps {
  label: string;
  /** Written out already. */
  value: string;
  /** A line below: what the figure means, or a `Delta`. */
  children?: Child;
}

export const Stat = ({ label, value, children }: StatProps) => (
  <div class="card">
    <dt>{label}</dt>
    <dd class="value">{value}</dd>
    <dd class="detail">{children}</dd>
  </div>
);

interface DeltaProps {
  frame: PlainFrame;
  before: number;
  after: number;
  /** Whether more of it is good news, bad news or neither. */
  moreIs: 'good' | 'bad' | 'neither';
}

/** How a figure has moved against the time before. Nothing where there was nothing before. */
export const Delta = ({ frame, before, after, moreIs }: DeltaProps) => {
  if (before === 0) return null;
  const change = (after - before) / before;
  const isNews = moreIs !== 'neither' && change !== 0;
  const isGood = change > 0 === (moreIs === 'good');
  const arrow = change > 0 ? '↑' : change < 0 ? '↓' : '=';
  return (
    <span class={['delta', isNews && (isGood ? 'good' : 'bad')]} title={frame.t.common.vsBefore}>
      {arrow} {frame.format.percent(Math.abs(change))}
    </span>
  );
};
