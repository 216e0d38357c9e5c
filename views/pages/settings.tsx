import { ErrorNote, Field, type FormError, FormToken, Select } from '../components/form.tsx';
import { Notice } from '../components/notice.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Badge } from '../components/signs.tsx';
import { type Frame, Page } from '../layout.tsx';

type SettingName =
  | 'defaultStrategy'
  | 'baselineModel'
  | 'requestsPerMinute'
  | 'cacheTtlSeconds'
  | 'cacheMaxMib'
  | 'requestDays'
  | 'detailDays'
  | 'shadowPercent'
  | 'shadowJudge'
  | 'shadowModel'
  | 'shadowDailyUsd';

/** They hold the name of a model. */
const MODEL_FIELDS: readonly SettingName[] = ['baselineModel', 'shadowJudge', 'shadowModel'];
/** They need not be whole numbers. */
const AMOUNTS: readonly SettingName[] = ['shadowPercent', 'shadowDailyUsd'];

/** A setting as the page shows it. */
export interface SettingRow {
  name: SettingName;
  variable: string;
  /** In force now. */
  value: string | number | null;
  source: 'environment' | 'default' | 'here';
  /** What stands in its field: what was set here, or was typed just now. */
  draft: string;
}

interface SettingsProps {
  frame: Frame;
  settings: readonly SettingRow[];
  strategies: readonly string[];
  error: FormError | null;
  hasWebhook: boolean;
  /** What the environment alone decides. */
  fixed: { timeZone: string; refreshTime: string | null };
  /** What a test event has come to: null = it arrived; absent = none was sent. */
  tested?: string | null | undefined;
}

export const SettingsPage = ({ frame, settings, strategies, error, hasWebhook, fixed, tested }: SettingsProps) => {
  const t = frame.t.operations.settings;
  return (
    <Page title={t.title} frame={frame}>
      <PageHead title={t.title} lead={t.lead} />
      {tested !== undefined && (
        <Notice kind={tested === null ? 'good' : 'danger'}>{tested === null ? t.arrived : t.notArrived(tested)}</Notice>
      )}
      <section class="panel">
        <p class="muted">{t.rule}</p>
        <ErrorNote error={error} shown={settings.map(({ name }) => name)} />
        <form method="post" action="dashboard/settings" class="stack">
          <FormToken value={frame.viewer.formToken} />
          <ul class="plain settings">
            {settings.map((row) => (
              <li>
                {row.source === 'environment' ? (
                  <div class="field">
                    <span class="strong">{t.names[row.name]}</span>
                    <span>{row.value}</span>
                    <code class="muted">{row.variable}</code>
                  </div>
                ) : (
                  <SettingField {...{ frame, row, strategies, error }} />
                )}
                <Badge tone={row.source === 'default' ? 'plain' : 'accent'}>{t.sources[row.source]}</Badge>
              </li>
            ))}
          </ul>
          <div>
            <button type="submit" class="primary">
              {t.save}
            </button>
          </div>
        </form>
      </section>
      <section class="panel">
        <h2>{t.fixed}</h2>
        <p class="muted">{t.fixedLead}</p>
        <dl class="fact-grid">
          <div>
            <dt>{t.refresh}</dt>
            <dd>
              {fixed.refreshTime === null ? t.refreshOff : t.refreshAt(fixed.refreshTime)}{' '}
              <code class="muted">REGISTRY_REFRESH</code>
            </dd>
          </div>
          <div>
            <dt>{t.timeZone}</dt>
            <dd>
              {fixed.timeZone} <code class="muted">TIME_ZONE</code>
            </dd>
          </div>
        </dl>
      </section>
      <section class="panel">
        <h2>{t.webhook}</h2>
        <p class="muted">{hasWebhook ? t.webhookOn : t.webhookOff}</p>
        {hasWebhook && (
          <form method="post" action="dashboard/settings/webhook">
            <FormToken value={frame.viewer.formToken} />
            <button type="submit">{t.sendTest}</button>
          </form>
        )}
      </section>
    </Page>
  );
};

type FieldProps = Pick<SettingsProps, 'frame' | 'strategies' | 'error'> & { row: SettingRow };

const SettingField = ({ frame, row, strategies, error }: FieldProps) => {
  const t = frame.t.operations.settings;
  const { name, draft, value, source } = row;
  const common = { label: t.names[name], name, value: draft, hint: t.hints[name], error };
  if (name === 'defaultStrategy') {
    const names: Record<string, string> = frame.t.keys.strategies;
    const options = strategies.map((strategy) => ({ value: strategy, label: names[strategy] ?? strategy }));
    return <Select {...common} options={[{ value: '', label: t.standard }, ...options]} />;
  }
  const placeholder = source === 'default' ? String(value ?? '') : undefined;
  if (MODEL_FIELDS.includes(name)) return <Field {...common} placeholder={placeholder} maxlength={200} />;
  const step = AMOUNTS.includes(name) ? { step: 'any' } : {};
  return <Field {...common} {...step} placeholder={placeholder} type="number" min={0} />;
};
