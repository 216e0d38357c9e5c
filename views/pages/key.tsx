import { type ChartData, ChartFigure } from '../components/chart.tsx';
import { ConfirmButton, ErrorNote, Field, type FormError, FormToken, Select } from '../components/form.tsx';
import { Notice } from '../components/notice.tsx';
import { PageHead } from '../components/page-head.tsx';
import { BudgetBar } from '../components/signs.tsx';
import { Time } from '../components/time.tsx';
import { type Frame, Page } from '../layout.tsx';
import { KEY_FIELDS, type KeyDraft, NameField, UseFields } from './key-form.tsx';
import { type KeyRow, KeyState, limitsInShort, type ShownKey, ShownKeyPanel, strategyName } from './key-parts.tsx';
import { UndoNote } from './keys.tsx';
import { LimitFields } from './limit-fields.tsx';
import { PolicyForm, type ShownPolicy } from './policy-form.tsx';

/** For how many hours the old secret of a rotated key can be kept. */
export const OVERLAPS_HOURS = [0, 1, 24, 72, 168] as const;

interface KeyProps {
  frame: Frame;
  row: KeyRow;
  can: { change: boolean; limit: boolean };
  strategies: readonly string[];
  usage: ChartData;
  draft: KeyDraft;
  error: FormError | null;
  /** After a rotation. */
  shown: ShownKey | null;
  undo: { id: string; until: number } | null;
  policy: ShownPolicy;
  policyError: FormError | null;
}

/** One key: what it has used, what it may, and its end. */
export const KeyPage = (props: KeyProps) => {
  const { frame, row, can, shown, undo, usage } = props;
  const t = frame.t.keys;
  const isWorking = row.revokedAt === null;
  return (
    <Page title={row.name} frame={undo ? { ...frame, notice: null } : frame} hasCharts>
      <PageHead title={row.name}>
        <a class="button quiet" href="dashboard/keys">
          {t.all}
        </a>
        {can.change && isWorking && (
          <ConfirmButton
            {...{ frame, id: 'revoke', action: `dashboard/keys/${row.id}/revoke`, verb: t.revoke, subject: row.name }}
          >
            {t.revokeHint}
          </ConfirmButton>
        )}
      </PageHead>
      {undo && <UndoNote frame={frame} {...undo} />}
      {shown && <ShownKeyPanel frame={frame} shown={shown} />}
      <Facts frame={frame} row={row} />
      <ChartFigure {...{ frame, id: 'key-usage', title: t.usage, kind: 'stacked-bar', unit: 'money', data: usage }} />
      {can.change && isWorking && <ChangeForm {...props} />}
      {can.change && isWorking && (
        <PolicyForm
          {...{ frame, keyId: row.id, policy: props.policy, strategies: props.strategies }}
          error={props.policyError}
        />
      )}
      {can.change && isWorking && <RotateForm {...props} />}
    </Page>
  );
};

const Facts = ({ frame, row }: { frame: Frame; row: KeyRow }) => {
  const t = frame.t.keys;
  const facts = [
    [t.columns.state, <KeyState frame={frame} row={row} />],
    [
      t.today,
      <BudgetBar
        {...{ frame, label: t.today, spentNanoUsd: row.dayNanoUsd }}
        budgetNanoUsd={row.limits.dailyBudgetNanoUsd ?? null}
      />,
    ],
    [
      t.thisMonth,
      <BudgetBar
        {...{ frame, label: t.thisMonth, spentNanoUsd: row.monthNanoUsd }}
        budgetNanoUsd={row.limits.monthlyBudgetNanoUsd ?? null}
      />,
    ],
    [t.requestsThisMonth, frame.format.count(row.requests)],
    [t.columns.owner, row.ownerName ?? t.noOwner],
    [t.prefix, <code>{row.prefix}…</code>],
    [t.strategy, row.strategy === null ? t.gatewayDefault : strategyName(t, row.strategy)],
    [t.limitsTitle, limitsInShort(frame, row.limits) || t.noLimits],
    [t.allowedModels, row.limits.allowedModels?.join(', ')],
    [t.fallbackModels, row.fallbackModels.join(', ')],
    [t.columns.made, <Time frame={frame} at={row.createdAt} />],
    [t.columns.used, row.lastUsedAt === null ? t.neverUsed : <Time frame={frame} at={row.lastUsedAt} />],
    [
      t.previousUntil,
      row.previousUntil !== null && row.previousUntil > frame.now && frame.format.dateTime(row.previousUntil),
    ],
  ] as const;
  return (
    <dl class="panel fact-grid">
      {facts.map(
        ([label, value]) =>
          value && (
            <div>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
};

const ChangeForm = ({ frame, row, can, strategies, draft, error }: KeyProps) => {
  const t = frame.t.keys;
  return (
    <section class="panel">
      <h2>{t.edit}</h2>
      <ErrorNote error={error} shown={KEY_FIELDS} />
      <form method="post" action={`dashboard/keys/${row.id}`} class="stack">
        <FormToken value={frame.viewer.formToken} />
        <div class="grid">
          <NameField {...{ frame, draft, error }} />
          {can.limit && (
            <Field
              {...{ label: t.expiresAt, name: 'expiresOn', type: 'date', value: draft.expiresOn }}
              error={error?.field === 'expiresAt' ? { ...error, field: 'expiresOn' } : null}
            />
          )}
          <UseFields {...{ frame, draft, error, strategies }} />
        </div>
        {can.limit ? (
          <LimitFields {...{ frame, draft, error, strategies }} />
        ) : (
          <Notice kind="info">{t.limitsAreSet}</Notice>
        )}
        <div>
          <button type="submit" class="primary">
            {t.save}
          </button>
        </div>
      </form>
    </section>
  );
};

const RotateForm = ({ frame, row }: KeyProps) => {
  const t = frame.t.keys;
  const inWords = (hours: number) => {
    if (hours === 0) return t.overlapNone;
    return hours % 24 === 0 && hours > 24 ? t.overlapDays(hours / 24) : t.overlapHours(hours);
  };
  return (
    <section class="panel">
      <h2>{t.rotateTitle}</h2>
      <p class="muted">{t.rotateHint}</p>
      <form method="post" action={`dashboard/keys/${row.id}/rotate`} class="row">
        <FormToken value={frame.viewer.formToken} />
        <Select
          {...{ label: t.overlap, name: 'overlapHours', value: '24' }}
          options={OVERLAPS_HOURS.map((hours) => ({ value: String(hours), label: inWords(hours) }))}
        />
        <button type="submit">{t.rotate}</button>
      </form>
    </section>
  );
};
