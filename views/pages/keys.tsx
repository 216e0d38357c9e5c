import { ConfirmButton, ErrorNote, Field, FilterForm, type FormError, FormToken, Select } from '../components/form.tsx';
import { PageHead } from '../components/page-head.tsx';
import { BudgetBar } from '../components/signs.tsx';
import { Empty, Table } from '../components/table.tsx';
import { Time } from '../components/time.tsx';
import { type Frame, Page } from '../layout.tsx';
import { KEY_FIELDS, type KeyDraft, NameField, UseFields } from './key-form.tsx';
import { type KeyRow, KeyState, limitsInShort, type ShownKey, ShownKeyPanel, strategyName } from './key-parts.tsx';
import { LimitFields } from './limit-fields.tsx';
import { PolicyFields } from './policy-fields.tsx';

/** How long a key can be made to last, in days. */
export const LIFETIMES_DAYS = [7, 30, 90, 365] as const;

export const KEY_SORTS = ['name', 'owner', 'made', 'used', 'today', 'month'] as const;

export type KeySort = (typeof KEY_SORTS)[number];

/** What of the list is shown, and in which order. */
export interface KeyQuery {
  search: string;
  show: 'working' | 'all';
  sort: KeySort;
  isDescending: boolean;
}

interface KeysProps {
  frame: Frame;
  keys: readonly KeyRow[];
  query: KeyQuery;
  /** What the person may do here. */
  can: { make: boolean; revoke: boolean; seeAll: boolean };
  strategies: readonly string[];
  /** Who a key can be made for; empty = oneself. */
  owners: readonly { id: string; name: string }[];
  draft: KeyDraft;
  error: FormError | null;
  /** The key that was just made; its text is shown this once. */
  created: ShownKey | null;
  /** A key whose revocation can still be taken back. */
  undo: { id: string; until: number } | null;
}

export const KeysPage = (props: KeysProps) => {
  const { frame, keys, created, can, undo } = props;
  const t = frame.t.keys;
  return (
    <Page title={t.title} frame={undo ? { ...frame, notice: null } : frame}>
      <PageHead title={t.title} lead={t.lead} />
      {undo && <UndoNote frame={frame} {...undo} />}
      {created && <ShownKeyPanel frame={frame} shown={created} />}
      {can.make && <NewKeyForm {...props} />}
      <section>
        <h2>{t.all}</h2>
        <KeyFilter {...props} />
        <div id="key-list">
          {keys.length > 0 ? (
            <KeyTable {...props} />
          ) : props.query.search === '' ? (
            <Empty title={t.none}>{t.noneHint}</Empty>
          ) : (
            <Empty title={t.noneFound} />
          )}
        </div>
      </section>
    </Page>
  );
};

export const UndoNote = ({ frame, id, until }: { frame: Frame; id: string; until: number }) => (
  <form method="post" action={`dashboard/keys/${id}/restore`} class="note good undo">
    <FormToken value={frame.viewer.formToken} />
    <span role="status">{frame.t.keys.undoHint(frame.format.dateTime(until))}</span>
    <button type="submit">{frame.t.keys.undo}</button>
  </form>
);

const KeyFilter = ({ frame, query }: KeysProps) => {
  const t = frame.t.keys;
  return (
    <FilterForm frame={frame} action="dashboard/keys" target="#key-list">
      <Field {...{ label: t.search, name: 'search', type: 'search', value: query.search, placeholder: t.searchHint }} />
      <Select
        {...{ label: t.show, name: 'show', value: query.show }}
        options={[
          { value: 'working', label: t.shows.working },
          { value: 'all', label: t.shows.all },
        ]}
      />
    </FilterForm>
  );
};

