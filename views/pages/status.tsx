import { FormToken } from '../components/form.tsx';
import { PageHead } from '../components/page-head.tsx';
import { StatusLight } from '../components/signs.tsx';
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
  /** What the deletion of old rows has done last; null = it has not run since the start. */
  prune: { at: number; durationMs: number; count: number } | null;
  /** Messages on their way, and given up; null = there is no webhook. */
  webhook: { pending: number; failed: number } | null;
}

interface StatusProps {
  frame: Frame;
  report: StatusReport;
  canBackUp: boolean;
}

const LIGHTS = { connected: 'good', simulated: 'warn', off: 'off' } as const;

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
      <dl class="panel facts">
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
