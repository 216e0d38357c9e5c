import { Live } from '../components/live.tsx';
import { Money } from '../components/money.tsx';
import { Notice } from '../components/notice.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Badge } from '../components/signs.tsx';
import { Stat, Stats } from '../components/stat.tsx';
import { Empty, Table } from '../components/table.tsx';
import { Time } from '../components/time.tsx';
import type { Copy } from '../copy/index.ts';
import { type Frame, Page, type PlainFrame } from '../layout.tsx';

/** The last 24 hours. */
export interface Totals {
  requests: number;
  /** What was really spent; simulated answers cost nothing and are counted apart. */
  costNanoUsd: number;
  /** What the simulated answers would have cost. */
  simulatedNanoUsd: number;
  /** Requests whose cost nobody knows: they are missing in the sums. */
  unpriced: number;
  savedNanoUsd: number;
  averageMs: number;
  cacheHits: number;
}

export interface LatestRequest {
  id: string;
  startedAt: number;
  durationMs: number;
  /** The name of its key; null when the key is not known any more. */
  keyName: string | null;
  requestedModel: string;
  /** The model that answered; null when none did. */
  model: string | null;
  provider: string | null;
  complexity: 'simple' | 'moderate' | 'complex' | 'expert' | null;
  cache: 'hit' | 'miss' | 'bypass';
  /** Null = unpriced. */
  costNanoUsd: number | null;
  isSimulated: boolean;
  status: number;
}

/** What moves while somebody looks. */
export interface OverviewLiveProps {
  totals: Totals;
  latest: readonly LatestRequest[];
}

interface OverviewProps extends OverviewLiveProps {
  frame: Frame;
  /** The simulator answers in the name of at least one provider. */
  isSimulating: boolean;
}

export const OverviewPage = ({ frame, isSimulating, ...live }: OverviewProps) => (
  <Page title={frame.t.overview.title} frame={frame}>
    <PageHead title={frame.t.overview.lastDay} />
    {isSimulating && <SimulatorNote frame={frame} />}
    <Live topic="overview">
      <OverviewLive frame={frame} {...live} />
    </Live>
  </Page>
);

/** Drawn once for everybody who may see the same: nothing in it is about one viewer. */
export const OverviewLive = ({ frame, totals, latest }: OverviewLiveProps & { frame: PlainFrame }) => (
  <>
    <TotalsCards frame={frame} totals={totals} />
    <section>
      <h2>{frame.t.overview.latest}</h2>
      <LatestRequests frame={frame} latest={latest} />
    </section>
  </>
);

const SimulatorNote = ({ frame }: { frame: Frame }) => (
  <Notice kind="info">
    {frame.t.overview.simulatorNote} <a href="dashboard/providers">{frame.t.overview.connect}</a>
  </Notice>
);

const TotalsCards = ({ frame, totals }: { frame: PlainFrame; totals: Totals }) => {
  const { format } = frame;
  const t = frame.t.overview;
  return (
    <Stats>
      <Stat label={t.requests} value={format.count(totals.requests)}>
        {totals.unpriced > 0 && (
          <Badge tone="warn" title={t.unpricedHint}>
            {t.unpriced(totals.unpriced)}
          </Badge>
        )}
      </Stat>
      <Stat label={t.spent} value={format.money(totals.costNanoUsd)}>
        {totals.simulatedNanoUsd > 0 && (
          <Badge tone="simulated">{t.simulated(format.money(totals.simulatedNanoUsd))}</Badge>
        )}
      </Stat>
      <Stat label={t.saved} value={format.money(totals.savedNanoUsd)}>
        {t.savedHint}
      </Stat>
      <Stat label={t.averageTime} value={totals.requests === 0 ? '–' : format.duration(totals.averageMs)}>
        {t.averageHint}
      </Stat>
      <Stat label={t.fromCache} value={format.share(totals.cacheHits, totals.requests)}>
        {t.answers(totals.cacheHits, format.count(totals.cacheHits))}
      </Stat>
    </Stats>
  );
};

const columns = ({ columns: c }: Copy['overview']) =>
  [
    { label: c.when },
    { label: c.key },
    { label: c.model },
    { label: c.complexity },
    { label: c.cache },
    { label: c.cost, class: 'right' },
    { label: c.time, class: 'right' },
    { label: c.status, class: 'right' },
  ] as const;

const LatestRequests = ({ frame, latest }: { frame: PlainFrame; latest: readonly LatestRequest[] }) => {
  const t = frame.t.overview;
  if (latest.length === 0) {
    return (
      <Empty title={t.none}>
        {t.noneHint} <a href="dashboard/keys">{t.makeKey}</a>
      </Empty>
    );
  }
  return (
    <Table caption={t.latestCaption} columns={columns(t)}>
      {latest.map((request) => (
        <RequestRow frame={frame} request={request} />
      ))}
    </Table>
  );
};

const RequestRow = ({ frame, request }: { frame: PlainFrame; request: LatestRequest }) => {
  const t = frame.t.overview;
  return (
    <tr id={`request-${request.id}`}>
      <td class="sub nowrap muted">
        <Time frame={frame} at={request.startedAt} />
        <span class="narrow">{summary(t, request)}</span>
      </td>
      <td class="wide">{request.keyName ?? <span class="muted">{t.unknownKey}</span>}</td>
      <td class="lead">
        <ModelNames t={t} request={request} />
      </td>
      <td class="wide nowrap">
        {request.complexity === null ? <span class="muted">–</span> : t.complexities[request.complexity]}
      </td>
      <td class="wide">
        {request.cache === 'hit' ? (
          <Badge tone="good">{t.cacheStates.hit}</Badge>
        ) : (
          <span class="muted">{t.cacheStates[request.cache]}</span>
        )}
      </td>
      <td class="lead-end right nowrap">
        {request.isSimulated && <Badge tone="simulated">{frame.t.common.simulated}</Badge>}{' '}
        <Money frame={frame} nanoUsd={request.costNanoUsd} />
      </td>
      <td class="sub-end right nowrap number">{frame.format.duration(request.durationMs)}</td>
      <td class="right wide number">
        <span class={request.status < 400 ? 'muted' : 'badge danger'}>{request.status}</span>
      </td>
    </tr>
  );
};

interface ModelNamesProps {
  t: Copy['overview'];
  request: LatestRequest;
}

/** The model that answered, and the one that was asked for where it is another. */
const ModelNames = ({ t, request: { model, requestedModel, provider } }: ModelNamesProps) => (
  <>
    <span class="model" title={provider ?? undefined}>
      {model ?? requestedModel}
    </span>
    {model !== null && model !== requestedModel && <span class="asked">{t.askedFor(requestedModel)}</span>}
  </>
);

/** What the columns say that a narrow screen has no room for, as far as it is worth saying. */
function summary(t: Copy['overview'], { complexity, cache, status }: LatestRequest): string {
  const facts = [
    complexity !== null && t.complexities[complexity],
    cache === 'hit' && t.cacheHit,
    status >= 400 && t.failed(status),
  ];
  return facts
    .filter(Boolean)
    .map((fact) => ` · ${fact}`)
    .join('');
}
