import type { PlainFrame } from '../frame.ts';
import type { Child } from '../jsx/jsx-runtime.ts';

type Tone = 'plain' | 'good' | 'warn' | 'danger' | 'accent' | 'simulated';

interface BadgeProps {
  tone?: Tone | undefined;
  title?: string | undefined;
  children: Child;
}

/** A word that stands out a little. */
export const Badge = ({ tone = 'plain', title, children }: BadgeProps) => (
  <span class={['badge', tone !== 'plain' && tone]} title={title}>
    {children}
  </span>
);

interface StatusLightProps {
  frame: PlainFrame;
  state: 'good' | 'warn' | 'bad' | 'off';
  /** What it stands for; the state in words without it. */
  label?: string | undefined;
}

/** A light and a word: the colour never stands alone. */
export const StatusLight = ({ frame, state, label = frame.t.common.lights[state] }: StatusLightProps) => (
  <span class={['light', state]}>{label}</span>
);

interface BarProps {
  label: string;
  value: number;
  /** Null or 0 = there is no end to it. */
  max: number | null;
  /** What the bar says, in words: `$3.10 of $10.00`. */
  text: string;
}

/** A part of a whole: spend against a budget. It warns from four fifths on, and is red when the whole is used up. */
export const Bar = ({ label, value, max, text }: BarProps) => {
  const isBounded = max !== null && max > 0;
  const share = isBounded ? value / max : 0;
  return (
    <span class={['bar-meter', share >= 1 ? 'full' : share >= 0.8 && 'high']}>
      <span class="bar-text number">{text}</span>
      {isBounded && (
        <progress aria-label={label} value={Math.min(Math.max(value, 0), max)} max={max}>
          {text}
        </progress>
      )}
    </span>
  );
};

interface BudgetBarProps {
  frame: PlainFrame;
  label: string;
  spentNanoUsd: number;
  budgetNanoUsd: number | null;
}

export const BudgetBar = ({ frame, label, spentNanoUsd, budgetNanoUsd }: BudgetBarProps) => {
  const spent = frame.format.money(spentNanoUsd);
  const text = budgetNanoUsd === null ? spent : frame.t.common.spentOf(spent, frame.format.money(budgetNanoUsd));
  return <Bar {...{ label, text, value: spentNanoUsd, max: budgetNanoUsd }} />;
};

interface ProgressProps {
  label: string;
  /** 0 to 1; null = under way, nobody knows how far. */
  share: number | null;
  text: string;
}

export const Progress = ({ label, share, text }: ProgressProps) => (
  <div class="progress">
    <span class="bar-text number">{text}</span>
    <progress aria-label={label} value={share ?? undefined} max={1}>
      {text}
    </progress>
  </div>
);
