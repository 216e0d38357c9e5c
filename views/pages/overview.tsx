import { formatNanoUsd, Money } from '../components/money.tsx';
import { Empty, Table } from '../components/table.tsx';
import { formatDuration, Time } from '../components/time.tsx';
import type { Child } from '../jsx/jsx-runtime.ts';
import { type Frame, Page } from '../layout.tsx';

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

interface OverviewProps {
  frame: Frame;
  totals: Totals;
  latest: readonly LatestRequest[];
  now: number;
  /** The simulator answers in the name of at least one provider. */
  isSimulating: boolean;
  /** Null while the page stands still. */
  refreshSeconds: number | null;
}

const COLUMNS = [
  { label: 'When' },
  { label: 'Key' },
  { label: 'Model' },
  { label: 'Complexity' },
  { label: 'Cache' },
  { label: 'Cost', class: 'right' },
  { label: 'Time', class: 'right' },
  { label: 'Status', class: 'right' },
] as const;

export const OverviewPage = ({ frame, totals, latest, now, isSimulating, refreshSeconds }: OverviewProps) => (
  <Page title="Overview" frame={frame} path="/dashboard" refreshSeconds={refreshSeconds ?? undefined}>
    <div class="page-head">
      <h1>Last 24 hours</h1>
      <a class="muted" href={refreshSeconds === null ? '/dashboard' : '/dashboard?paused=1'}>
        {refreshSeconds === null ? 'Resume updates' : `Updates every ${refreshSeconds} s · Pause`}
      </a>
    </div>
    {isSimulating && <SimulatorNote />}
    <TotalsCards totals={totals} />
    <section>
      <h2>Latest requests</h2>
      {latest.length === 0 ? (
        <Empty title="No requests yet">
          <a href="/dashboard/keys">Make a key</a> and point your SDK here; what it asks shows up within seconds.
        </Empty>
      ) : (
        <Table caption="The latest requests, the newest first" columns={COLUMNS}>
          {latest.map((request) => (
            <RequestRow request={request} now={now} />
          ))}
        </Table>
      )}
    </section>
  </Page>
);

const SimulatorNote = () => (
  <p class="note">
    The built-in simulator answers for providers without a key. Such answers and their costs are marked{' '}
    <span class="badge simulated">simulated</span> and cost nothing.{' '}
    <a href="/dashboard/providers">Connect a provider</a>
  </p>
);

const TotalsCards = ({ totals }: { totals: Totals }) => (
  <dl class="cards">
    <Card label="Requests" value={totals.requests.toLocaleString('en-US')}>
      {totals.unpriced > 0 && (
        <span class="badge warn" title="No price is known for their model, so the sums leave them out">
          {totals.unpriced} unpriced
        </span>
      )}
    </Card>
    <Card label="Spent" value={formatNanoUsd(totals.costNanoUsd)}>
      {totals.simulatedNanoUsd > 0 && (
        <span class="badge simulated">+ {formatNanoUsd(totals.simulatedNanoUsd)} simulated</span>
      )}
    </Card>
    <Card label="Saved" value={formatNanoUsd(totals.savedNanoUsd)}>
      against the baseline model
    </Card>
    <Card label="Average time" value={totals.requests === 0 ? '–' : formatDuration(totals.averageMs)}>
      from request to last word
    </Card>
    <Card label="From cache" value={share(totals.cacheHits, totals.requests)}>
      {totals.cacheHits.toLocaleString('en-US')} answers
    </Card>
  </dl>
);

const Card = ({ label, value, children }: { label: string; value: string; children?: Child }) => (
  <div class="card">
    <dt>{label}</dt>
    <dd class="value">{value}</dd>
    <dd class="detail">{children}</dd>
  </div>
);

const RequestRow = ({ request, now }: { request: LatestRequest; now: number }) => (
  <tr>
    <td class="sub nowrap muted">
      <Time at={request.startedAt} now={now} />
      <span class="narrow">{summary(request)}</span>
    </td>
    <td class="wide">{request.keyName ?? <span class="muted">unknown</span>}</td>
    <td class="lead">
      <ModelNames request={request} />
    </td>
    <td class="wide nowrap">{request.complexity ?? <span class="muted">–</span>}</td>
    <td class="wide">
      {request.cache === 'hit' ? <span class="badge good">hit</span> : <span class="muted">{request.cache}</span>}
    </td>
    <td class="lead-end right nowrap">
      {request.isSimulated && <span class="badge simulated">simulated</span>} <Money nanoUsd={request.costNanoUsd} />
    </td>
    <td class="sub-end right nowrap number">{formatDuration(request.durationMs)}</td>
    <td class="right wide number">
      <span class={request.status < 400 ? 'muted' : 'badge danger'}>{request.status}</span>
    </td>
  </tr>
);

/** The model that answered, and the one that was asked for where it is another. */
const ModelNames = ({ request: { model, requestedModel, provider } }: { request: LatestRequest }) => (
  <>
    <span class="model" title={provider ?? undefined}>
      {model ?? requestedModel}
    </span>
    {model !== null && model !== requestedModel && <span class="asked">asked for {requestedModel}</span>}
  </>
);

/** What the columns say that a narrow screen has no room for, as far as it is worth saying. */
function summary({ complexity, cache, status }: LatestRequest): string {
  const facts = [complexity, cache === 'hit' && 'cache hit', status >= 400 && `failed: ${status}`];
  return facts
    .filter(Boolean)
    .map((fact) => ` · ${fact}`)
    .join('');
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.round((100 * part) / whole)} %`;
}
