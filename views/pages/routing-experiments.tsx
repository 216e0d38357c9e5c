import { Money } from '../components/money.tsx';
import { Badge } from '../components/signs.tsx';
import { Table } from '../components/table.tsx';
import type { Frame } from '../layout.tsx';

/** What came of one arm of an experiment. */
export interface ArmFigures {
  requests: number;
  simulated: number;
  errors: number;
  unpriced: number;
  /** Null = there was none with a price. */
  costPerRequestNanoUsd: number | null;
  simulatedPerRequestNanoUsd: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
  firstContentP50Ms: number | null;
  firstContentP95Ms: number | null;
  judged: number;
  passed: number;
  /** Where the share that passes lies with 95 % confidence. */
  interval: { low: number; high: number } | null;
}

export interface ShownArm {
  /** Null = what is in no arm. */
  name: string | null;
  /** What the experiment gives it of the requests, 0 to 100. */
  percent: number;
  /** Null = nobody has come this way yet. */
  figures: ArmFigures | null;
}

export interface ShownExperiment {
  name: string;
  keyId: string;
  keyName: string;
  arms: readonly ShownArm[];
  /** How many requests were looked at, where those were not all of them. */
  cutAt: number | null;
}

interface ExperimentsProps {
  frame: Frame;
  experiments: readonly ShownExperiment[];
}

/** The arms of experiments side by side. Nothing where no key has one. */
export const RoutingExperiments = ({ frame, experiments }: ExperimentsProps) => {
  if (experiments.length === 0) return null;
  const t = frame.t.measured;
  return (
    <section>
      <h2>{t.experiments}</h2>
      <p class="muted">{t.experimentsLead}</p>
      {experiments.map((experiment) => (
        <ExperimentTable frame={frame} experiment={experiment} />
      ))}
    </section>
  );
};

const ExperimentTable = ({ frame, experiment }: { frame: Frame; experiment: ShownExperiment }) => {
  const t = frame.t.measured;
  const { columns } = t;
  const right = { class: 'right' } as const;
  const all = experiment.arms.reduce((sum, { figures }) => sum + (figures?.requests ?? 0), 0);
  return (
    <>
      <h3>{t.ofKey(experiment.name, experiment.keyName)}</h3>
      <Table
        caption={t.caption(experiment.name)}
        columns={[
          { label: columns.arm },
          { label: columns.requests, ...right },
          { label: columns.errors, ...right },
          { label: columns.cost, ...right },
          { label: columns.latency, ...right },
          { label: columns.firstContent, ...right },
          { label: columns.feedback, ...right },
        ]}
      >
        {experiment.arms.map((arm) => (
          <ArmRow frame={frame} arm={arm} all={all} />
        ))}
      </Table>
      {experiment.cutAt !== null && <p class="muted">{t.cut(frame.format.count(experiment.cutAt))}</p>}
    </>
  );
};

const ArmRow = ({ frame, arm, all }: { frame: Frame; arm: ShownArm; all: number }) => {
  const { t, format } = frame;
  const { figures } = arm;
  const count = (value: number) => format.count(value);
  const requests = figures?.requests ?? 0;
  const errors = figures?.errors ?? 0;
  return (
    <tr>
      <td class="lead">
        <span class="strong">{arm.name ?? t.measured.rest}</span>
        <span class="asked">{t.measured.share(format.share(requests, all), format.percent(arm.percent / 100))}</span>
      </td>
      <td class="wide right number">{count(requests)}</td>
      <td class="wide right number">{count(errors)}</td>
      <td class="lead-end right nowrap">{figures && <ArmCost frame={frame} figures={figures} />}</td>
      <td class="sub routing-arm right number">
        {both(frame, figures?.p50Ms, figures?.p95Ms)}
        <span class="narrow">
          {' · '}
          {t.measured.requestsOf(requests, count(requests))} · {t.measured.errorsOf(errors, count(errors))}
          {figures?.interval && ` · ${passedInWords(frame, figures)}`}
        </span>
      </td>
      <td class="wide right number">{both(frame, figures?.firstContentP50Ms, figures?.firstContentP95Ms)}</td>
      <td class="wide right number">{figures ? passedInWords(frame, figures) : '–'}</td>
    </tr>
  );
};

/** What was paid, and beside it what would have been, where answers were simulated. */
const ArmCost = ({ frame, figures }: { frame: Frame; figures: ArmFigures }) => {
  const { costPerRequestNanoUsd, simulatedPerRequestNanoUsd, unpriced } = figures;
  return (
    <>
      {costPerRequestNanoUsd !== null && <Money frame={frame} nanoUsd={costPerRequestNanoUsd} />}{' '}
      {simulatedPerRequestNanoUsd !== null && (
        <>
          <Badge tone="simulated">{frame.t.common.simulated}</Badge>{' '}
          <Money frame={frame} nanoUsd={simulatedPerRequestNanoUsd} />
        </>
      )}{' '}
      {unpriced > 0 && <Badge tone="warn">{frame.t.measured.unpriced(frame.format.count(unpriced))}</Badge>}
    </>
  );
};

function both({ format }: Frame, half: number | null | undefined, most: number | null | undefined): string {
  if (half == null || most == null) return '–';
  return `${format.duration(half)} / ${format.duration(most)}`;
}

function passedInWords({ t, format }: Frame, { judged, passed, interval }: ArmFigures): string {
  if (!interval) return t.measured.notJudged;
  const { low, high } = interval;
  const share = t.measured.passed(format.percent(passed / judged), format.percent(low), format.percent(high));
  return `${share} ${t.measured.judged(format.count(judged))}`;
}
