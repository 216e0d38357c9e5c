import { ConfirmButton, Field, FilterForm, FormToken, Select } from '../components/form.tsx';
import { Live } from '../components/live.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Badge } from '../components/signs.tsx';
import { Empty, Pager, Table } from '../components/table.tsx';
import { type Frame, Page } from '../layout.tsx';
import { ChangeTable, fieldName, type RegistryChangeRow, wordFor } from './changelog/changes.tsx';
import { CatalogueLive, type CatalogueLook } from './changelog/live.tsx';

export interface ChangelogQuery {
  provider: string;
  model: string;
  type: string;
}

interface ChangelogProps {
  frame: Frame;
  look: CatalogueLook;
  waiting: readonly WaitingRow[];
  /** Providers whose page was not believed, and why. */
  rejected: readonly { provider: string; message: string }[];
  changes: readonly RegistryChangeRow[];
  /** What the last update found. */
  fresh: readonly RegistryChangeRow[];
  newer: string | null;
  older: string | null;
  query: ChangelogQuery;
  canChange: boolean;
}

interface WaitingRow {
  provider: string;
  model: string;
  verdict: 'held' | 'quarantined';
  tier: string;
  promptOver: number;
  field: string;
  old: number | null;
  new: number | null;
  ratio: number | null;
}

export const ChangelogPage = (props: ChangelogProps) => {
  const { frame, look, waiting, rejected, changes, fresh, canChange, query } = props;
  const t = frame.t.changelog;
  const types = Object.entries(t.types).map(([value, label]) => ({ value, label: String(label) }));
  const any = { value: '', label: frame.t.models.any };
  return (
    <Page title={t.title} frame={frame}>
      <PageHead title={t.title} lead={t.lead}>
        {canChange && (
          <form method="post" action="dashboard/changelog/update">
            <FormToken value={frame.viewer.formToken} />
            <button type="submit" class="primary">
              {t.update}
            </button>
          </form>
        )}
      </PageHead>
      <Live topic="changelog">
        <CatalogueLive {...{ frame, look, fresh }} />
      </Live>
      {rejected.length > 0 && <Rejected {...{ frame, rejected, canChange }} />}
      {waiting.length > 0 && <Waiting {...{ frame, waiting, canChange }} />}
      <section class="models">
        <h2>{t.all}</h2>
        <FilterForm frame={frame} action="dashboard/changelog" target="#changes">
          <Select
            {...{ label: frame.t.models.provider, name: 'provider', value: query.provider }}
            options={[any, ...look.providers.map(({ provider }) => ({ value: provider, label: provider }))]}
          />
          <Select {...{ label: t.type, name: 'type', value: query.type }} options={[any, ...types]} />
          <Field {...{ label: t.model, name: 'model', type: 'search', value: query.model, maxlength: 200 }} />
        </FilterForm>
        <div id="changes" class="models">
          {changes.length === 0 ? <Empty title={t.none}>{t.noneHint}</Empty> : <ChangeTable {...{ frame, changes }} />}
          <Pager {...{ frame, newer: props.newer, older: props.older }} />
        </div>
      </section>
    </Page>
  );
};

const Rejected = ({ frame, rejected, canChange }: Pick<ChangelogProps, 'frame' | 'rejected' | 'canChange'>) => {
  const t = frame.t.changelog;
  return (
    <section class="panel stack">
      <h2>{t.rejected}</h2>
      <ul class="plain">
        {rejected.map(({ provider, message }) => (
          <li>
            <span>
              <strong>{provider}</strong> <span lang="en">{message}</span>
            </span>
            {canChange && (
              <ConfirmButton
                {...{ frame, id: `run-${provider}`, verb: t.approveRun, subject: provider }}
                action={`dashboard/changelog/approve-run/${encodeURIComponent(provider)}`}
              >
                {t.approveRunHint}
              </ConfirmButton>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};

const Waiting = ({ frame, waiting, canChange }: Pick<ChangelogProps, 'frame' | 'waiting' | 'canChange'>) => {
  const { t, format } = frame;
  const money = (usd: number | null) => (usd === null ? '–' : format.money(Math.round(usd * 1e9)));
  const columns = [
    { label: t.changelog.columns.model },
    { label: t.changelog.columns.change },
    { label: t.changelog.columns.what, class: 'right' },
    ...(canChange ? [{ label: t.changelog.columns.actions, isUnlabelled: true }] : []),
  ] as const;
  const seen = new Set<string>();
  return (
    <section id="waiting">
      <h2>{t.changelog.waiting}</h2>
      <p class="muted">{t.changelog.waitingHint}</p>
      <Table caption={t.changelog.waitingCaption} columns={columns}>
        {waiting.map((price, index) => {
          const id = `${price.provider}/${price.model}`;
          // A model is approved as a whole, so its first line has the buttons.
          const isFirst = !seen.has(id);
          seen.add(id);
          const fields = { model: id };
          return (
            <tr>
              <td class="lead model">{id}</td>
              <td class="sub">
                <span class="muted">
                  {wordFor(t.models.tiers, price.tier)}{' '}
                  {price.promptOver > 0 && `> ${format.compact(price.promptOver)}`} {fieldName(frame, price.field)}
                </span>{' '}
                <span class="number nowrap">
                  {money(price.old)} → {money(price.new)}
                </span>
                {price.ratio !== null && ` ${format.ratio(price.ratio)}`}
              </td>
              <td class="lead-end right">
                <Badge tone="warn">{t.changelog.verdicts[price.verdict]}</Badge>
              </td>
              {canChange && (
                <td class="sub-end">
                  {isFirst && (
                    <div class="vendor-actions">
                      <form method="post" action="dashboard/changelog/approve">
                        <FormToken value={frame.viewer.formToken} />
                        <input type="hidden" name="model" value={fields.model} />
                        <button type="submit" aria-label={`${t.changelog.approve} ${id}`}>
                          {t.changelog.approve}
                        </button>
                      </form>
                      <ConfirmButton
                        {...{ frame, id: `reject-${index}`, verb: t.changelog.reject, subject: id }}
                        action={`dashboard/changelog/reject/${encodeURIComponent(id)}`}
                      >
                        {t.changelog.rejectHint}
                      </ConfirmButton>
                    </div>
                  )}
                </td>
              )}
            </tr>
          );
        })}
      </Table>
    </section>
  );
};
