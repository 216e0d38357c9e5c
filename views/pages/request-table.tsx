import { Money } from '../components/money.tsx';
import { Badge } from '../components/signs.tsx';
import { Empty, Table } from '../components/table.tsx';
import { Time } from '../components/time.tsx';
import type { Copy } from '../copy/index.ts';
import type { PlainFrame } from '../frame.ts';
import type { LatestRequest } from './overview-figures.ts';

interface RequestTableProps {
  frame: PlainFrame;
  caption: string;
  requests: readonly LatestRequest[];
  /** Beside something else, with no room for every column. */
  isShort?: boolean | undefined;
}

/** Requests as a list; each leads to its own page. */
export const RequestTable = ({ frame, caption, requests, isShort = false }: RequestTableProps) => {
  const t = frame.t.overview;
  if (requests.length === 0) {
    return (
      <Empty title={t.none}>
        {t.noneHint} <a href="dashboard/keys">{t.makeKey}</a>
      </Empty>
    );
  }
  return (
    <Table caption={caption} columns={columns(t, isShort)}>
      {requests.map((request) => (
        <RequestRow frame={frame} request={request} isShort={isShort} />
      ))}
    </Table>
  );
};

function columns({ columns: c }: Copy['overview'], isShort: boolean) {
  const right = { class: 'right' } as const;
  const all = [
    { label: c.when },
    { label: c.key },
    { label: c.model },
    ...(isShort ? [] : [{ label: c.complexity }, { label: c.cache }]),
    { label: c.cost, ...right },
    { label: c.time, ...right },
    { label: c.status, ...right },
  ];
  return all;
}

interface RowProps {
  frame: PlainFrame;
  request: LatestRequest;
  isShort: boolean;
}

const RequestRow = ({ frame, request, isShort }: RowProps) => {
  const t = frame.t.overview;
  return (
    <tr id={`request-${request.id}`}>
      <td class="sub nowrap muted">
        <a class="plain-link" href={`dashboard/requests/${encodeURIComponent(request.id)}`}>
          <Time frame={frame} at={request.startedAt} />
        </a>
        <span class="narrow">{summary(t, request)}</span>
      </td>
      <td class="wide">{request.keyName ?? <span class="muted">{t.unknownKey}</span>}</td>
      <td class="lead">
        <ModelNames t={t} request={request} />
      </td>
      {!isShort && (
        <>
          <td class="wide nowrap">
            {request.complexity === null ? <span class="muted">–</span> : t.complexities[request.complexity]}
          </td>
          <td class="wide">
            <CacheState t={t} cache={request.cache} />
          </td>
        </>
      )}
      <td class="lead-end right nowrap">
        {isShort && request.cache === 'hit' && (
          <span class="wide-only">
            <Badge tone="good">{t.cacheHit}</Badge>
          </span>
        )}{' '}
        {request.isSimulated && <Badge tone="simulated">{frame.t.common.simulated}</Badge>}{' '}
        {request.isUsageEstimated && request.costNanoUsd !== null && <span title={t.estimatedHint}>≈</span>}{' '}
        <Money frame={frame} nanoUsd={request.costNanoUsd} />
      </td>
      <td class="sub-end right nowrap number">{frame.format.duration(request.durationMs)}</td>
      <td class="right wide number">
        <span class={request.status < 400 && request.errorCode === null ? 'muted' : 'badge danger'}>
          {request.status}
        </span>
      </td>
    </tr>
  );
};

/** A hit stands out: it is what saved something. */
export const CacheState = ({ t, cache }: { t: Copy['overview']; cache: LatestRequest['cache'] }) =>
  cache === 'hit' ? <Badge tone="good">{t.cacheStates.hit}</Badge> : <span class="muted">{t.cacheStates[cache]}</span>;

interface ModelNamesProps {
  t: Copy['overview'];
  request: LatestRequest;
}

/** The model that answered, and the one that was asked for where it is another. The name is the way to the request. */
const ModelNames = ({ t, request: { id, model, requestedModel, provider } }: ModelNamesProps) => (
  <>
    <a class="model plain-link" title={provider ?? undefined} href={`dashboard/requests/${encodeURIComponent(id)}`}>
      {model ?? (requestedModel || '–')}
    </a>
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
