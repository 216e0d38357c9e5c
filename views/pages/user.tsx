import { ConfirmButton, ErrorNote, type FormError, FormToken, Select } from '../components/form.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Badge, BudgetBar } from '../components/signs.tsx';
import { Time } from '../components/time.tsx';
import { type Frame, Page } from '../layout.tsx';
import { LIMIT_FIELDS, type LimitDraft, LimitFields } from './limit-fields.tsx';
import { type PersonRow, ROLE_OPTIONS, type ShownLink, ShownLinkPanel } from './users.tsx';

interface UserProps {
  frame: Frame;
  row: PersonRow;
  keys: readonly { id: string; name: string; prefix: string }[];
  strategies: readonly string[];
  draft: LimitDraft;
  error: FormError | null;
  shown: ShownLink | null;
}

/** One person, as an admin sees them. */
export const UserPage = (props: UserProps) => {
  const { frame, row, keys, shown, strategies, draft, error } = props;
  const t = frame.t.people;
  const action = (verb: string) => `dashboard/users/${row.id}/${verb}`;
  return (
    <Page title={row.name} frame={frame}>
      <PageHead title={row.name} lead={row.email}>
        <a class="button quiet" href="dashboard/users">
          {t.all}
        </a>
        {row.disabledAt === null ? (
          <ConfirmButton {...{ frame, id: 'disable', action: action('disable'), verb: t.disable, subject: row.name }}>
            {t.disableHint}
          </ConfirmButton>
        ) : (
          <ConfirmButton {...{ frame, id: 'enable', action: action('enable'), verb: t.enable, subject: row.name }}>
            {t.enableHint}
          </ConfirmButton>
        )}
        <ConfirmButton {...{ frame, id: 'sign-out', action: action('sign-out'), verb: t.signOut, subject: row.name }}>
          {t.signOutHint}
        </ConfirmButton>
        <ConfirmButton {...{ frame, id: 'reset', action: action('reset'), verb: t.reset, subject: row.name }}>
          {t.resetHint}
        </ConfirmButton>
      </PageHead>
      {shown && <ShownLinkPanel frame={frame} shown={shown} />}
      <ErrorNote error={error} shown={LIMIT_FIELDS} />
      <Facts frame={frame} row={row} />
      <section class="panel">
        <h2>{t.changeRole}</h2>
        <form method="post" action={action('role')} class="row">
          <FormToken value={frame.viewer.formToken} />
          <Select
            {...{ label: t.role, name: 'role', value: row.role }}
            options={ROLE_OPTIONS.map((role) => ({ value: role, label: t.roleHints[role] }))}
          />
          <button type="submit">{t.save}</button>
        </form>
      </section>
      <section class="panel">
        <h2>{t.limits}</h2>
        <form method="post" action={action('limits')} class="stack">
          <FormToken value={frame.viewer.formToken} />
          <LimitFields {...{ frame, draft, error, strategies }} />
          <div>
            <button type="submit" class="primary">
              {t.saveLimits}
            </button>
          </div>
        </form>
      </section>
      <section class="panel">
        <h2>{t.theirKeys}</h2>
        {keys.length === 0 && <p class="muted">{t.noKeys}</p>}
        <ul class="plain">
          {keys.map((key) => (
            <li>
              <a href={`dashboard/keys/${key.id}`}>{key.name}</a>
              <code>{key.prefix}…</code>
            </li>
          ))}
        </ul>
      </section>
    </Page>
  );
};

const Facts = ({ frame, row }: { frame: Frame; row: PersonRow }) => {
  const c = frame.t.people.columns;
  const { active, disabled, never } = frame.t.people;
  return (
    <dl class="panel fact-grid">
      <div>
        <dt>{c.state}</dt>
        <dd>
          <Badge tone={row.disabledAt === null ? 'good' : 'plain'}>{row.disabledAt === null ? active : disabled}</Badge>
        </dd>
      </div>
      <div>
        <dt>{c.role}</dt>
        <dd>{frame.t.frame.roles[row.role]}</dd>
      </div>
      <div>
        <dt>{c.today}</dt>
        <dd>
          <BudgetBar
            {...{ frame, label: c.today, spentNanoUsd: row.dayNanoUsd }}
            budgetNanoUsd={row.limits.dailyBudgetNanoUsd ?? null}
          />
        </dd>
      </div>
      <div>
        <dt>{c.month}</dt>
        <dd>
          <BudgetBar
            {...{ frame, label: c.month, spentNanoUsd: row.monthNanoUsd }}
            budgetNanoUsd={row.limits.monthlyBudgetNanoUsd ?? null}
          />
        </dd>
      </div>
      <div>
        <dt>{c.seen}</dt>
        <dd>{row.lastSeenAt === null ? never : <Time frame={frame} at={row.lastSeenAt} />}</dd>
      </div>
    </dl>
  );
};
