import { ChartFigure } from '../components/chart.tsx';
import { Details } from '../components/page-head.tsx';
import { Badge } from '../components/signs.tsx';
import { Empty } from '../components/table.tsx';
import type { Frame } from '../layout.tsx';

const COMPLEXITIES = ['simple', 'moderate', 'complex', 'expert'] as const;
/** From the cheapest choice to the best. */
const DIAL = ['cost', 'balanced', 'speed', 'quality'] as const;
const SHOWN_MODELS = 12;

type Complexity = (typeof COMPLEXITIES)[number];

export interface Defaults {
  strategy: string;
  /** Null = the configured name is in no catalogue. */
  baseline: string | null;
  /** Named by the operator, and not found as the best of the catalogue. */
  isBaselineChosen: boolean;
}

/** The numbers behind the words; all of them are shares. */
export interface Numbers {
  tolerance: number;
  costPoints: number;
  timePoints: number;
  doubt: number;
  /** From how many of the model classes failing a request is moderate, complex and expert work. */
  failing: readonly number[];
  floors: Readonly<Record<Complexity, number>>;
}

/** The last 30 days in sums. */
export interface Mix {
  complexities: readonly { complexity: Complexity; requests: number }[];
  models: readonly { name: string; requests: number; costNanoUsd: number; simulatedNanoUsd: number }[];
}

interface MeaningProps {
  frame: Frame;
  defaults: Defaults;
  numbers: Numbers;
}

/** What the strategies mean and where the gateway stands by itself. */
export const RoutingMeaning = ({ frame, defaults, numbers }: MeaningProps) => {
  const t = frame.t.routing;
  const { percent } = frame.format;
  const words = {
    cost: t.dial.cost(percent(numbers.tolerance)),
    balanced: t.dial.balanced(percent(numbers.costPoints), percent(numbers.timePoints)),
    speed: t.dial.speed(percent(numbers.tolerance)),
    quality: t.dial.quality,
  };
  return (
    <>
      <section>
        <h2>{t.strategies}</h2>
        <ul class="dial">
          {DIAL.map((strategy) => (
            <li class={['panel', strategy === defaults.strategy && 'created']}>
              <h3>
                {frame.t.keys.strategies[strategy]}{' '}
                {strategy === defaults.strategy && <Badge tone="accent">{t.isDefault}</Badge>}
              </h3>
              <p class="muted">{words[strategy]}</p>
            </li>
          ))}
        </ul>
        <p class="muted">
          {t.defaultFrom} <code>DEFAULT_STRATEGY</code>.{' '}
          {defaults.baseline === null ? t.noBaseline : t.baseline(defaults.baseline)}{' '}
          {defaults.isBaselineChosen ? t.baselineChosen : t.baselineFound} <code>BASELINE_MODEL</code>.
        </p>
      </section>
      <Details summary={t.judging}>
        <dl class="answer-facts judged">
          {COMPLEXITIES.map((complexity, level) => (
            <div>
              <dt>{frame.t.overview.complexities[complexity]}</dt>
              <dd>
                {t.floor(percent(numbers.floors[complexity]))}{' '}
                {level > 0 && t.failing(percent(numbers.failing[level - 1] ?? 0))}
              </dd>
            </div>
          ))}
        </dl>
        <p class="muted">{t.doubt(percent(numbers.doubt))}</p>
      </Details>
    </>
  );
};

/** What came of it: how hard the work was, and who was paid for it. */
export const RoutingMix = ({ frame, mix }: { frame: Frame; mix: Mix }) => {
  const t = frame.t.routing;
  const shown = mix.models.slice(0, SHOWN_MODELS);
  return (
    <section>
      <h2>{t.lastDays}</h2>
      {mix.models.length === 0 ? (
        <Empty title={frame.t.overview.none} />
      ) : (
        <div class="charts-2">
          <ChartFigure
            {...{ frame, id: 'complexity-mix', title: t.complexityMix, kind: 'doughnut', unit: 'count' }}
            data={{
              labels: mix.complexities.map(({ complexity }) => frame.t.overview.complexities[complexity]),
              series: [{ label: t.requests, values: mix.complexities.map(({ requests }) => requests) }],
            }}
          />
          <ChartFigure
            {...{ frame, id: 'model-spend', title: t.modelSpend, kind: 'stacked-bar', unit: 'money' }}
            data={{
              labels: shown.map(({ name }) => name),
              series: [
                { label: t.spent, values: shown.map(({ costNanoUsd }) => costNanoUsd) },
                { label: frame.t.common.simulated, values: shown.map(({ simulatedNanoUsd }) => simulatedNanoUsd) },
              ],
            }}
          />
        </div>
      )}
    </section>
  );
};
