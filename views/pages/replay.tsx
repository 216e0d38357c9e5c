import { ChartFigure } from '../components/chart.tsx';
import { CopyButton } from '../components/copy.tsx';
import { Checkbox, ErrorNote, Field, type FormError, FormToken, Select, TextArea } from '../components/form.tsx';
import { Money } from '../components/money.tsx';
import { Details, PageHead } from '../components/page-head.tsx';
import { Progress } from '../components/signs.tsx';
import { Stat, Stats } from '../components/stat.tsx';
import { Table } from '../components/table.tsx';
import { type Frame, Page } from '../layout.tsx';
import { EMPTY_POLICY, MinimumFields } from './policy-fields.tsx';
import { RoutingTabs } from './routing-tabs.tsx';

/** What was typed into the form. */
export interface ReplayDraft {
  strategy: string;
  tolerance: string;
  allowedModels: string;
  deniedModels: string;
  minComplexity: string;
  minimums: Readonly<Record<string, string>>;
  includesExplicit: boolean;
  days: string;
  key: string;
  /** In place of the fields. */
  json: string;
}

export interface ReplayFigures {
  seen: number;
  replayed: number;
  leftOut: number;
  refused: number;
  actualNanoUsd: number;
  replayNanoUsd: number;
  unpriced: number;
  lower: number;
  same: number;
  higher: number;
  /** Not all of the days were looked at. */
  isCut: boolean;
  byModel: readonly { model: string; requests: number; costNanoUsd: number }[];
  /** By UTC day, in their order. */
  byDay: readonly { start: number; actualNanoUsd: number; replayNanoUsd: number }[];
}

export interface ShownRun {
  state: 'running' | 'done' | 'failed';
  seen: number;
  total: number;
  days: number;
  /** As JSON. */
  policy: string;
  report: ReplayFigures | null;
}

interface ReplayProps {
  frame: Frame;
  draft: ReplayDraft;
  error: FormError | null;
  strategies: readonly string[];
  /** Those whose requests the person may see, as choices; null = the person may only look. */
  keys: readonly { value: string; label: string }[] | null;
  seesAll: boolean;
  /** Keys that the policy can be saved for, as choices. */
  savable: readonly { value: string; label: string }[];
  run: ShownRun | null;
}

export const DAYS = ['7', '30', '90'] as const;

export const ReplayPage = (props: ReplayProps) => {
  const { frame, keys, run } = props;
  const t = frame.t.replay;
  return (
    <Page title={t.title} frame={frame} hasCharts={true}>
      <PageHead title={t.title} lead={t.lead} />
      <RoutingTabs frame={frame} current="replay" />
      {keys && <PolicyForm {...props} keys={keys} />}
      {run && <RunPart frame={frame} run={run} savable={props.savable} />}
    </Page>
  );
};

const SHOWN_ERRORS = ['tolerance', 'allowedModels', 'deniedModels', 'json', 'key'];

const PolicyForm = (props: ReplayProps & { keys: NonNullable<ReplayProps['keys']> }) => {
  const { frame, draft, error, strategies, keys, seesAll } = props;
  const t = frame.t.replay;
  const names: Record<string, string> = frame.t.keys.strategies;
  return (
    <section class="panel">
      <ErrorNote error={error} shown={SHOWN_ERRORS} />
      <form method="post" action="dashboard/routing/replay" class="stack">
        <FormToken value={frame.viewer.formToken} />
        <div class="columns-4">
          <Select
            {...{ label: frame.t.routing.columns.strategy, name: 'strategy', value: draft.strategy }}
            options={strategies.map((value) => ({ value, label: names[value] ?? value }))}
          />
          <Field
            {...{ label: t.tolerance, name: 'tolerance', value: draft.tolerance, error, type: 'number', min: 0 }}
            {...{ step: '0.5', hint: t.toleranceHint }}
          />
          <Select
            {...{ label: t.days, name: 'days', value: draft.days }}
            options={DAYS.map((value) => ({ value, label: t.lastDays(value) }))}
          />
          <Select
            {...{ label: frame.t.routing.columns.key, name: 'key', value: draft.key, error }}
            options={[{ value: '', label: seesAll ? t.allKeys : t.allMine }, ...keys]}
          />
        </div>
        <Field
          {...{ label: t.allowed, name: 'allowedModels', value: draft.allowedModels, error, hint: t.modelsHint }}
          placeholder={t.anyModel}
        />
        <Field
          {...{ label: t.denied, name: 'deniedModels', value: draft.deniedModels, error, placeholder: t.noModel }}
        />
        <Details summary={frame.t.policy.byKind} isOpen={hasMinimum(draft)}>
          <MinimumFields frame={frame} error={error} draft={{ ...EMPTY_POLICY, ...draft }} />
        </Details>
        <Checkbox
          {...{ label: t.explicit, name: 'includesExplicit', checked: draft.includesExplicit, hint: t.explicitHint }}
        />
        <Details summary={t.json} isOpen={draft.json !== ''}>
          <TextArea {...{ label: t.jsonLabel, name: 'json', value: draft.json, error, rows: '5', hint: t.jsonHint }} />
        </Details>
        <div class="row">
          <button type="submit" class="primary">
            {t.run}
          </button>
        </div>
      </form>
    </section>
  );
};

