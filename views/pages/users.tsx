import { CopyButton } from '../components/copy.tsx';
import { ConfirmButton, ErrorNote, Field, type FormError, FormToken, Select } from '../components/form.tsx';
import { Money } from '../components/money.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Badge, BudgetBar } from '../components/signs.tsx';
import { Table } from '../components/table.tsx';
import { Time } from '../components/time.tsx';
import { type Frame, Page } from '../layout.tsx';
import type { Role } from '../pages.ts';
import type { KeyLimits } from './key-parts.tsx';

export interface PersonRow {
  id: string;
  email: string;
  name: string;
  role: Role;
  limits: KeyLimits;
  createdAt: number;
  disabledAt: number | null;
  lastSeenAt: number | null;
  keyCount: number;
  dayNanoUsd: number;
  monthNanoUsd: number;
}

export interface InvitationRow {
  id: string;
  role: Role;
  email: string | null;
  expiresAt: number;
}

/** A link that is shown this once. */
export interface ShownLink {
  /** Whose password it sets; null = an invitation. */
  name: string | null;
  url: string;
  expiresAt: number;
}

interface UsersProps {
  frame: Frame;
  /** Who looks. */
  ownId: string;
  people: readonly PersonRow[];
  invitations: readonly InvitationRow[];
  invitationDays: number;
  draft: { email: string; role: string };
  error: FormError | null;
  shown: ShownLink | null;
}

export const ROLE_OPTIONS: readonly Role[] = ['member', 'viewer', 'admin'];

export const UsersPage = (props: UsersProps) => {
  const { frame, shown } = props;
  const t = frame.t.people;
  return (
    <Page title={t.title} frame={frame}>
      <PageHead title={t.title} lead={t.lead} />
      {shown && <ShownLinkPanel frame={frame} shown={shown} />}
      <InviteForm {...props} />
      {props.invitations.length > 0 && <Invitations {...props} />}
      <section>
        <h2>{t.all}</h2>
        <PeopleTable {...props} />
      </section>
    </Page>
  );
};

export const ShownLinkPanel = ({ frame, shown }: { frame: Frame; shown: ShownLink }) => {
  const t = frame.t.people;
  return (
    <section class="panel created" aria-label={t.linkReady}>
      <h2>{shown.name === null ? t.linkReady : t.resetReady(shown.name)}</h2>
      <p>
        {t.linkOnce} {t.linkUntil(frame.format.dateTime(shown.expiresAt))}
      </p>
      <div class="copy-line">
        <code id="new-link">{shown.url}</code>
        <CopyButton frame={frame} from="new-link" />
      </div>
    </section>
  );
};

const InviteForm = ({ frame, draft, error, invitationDays }: UsersProps) => {
  const t = frame.t.people;
  const emailError = error?.field === 'taken' ? { ...error, field: 'email' } : error;
  return (
    <section class="panel">
      <h2>{t.invite}</h2>
      <p class="muted">{t.inviteHint(invitationDays)}</p>
      <ErrorNote error={emailError} shown={['email', 'role']} />
      <form method="post" action="dashboard/users" class="row">
        <FormToken value={frame.viewer.formToken} />
        <Select
          {...{ label: t.role, name: 'role', value: draft.role, error }}
          options={ROLE_OPTIONS.map((role) => ({ value: role, label: t.roleHints[role] }))}
        />
        <Field
          {...{ label: t.email, name: 'email', type: 'email', value: draft.email, error: emailError }}
          {...{ maxlength: 254, autocomplete: 'off', placeholder: t.emailHint }}
        />
        <button type="submit" class="primary">
          {t.makeLink}
        </button>
      </form>
    </section>
  );
};

const Invitations = ({ frame, invitations }: UsersProps) => {
  const t = frame.t.people;
  return (
    <section class="panel">
      <h2>{t.open}</h2>
      <ul class="plain">
        {invitations.map(({ id, role, email, expiresAt }) => (
          <li>
            <span>
              {email ?? t.anybody} <Badge>{frame.t.frame.roles[role]}</Badge>{' '}
              <span class="muted">
                {t.until} <Time frame={frame} at={expiresAt} />
              </span>
            </span>
            <ConfirmButton
              {...{ frame, id: `withdraw-${id}`, action: `dashboard/users/invitations/${id}/withdraw` }}
              {...{ verb: t.withdraw, subject: email ?? frame.t.frame.roles[role] }}
            >
              {t.withdrawHint}
            </ConfirmButton>
          </li>
        ))}
      </ul>
    </section>
  );
};

const PeopleTable = ({ frame, people, ownId }: UsersProps) => {
  const t = frame.t.people;
  const c = t.columns;
  const columns = [
    ...[{ label: c.person }, { label: c.role }, { label: c.keys, class: 'right' as const }],
    ...[{ label: c.today }, { label: c.month }, { label: c.seen }, { label: c.state }],
  ];
  return (
    <Table caption={t.caption} columns={columns}>
      {people.map((row) => (
        <tr class={row.disabledAt === null ? undefined : 'gone'}>
          <td class="lead">
            <a class="strong" href={`dashboard/users/${row.id}`}>
              {row.name}
            </a>{' '}
            {row.id === ownId && <Badge tone="accent">{t.you}</Badge>}
            <span class="asked">{row.email}</span>
          </td>
          <td class="lead-end">{frame.t.frame.roles[row.role]}</td>
          <td class="wide right number">{frame.format.count(row.keyCount)}</td>
          <td class="wide">
            <BudgetBar
              {...{ frame, label: `${row.name}: ${c.today}`, spentNanoUsd: row.dayNanoUsd }}
              budgetNanoUsd={row.limits.dailyBudgetNanoUsd ?? null}
            />
          </td>
          <td class="wide">
            <BudgetBar
              {...{ frame, label: `${row.name}: ${c.month}`, spentNanoUsd: row.monthNanoUsd }}
              budgetNanoUsd={row.limits.monthlyBudgetNanoUsd ?? null}
            />
          </td>
          <td class="sub nowrap muted">
            {row.lastSeenAt === null ? t.never : <Time frame={frame} at={row.lastSeenAt} />}
            <span class="narrow">
              {' '}
              · <Money frame={frame} nanoUsd={row.monthNanoUsd} />
            </span>
          </td>
          <td class="sub-end">
            <Badge tone={row.disabledAt === null ? 'good' : 'plain'}>
              {row.disabledAt === null ? t.active : t.disabled}
            </Badge>
          </td>
        </tr>
      ))}
    </Table>
  );
};
