import { Live } from '../components/live.tsx';
import { Notice } from '../components/notice.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Badge } from '../components/signs.tsx';
import { Delta, Stat, Stats } from '../components/stat.tsx';
import { Time } from '../components/time.tsx';
import type { Child } from '../jsx/jsx-runtime.ts';
import { type Frame, Page, type PlainFrame } from '../layout.tsx';
import { CHARTS_ID, OverviewCharts } from './overview-charts.tsx';
import type { CatalogueChange, OverviewFigures, Totals, Trends } from './overview-figures.ts';
import { Budgets, Lights } from './overview-side.tsx';
import { RequestTable } from './request-table.tsx';

interface OverviewProps {
  frame: Frame;
  figures: OverviewFigures;
  trends: Trends;
  changes: readonly CatalogueChange[];
  /** The simulator answers in the name of at least one provider. */
  isSimulating: boolean;
}

export const OverviewPage = ({ frame, isSimulating, figures, trends, changes }: OverviewProps) => (
  <Page title={frame.t.overview.title} frame={frame} hasCharts>
    <PageHead
      title={frame.t.overview.lastDay}
      lead={frame.viewer.role === 'member' ? frame.t.overview.ownOnly : undefined}
    />
    {isSimulating && <SimulatorNote frame={frame} />}
    <Live topic="overview">
      <OverviewLive frame={frame} figures={figures} charts={<OverviewCharts frame={frame} trends={trends} />} />
    </Live>
    {changes.length > 0 && <Changes frame={frame} changes={changes} />}
  </Page>
);

interface OverviewLiveProps {
  frame: PlainFrame;
  figures: OverviewFigures;
  /** What stands where the charts are; drawn anew without them, they stay. */
  charts?: Child;
}

/** Drawn once for everybody who may see the same: nothing in it is about one viewer. */
export const OverviewLive = ({ frame, figures, charts }: OverviewLiveProps) => {
  const { totals, before, latest, providers, budgets } = figures;
  const t = frame.t.overview;
  return (
    <>
      <TotalsCards frame={frame} totals={totals} before={before} />
      {charts ?? <section id={CHARTS_ID} class="trends" hx-morph-skip="true" />}
      <div class="columns">
        <section class="main-column">
          <div class="section-head">
            <h2>{t.latest}</h2>
            {latest.length > 0 && <a href="dashboard/requests">{t.allRequests}</a>}
          </div>
          <RequestTable frame={frame} caption={t.latestCaption} requests={latest} isShort />
        </section>
        <div class="side-column">
          <Lights frame={frame} providers={providers} />
          <Budgets frame={frame} budgets={budgets} />
        </div>
      </div>
    </>
  );
};

const SimulatorNote = ({ frame }: { frame: Frame }) => (
  <Notice kind="info">
    {frame.t.overview.simulatorNote} <a href="dashboard/providers">{frame.t.overview.connect}</a>
  </Notice>
);

interface TotalsProps {
  frame: PlainFrame;
  totals: Totals;
  before: Totals;
}

const TotalsCards = ({ frame, totals, before }: TotalsProps) => {
  const { format } = frame;
  const t = frame.t.overview;
  const isEmpty = totals.requests === 0;
  const hitShare = ({ cacheHits, requests }: Totals) => (requests === 0 ? 0 : cacheHits / requests);
  return (
    <Stats>
      <Stat label={t.spent} value={format.money(totals.costNanoUsd)}>
        <Delta {...{ frame, before: before.costNanoUsd, after: totals.costNanoUsd, moreIs: 'neither' }} />{' '}
        {totals.simulatedNanoUsd > 0 && (
          <Badge tone="simulated">{t.simulated(format.money(totals.simulatedNanoUsd))}</Badge>
        )}
      </Stat>
      <Stat label={t.requests} value={format.count(totals.requests)}>
        <Delta {...{ frame, before: before.requests, after: totals.requests, moreIs: 'neither' }} />{' '}
        {totals.unpriced > 0 && (
          <Badge tone="warn" title={t.unpricedHint}>
            {t.unpriced(format.count(totals.unpriced))}
          </Badge>
        )}{' '}
        {totals.estimated > 0 && <Badge title={t.estimatedHint}>{t.estimated(format.count(totals.estimated))}</Badge>}
      </Stat>
      <Stat label={t.averageTime} value={isEmpty ? '–' : format.duration(totals.averageMs)}>
        <Delta {...{ frame, before: before.averageMs, after: totals.averageMs, moreIs: 'bad' }} />{' '}
        {totals.p95Ms !== null && t.p95(format.duration(totals.p95Ms))}
      </Stat>
      <Stat label={t.fromCache} value={format.share(totals.cacheHits, totals.requests)}>
        <Delta {...{ frame, before: hitShare(before), after: hitShare(totals), moreIs: 'good' }} />{' '}
        {t.answers(totals.cacheHits, format.count(totals.cacheHits))}
      </Stat>
      <Stat label={t.saved} value={format.money(totals.savedNanoUsd)}>
        <Delta {...{ frame, before: before.savedNanoUsd, after: totals.savedNanoUsd, moreIs: 'good' }} /> {t.savedHint}
      </Stat>
    </Stats>
  );
};

const Changes = ({ frame, changes }: { frame: Frame; changes: readonly CatalogueChange[] }) => (
  <section class="panel">
    <h2>{frame.t.overview.changes}</h2>
    <ul class="plain">
      {changes.map(({ message, at }) => (
        <li>
          <span>{message}</span>
          <span class="muted nowrap">
            <Time frame={frame} at={at} />
          </span>
        </li>
      ))}
    </ul>
  </section>
);
