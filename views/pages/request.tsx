import { CopyButton } from '../components/copy.tsx';
import { FailureWords } from '../components/failure.tsx';
import { Money } from '../components/money.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Badge } from '../components/signs.tsx';
import { Stat, Stats } from '../components/stat.tsx';
import { Time } from '../components/time.tsx';
import { type Frame, Page } from '../layout.tsx';
import { RequestDecision } from './request-decision.tsx';
import { RequestMoney, RequestTokens } from './request-money.tsx';
import type { RequestReport, SaidText } from './request-report.ts';
import { CacheState } from './request-table.tsx';
import { Waterfall, writeTime } from './waterfall.tsx';

interface RequestProps {
  frame: Frame;
  report: RequestReport;
}

/** One request, from its first moment to what it cost. */
export const RequestPage = ({ frame, report }: RequestProps) => {
  const { request } = report;
  const t = frame.t.request;
  return (
    <Page title={t.title} frame={frame}>
      <p class="crumb">
        <a href="dashboard/requests">← {frame.t.frame.navigation.requests}</a>
      </p>
      <PageHead title={request.model ?? (request.requestedModel || t.title)} lead={request.endpoint}>
        <code id="request-id" class="id">
          {request.id}
        </code>
        <CopyButton frame={frame} from="request-id" />
      </PageHead>
      {request.endpoint.startsWith('shadow/') && <p class="note">{frame.t.measured.isShadow}</p>}
      <Summary frame={frame} report={report} />
      {request.errorCode !== null && <Failure frame={frame} report={report} />}
      <div class="halves">
        <div class="half">
          <Waterfall frame={frame} report={report} />
          <RequestMoney frame={frame} report={report} />
        </div>
        <div class="half">
          <Facts frame={frame} report={report} />
          <RequestTokens frame={frame} report={report} />
        </div>
      </div>
      <RequestDecision frame={frame} details={report.details} />
      <Said frame={frame} bodies={report.bodies} />
      <Headers frame={frame} report={report} />
    </Page>
  );
};

const Summary = ({ frame, report: { request } }: RequestProps) => {
  const { format } = frame;
  const t = frame.t.request;
  const o = frame.t.overview;
  return (
    <Stats>
      <Stat label={o.columns.status} value={String(request.status)}>
        <Badge tone={request.outcome === 'ok' ? 'good' : 'danger'}>{frame.t.requests.outcomes[request.outcome]}</Badge>
      </Stat>
      <Stat
        label={o.columns.cost}
        value={request.costNanoUsd === null ? frame.t.common.unpriced : format.money(request.costNanoUsd)}
      >
        {request.isSimulated && <Badge tone="simulated">{frame.t.common.simulated}</Badge>}{' '}
        {request.isUsageEstimated && <Badge title={o.estimatedHint}>{t.isEstimated}</Badge>}
      </Stat>
      <Stat label={t.duration} value={format.duration(request.durationMs)}>
        {request.firstContentMs !== null && t.firstContent(format.duration(request.firstContentMs))}
      </Stat>
      <Stat label={t.overhead} value={writeTime(frame, request.overheadUs / 1000)}>
        {t.overheadHint}
      </Stat>
      <Stat label={o.saved} value={request.savedNanoUsd === null ? '–' : format.money(request.savedNanoUsd)}>
        {request.baselineModel !== null && t.against(request.baselineModel)}
      </Stat>
    </Stats>
  );
};

const Failure = ({ frame, report: { request, attempts } }: RequestProps) => {
  const failed = attempts.findLast(({ errorCode }) => errorCode === request.errorCode);
  return (
    <p class="note danger">
      <code>{request.errorCode}</code>{' '}
      <FailureWords frame={frame} code={request.errorCode} message={failed?.errorMessage ?? null} />
    </p>
  );
};

/** What an older or later version, or a provider, calls something stands as it is. */
function wordFor(words: Record<string, string>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}

const Facts = ({ frame, report }: RequestProps) => {
  const { request, keyName, userName, attempts } = report;
  const t = frame.t.request;
  const o = frame.t.overview;
  const facts: [label: string, value: string | null][] = [
    [o.columns.key, keyName ?? o.unknownKey],
    [frame.t.requests.fields.user, userName],
    [t.asked, request.requestedModel || null],
    [t.answeredBy, request.provider && `${request.provider} · ${request.model}`],
    [t.reported, request.reportedModel === request.model ? null : request.reportedModel],
    [t.dialect, request.dialect],
    [t.mode, request.isStream ? t.streamed : t.whole],
    [t.stopReason, request.stopReason && wordFor(t.stopReasons, request.stopReason)],
    [t.attempts, frame.format.count(attempts.length)],
    [
      o.columns.complexity,
      request.complexity &&
        `${o.complexities[request.complexity]}${request.confidence === null ? '' : ` (${frame.format.percent(request.confidence / 100)})`}`,
    ],
    [t.strategy, request.strategy && wordFor(frame.t.keys.strategies, request.strategy)],
    [t.tier, request.serviceTier && wordFor(frame.t.models.tiers, request.serviceTier)],
  ];
  return (
    <section class="panel">
      <h2>{t.facts}</h2>
      <dl class="facts">
        <div>
          <dt>{o.columns.when}</dt>
          <dd>
            <Time frame={frame} at={request.startedAt} />
            <span class="asked">{frame.format.dateTime(request.startedAt)}</span>
          </dd>
        </div>
        {facts.map(
          ([label, value]) =>
            value !== null && (
              <div>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
        <div>
          <dt>{o.columns.cache}</dt>
          <dd>
            <CacheState t={o} cache={request.cache} />
            {request.cacheSavedNanoUsd !== null && (
              <>
                {' '}
                {t.cacheSaved} <Money frame={frame} nanoUsd={request.cacheSavedNanoUsd} />
              </>
            )}
          </dd>
        </div>
      </dl>
    </section>
  );
};

const Said = ({ frame, bodies }: { frame: Frame; bodies: RequestReport['bodies'] }) => {
  const t = frame.t.request;
  return (
    <section class="panel">
      <h2>{t.said}</h2>
      {bodies.state === 'kept' ? (
        <SaidTexts frame={frame} said={bodies.said} />
      ) : (
        <p class="muted">{t.bodyStates[bodies.state]}</p>
      )}
    </section>
  );
};

const SaidTexts = ({ frame, said }: { frame: Frame; said: SaidText }) => {
  const t = frame.t.request;
  const texts = [
    { id: 'prompt', label: t.prompt, text: said.prompt, isCut: said.isPromptCut },
    { id: 'answer', label: t.answer, text: said.answer, isCut: said.isAnswerCut },
  ];
  return (
    <div class="halves">
      {texts.map(({ id, label, text, isCut }) => (
        <div class="said">
          <h3>
            {label} {isCut && <Badge tone="warn">{t.cut}</Badge>}
          </h3>
          <pre id={id} class="said-text" tabindex={0} dir="auto">
            {text === '' ? '–' : text}
          </pre>
          <CopyButton frame={frame} from={id} />
        </div>
      ))}
    </div>
  );
};

const Headers = ({ frame, report: { details } }: RequestProps) => {
  const t = frame.t.request;
  const headers = Object.entries(details?.headers ?? {});
  return (
    <section class="panel">
      <h2>{t.headers}</h2>
      {details === null ? (
        <p class="muted">{t.pruned}</p>
      ) : headers.length === 0 ? (
        <p class="muted">{t.noHeaders}</p>
      ) : (
        <dl class="facts wide-facts">
          {headers.map(([name, value]) => (
            <div>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
};
