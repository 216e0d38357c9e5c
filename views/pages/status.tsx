import { FormToken } from '../components/form.tsx';
import { PageHead } from '../components/page-head.tsx';
import { StatusLight } from '../components/signs.tsx';
import type { PlainFrame } from '../frame.ts';
import { type Frame, Page } from '../layout.tsx';

/** How the gateway is; nothing in it is a secret. */
export interface StatusReport {
  version: string;
  bunVersion: string;
  startedAt: number;
  at: number;
  memoryBytes: number;
  databaseBytes: number;
  walBytes: number;
  /** Since the first start, also those whose rows are deleted by now. */
  requestsEver: number;
  /** For how many days rows are kept; 0 = for ever. */
  requestDays: number;
  detailDays: number;
  /** Ledger rows that are not stored yet. */
  queueDepth: number;
  openRequests: number;
  cache: { entries: number; bytes: number; maxBytes: number };
  livePages: number;
  vendors: readonly { id: string; label: string; state: 'connected' | 'simulated' | 'off' }[];
  /** How old each provider's prices are: from two days on a warning, from a week on an error. */
  catalogue: { generatedAt: string; models: number; providers: readonly PriceAge[] };
  /** What is done without anybody asking, and how that went. */
  jobs: readonly JobReport[];
  /** In which daily jobs have their hour. */
  timeZone: string;
  /** What the deletion of old rows has done last; null = it has not run since the start. */
  prune: { at: number; durationMs: number; count: number } | null;
  /** Messages on their way, and given up; null = there is no webhook. */
  webhook: { pending: number; failed: number } | null;
}

interface PriceAge {
  provider: string;
  /** When its price page was last read and believed; null = never here. */
  lastGoodAt: number | null;
  level: 'never' | 'ok' | 'warn' | 'error';
}

interface JobReport {
  name: string;
  schedule: { type: 'daily'; hour: number; minute: number } | { type: 'every'; ms: number };
  /** The day up to which a daily job has nothing more to do. */
  settledDay: string | null;
  /** Since the start; null = it has not run yet. */
  lastRun: { at: number; outcome: 'done' | 'retry' } | null;
}

interface StatusProps {
  frame: Frame;
  report: StatusReport;
  canBackUp: boolean;
}

const LIGHTS = { connected: 'good', simulated: 'warn', off: 'off' } as const;
const AGES = { never: 'off', ok: 'good', warn: 'warn', error: 'bad' } as const;

export const StatusPage = ({ frame, report, canBackUp }: StatusProps) => {
  const t = frame.t.operations.status;
  const { bytes, count, duration, dateTime } = frame.format;
  const { cache, prune, webhook } = report;
  const facts = [
    [t.version, report.version],
    [t.runtime, report.bunVersion],
    [t.uptime, duration(report.at - report.startedAt)],
    [t.memory, bytes(report.memoryBytes)],
    [t.database, t.databaseParts(bytes(report.databaseBytes), bytes(report.walBytes))],
    [t.rows, count(report.requestsEver)],
    [t.retention, report.requestDays === 0 ? t.forEver : t.days(report.requestDays)],
    [t.details, report.detailDays === 0 ? t.asRequests : t.days(report.detailDays)],
    [t.queue, count(report.queueDepth)],
    [t.open, count(report.openRequests)],
    [t.cache, t.cacheParts(count(cache.entries), bytes(cache.bytes), bytes(cache.maxBytes))],
    [t.live, count(report.livePages)],
    [t.webhook, webhook === null ? t.noWebhook : t.deliveries(count(webhook.pending), count(webhook.failed))],
    [
      t.prune,
      prune === null ? t.notYet : `${dateTime(prune.at)}: ${t.pruned(count(prune.count), duration(prune.durationMs))}`,
    ],
  ] as const;
  return (
    <Page title={t.title} frame={frame}>
      <PageHead title={t.title} />
      <dl class="panel fact-grid">
        {facts.map(([label, value]) => (
          <div>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <section class="panel">
        <h2>{t.providers}</h2>
        <ul class="plain">
          {report.vendors.map(({ label, state }) => (
            <li>
              <span>{label}</span>
              <StatusLight {...{ frame, state: LIGHTS[state], label: frame.t.providers.states[state] }} />
            </li>
          ))}
        </ul>
      </section>
      <CataloguePanel {...{ frame, report }} />
      <JobsPanel {...{ frame, report }} />
      {canBackUp && (
        <section class="panel">
          <h2>{t.backup}</h2>
          <p>{t.backupHint}</p>
          <p class="muted">{t.backupWarning}</p>
          <form method="post" action="dashboard/status/backup">
            <FormToken value={frame.viewer.formToken} />
            <button type="submit">{t.download}</button>
          </form>
        </section>
      )}
    </Page>
  );
};

interface PanelProps {
  frame: PlainFrame;
  report: StatusReport;
}

/** Prices that nobody has looked at for long are a reason to look at their page. */
const CataloguePanel = ({ frame, report: { catalogue } }: PanelProps) => {
  const t = frame.t.operations.status;
  const { freshness, levels } = frame.t.changelog;
  const { count, ago, dateTime } = frame.format;
  return (
    <section class="panel">
      <h2>{freshness}</h2>
      <p class="muted">{t.catalogue(count(catalogue.models), dateTime(Date.parse(catalogue.generatedAt)))}</p>
      <ul class="plain">
        {catalogue.providers.map(({ provider, lastGoodAt, level }) => (
          <li>
            <span>
              {provider} <span class="muted">{lastGoodAt !== null && ago(lastGoodAt, frame.now)}</span>
            </span>
            <StatusLight {...{ frame, state: AGES[level], label: levels[level] }} />
          </li>
        ))}
      </ul>
    </section>
  );
};

const JobsPanel = ({ frame, report: { jobs, timeZone } }: PanelProps) => {
  const t = frame.t.operations.status;
  return (
    <section class="panel">
      <h2>{t.jobs}</h2>
      <ul class="plain">
        {jobs.map(({ name, schedule, settledDay, lastRun }) => (
          <li>
            <span>
              {jobName(t.jobNames, name)}{' '}
              <span class="muted">
                {schedule.type === 'daily' ? t.daily(timeOf(schedule), timeZone) : t.repeated}
                {settledDay !== null && ` · ${t.settled(frame.format.date(Date.parse(settledDay)))}`}
              </span>
            </span>
            <span>
              {lastRun === null
                ? t.notYet
                : `${frame.format.dateTime(lastRun.at)}: ${lastRun.outcome === 'done' ? t.done : t.retry}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};

function jobName(names: Record<string, string>, name: string): string {
  return names[name] ?? name;
}

function timeOf({ hour, minute }: { hour: number; minute: number }): string {
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
}