function hasMinimum({ minComplexity, minimums }: ReplayDraft): boolean {
  return [minComplexity, ...Object.values(minimums)].some((level) => level !== '');
}

interface RunProps {
  frame: Frame;
  run: ShownRun;
  savable: ReplayProps['savable'];
}

/** Asks for itself again until it is over. */
const RunPart = ({ frame, run, savable }: RunProps) => {
  const t = frame.t.replay;
  if (run.state === 'failed') return <p class="note danger">{t.failed}</p>;
  if (run.report) {
    return (
      <div id="run" class="stack">
        <Report frame={frame} run={run} report={run.report} />
        {savable.length > 0 && <SaveForm frame={frame} savable={savable} />}
      </div>
    );
  }
  const path = 'dashboard/routing/replay';
  const text = t.seen(frame.format.count(run.seen), frame.format.count(run.total));
  return (
    <div
      {...{ id: 'run', class: 'stack', 'hx-get': path, 'hx-trigger': 'every 1s', 'hx-select': '#run' }}
      {...{ 'hx-target': '#run', 'hx-swap': 'outerHTML' }}
    >
      <Progress label={t.running} share={run.total === 0 ? null : Math.min(1, run.seen / run.total)} text={text} />
      <p>
        <a href={path}>{t.lookAgain}</a>
      </p>
    </div>
  );
};

const Report = ({ frame, run, report }: { frame: Frame; run: ShownRun; report: ReplayFigures }) => {
  const t = frame.t.replay;
  const { money, count, share } = frame.format;
  const saved = report.actualNanoUsd - report.replayNanoUsd;
  return (
    <>
      <h2>{t.result(count(report.replayed), run.days)}</h2>
      <Stats>
        <Stat label={t.actual} value={money(report.actualNanoUsd)}>
          {t.actualHint}
        </Stat>
        <Stat label={t.replayed} value={money(report.replayNanoUsd)}>
          {t.replayedHint}
        </Stat>
        <Stat label={saved < 0 ? t.more : t.saved} value={money(Math.abs(saved))}>
          {share(Math.abs(saved), report.actualNanoUsd)}
        </Stat>
        <Stat label={t.moves} value={`${count(report.lower)} ↓ ${count(report.higher)} ↑`}>
          {t.movesHint(count(report.same))}
        </Stat>
        <Stat label={t.leftOut} value={count(report.leftOut)}>
          {t.leftOutHint}
        </Stat>
      </Stats>
      <p class="muted">
        {report.refused > 0 && `${t.refused(report.refused, count(report.refused))} `}
        {report.unpriced > 0 && `${t.unpriced(report.unpriced, count(report.unpriced))} `}
        {report.isCut && t.cut(count(report.seen))}
      </p>
      {report.byDay.length > 0 && (
        <ChartFigure
          {...{ frame, id: 'replay-days', title: t.byDay, kind: 'bar', unit: 'money' }}
          data={{
            labels: report.byDay.map(({ start }) => frame.format.dayOfMonth(start)),
            series: [
              { label: t.actual, values: report.byDay.map(({ actualNanoUsd }) => actualNanoUsd) },
              { label: t.replayed, values: report.byDay.map(({ replayNanoUsd }) => replayNanoUsd) },
            ],
          }}
        />
      )}
      {report.byModel.length > 0 && (
        <Table
          caption={t.byModel}
          columns={[
            { label: frame.t.routing.candidates.model },
            { label: frame.t.routing.requests, class: 'right' },
            { label: frame.t.routing.candidates.cost, class: 'right' },
          ]}
        >
          {report.byModel.map(({ model, requests, costNanoUsd }) => (
            <tr>
              <td class="lead model">
                {model} <span class="narrow muted">× {count(requests)}</span>
              </td>
              <td class="wide right number">{count(requests)}</td>
              <td class="lead-end right">
                <Money frame={frame} nanoUsd={costNanoUsd} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      <Details summary={t.policy}>
        <div class="copy-block">
          <pre id="policy-json" tabindex="0">
            {run.policy}
          </pre>
          <CopyButton frame={frame} from="policy-json" />
        </div>
      </Details>
    </>
  );
};

const SaveForm = ({ frame, savable }: { frame: Frame; savable: ReplayProps['savable'] }) => (
  <section class="panel">
    <h2>{frame.t.replay.save}</h2>
    <p class="muted">{frame.t.replay.saveLead}</p>
    <form method="post" action="dashboard/routing/replay/save" class="row">
      <FormToken value={frame.viewer.formToken} />
      <Select {...{ label: frame.t.routing.columns.key, name: 'saveKey', options: savable }} />
      <button type="submit">{frame.t.replay.saveButton}</button>
    </form>
  </section>
);