const NewKeyForm = ({ frame, strategies, owners, draft, error }: KeysProps) => {
  const t = frame.t.keys;
  return (
    <section class="panel">
      <h2>{t.newKey}</h2>
      <ErrorNote error={error} shown={KEY_FIELDS} />
      <form method="post" action="dashboard/keys" class="stack">
        <FormToken value={frame.viewer.formToken} />
        <div class="row">
          <NameField {...{ frame, draft, error }} />
          <button type="submit" class="primary">
            {t.make}
          </button>
        </div>
        <details open={error !== null}>
          <summary>{t.options}</summary>
          <div class="grid">
            {owners.length > 0 && (
              <Select
                {...{ label: t.owner, name: 'ownerId', value: draft.ownerId, hint: t.ownerHint, error }}
                options={owners.map(({ id, name }) => ({ value: id, label: name }))}
              />
            )}
            <Select
              {...{ label: t.expires, name: 'lifetime', value: draft.lifetime }}
              error={error?.field === 'expiresAt' ? { ...error, field: 'lifetime' } : null}
              options={[
                { value: '', label: t.never },
                ...LIFETIMES_DAYS.map((days) => ({ value: String(days), label: t.inDays(days) })),
              ]}
            />
            <UseFields {...{ frame, draft, error, strategies }} />
          </div>
          <LimitFields {...{ frame, draft, error, strategies }} />
          <details>
            <summary>{frame.t.policy.title}</summary>
            <PolicyFields {...{ frame, draft: draft.policy, error }} />
          </details>
        </details>
      </form>
    </section>
  );
};

function sortHref({ search, show, sort, isDescending }: KeyQuery, column: KeySort): string {
  const turned = sort === column && isDescending ? '' : '-';
  const query = new URLSearchParams({ search, show, sort: turned + column });
  return `dashboard/keys?${query}`;
}

const KeyTable = ({ frame, keys, can, query }: KeysProps) => {
  const t = frame.t.keys;
  const sorted = (column: KeySort) => ({
    sortHref: sortHref(query, column),
    sorted: query.sort !== column ? undefined : query.isDescending ? ('descending' as const) : ('ascending' as const),
  });
  const columns = [
    { label: t.columns.name, ...sorted('name') },
    ...(can.seeAll ? [{ label: t.columns.owner, ...sorted('owner') }] : []),
    { label: t.columns.today, ...sorted('today') },
    { label: t.columns.month, ...sorted('month') },
    { label: t.columns.limits },
    { label: t.columns.used, ...sorted('used') },
    { label: t.columns.state, ...sorted('made') },
    { label: t.columns.actions, class: 'right' as const, isUnlabelled: true },
  ];
  return (
    <Table caption={t.caption} columns={columns}>
      {keys.map((row) => (
        <tr class={row.revokedAt === null ? undefined : 'gone'}>
          <td class="lead">
            <a class="strong" href={`dashboard/keys/${row.id}`}>
              {row.name}
            </a>
            <span class="asked">
              <code>{row.prefix}…</code> {row.strategy !== null && strategyName(t, row.strategy)}
            </span>
          </td>
          {can.seeAll && <td class="wide">{row.ownerName ?? <span class="muted">{t.noOwner}</span>}</td>}
          <td class="wide">
            <BudgetBar
              {...{ frame, label: `${row.name}: ${t.columns.today}`, spentNanoUsd: row.dayNanoUsd }}
              budgetNanoUsd={row.limits.dailyBudgetNanoUsd ?? null}
            />
          </td>
          <td class="lead-end">
            <BudgetBar
              {...{ frame, label: `${row.name}: ${t.columns.month}`, spentNanoUsd: row.monthNanoUsd }}
              budgetNanoUsd={row.limits.monthlyBudgetNanoUsd ?? null}
            />
          </td>
          <td class="wide muted">{limitsInShort(frame, row.limits) || t.noLimits}</td>
          <td class="wide nowrap muted">
            {row.lastUsedAt === null ? t.neverUsed : <Time frame={frame} at={row.lastUsedAt} />}
          </td>
          <td class="sub nowrap">
            <KeyState frame={frame} row={row} />
          </td>
          <td class="sub-end right">
            {can.revoke && row.revokedAt === null && (
              <ConfirmButton
                {...{ frame, id: `revoke-${row.id}`, action: `dashboard/keys/${row.id}/revoke` }}
                {...{ verb: t.revoke, subject: row.name }}
              >
                {t.revokeHint}
              </ConfirmButton>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
};
