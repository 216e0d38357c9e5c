import { Elysia } from 'elysia';
import type { FormError } from '../../views/components/form.tsx';
import type { LimitDraft } from '../../views/pages/limit-fields.tsx';
import { UserPage } from '../../views/pages/user.tsx';
import { type PersonRow, type ShownLink, UsersPage } from '../../views/pages/users.tsx';
import { type Account, INVITATION_DAYS, STRATEGIES } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { attempt, field, formError } from './form.ts';
import { createGuard, type GuardedFrame, refusalPage } from './guard.tsx';
import { draftOfLimits, limitsFrom, readLimitDraft } from './limit-form.ts';
import { type NoticeCode, withNotice } from './notice.ts';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';

interface ListExtra {
  draft?: { email: string; role: string };
  error?: FormError;
  shown?: ShownLink;
  status?: number;
}

interface PersonExtra {
  draft?: LimitDraft;
  error?: FormError;
  shown?: ShownLink;
  status?: number;
}

/** `/dashboard/users`: who may come in, for admins. */
export const usersRoutes = (options: DashboardOptions) => {
  const { people, links, keys, keyUsage, userLimits, live, clientOf } = options;

  async function rowsFor(account: Account): Promise<PersonRow[]> {
    const [persons, all, usage] = await Promise.all([people.list(account), keys.list(account), keyUsage.byKey()]);
    return persons.map((person) => {
      const own = all.filter(({ userId }) => userId === person.id);
      const sum = (name: 'dayNanoUsd' | 'monthNanoUsd') =>
        own.reduce((total, { id }) => total + (usage.get(id)?.[name] ?? 0), 0);
      const keyCount = own.filter(({ revokedAt }) => revokedAt === null).length;
      return { ...person, keyCount, dayNanoUsd: sum('dayNanoUsd'), monthNanoUsd: sum('monthNanoUsd') };
    });
  }

  async function showAll(frame: GuardedFrame, account: Account, extra: ListExtra = {}): Promise<Response> {
    const props = {
      ...{ people: await rowsFor(account), invitations: await links.listInvitations(account), ownId: account.id },
      ...{ invitationDays: INVITATION_DAYS, draft: extra.draft ?? { email: '', role: 'member' } },
      ...{ error: extra.error ?? null, shown: extra.shown ?? null },
    };
    return page(<UsersPage frame={frame} {...props} />, extra.status ?? 200);
  }

  async function showOne(
    frame: GuardedFrame,
    account: Account,
    id: string,
    extra: PersonExtra = {},
  ): Promise<Response> {
    const row = (await rowsFor(account)).find((person) => person.id === id);
    if (!row) return missing(frame);
    const own = (await keys.list(account)).filter(({ userId, revokedAt }) => userId === id && revokedAt === null);
    const props = {
      ...{ row, keys: own, strategies: STRATEGIES, draft: extra.draft ?? draftOfLimits(row.limits) },
      ...{ error: extra.error ?? null, shown: extra.shown ?? null },
    };
    return page(<UserPage frame={frame} {...props} />, extra.status ?? 200);
  }

  const linkTo = (baseUrl: string, path: string, token: string) => `${baseUrl}/${path}?token=${token}`;

  /** Does something to a person, and says so on their page. */
  async function act(
    { frame, session, params }: { frame: GuardedFrame; session: { account: Account }; params: { id: string } },
    work: Promise<object | null>,
    code: NoticeCode,
  ): Promise<Response> {
    const { refusal, value } = await attempt(work);
    if (refusal) {
      const extra = { error: formError(frame, refusal), status: refusal.status };
      return await showOne(frame, session.account, params.id, extra);
    }
    return value ? redirect(frame, withNotice(`dashboard/users/${params.id}`, code)) : missing(frame);
  }

  return new Elysia()
    .use(createGuard(options, 'users'))
    .get('/dashboard/users', ({ frame, session }) => showAll(frame, session.account))
    .post(
      '/dashboard/users',
      async ({ frame, session, form, request, server }) => {
        const draft = { email: field(form, 'email'), role: field(form, 'role') };
        const { refusal, value } = await attempt(links.invite(session.account, draft));
        if (refusal) {
          return await showAll(frame, session.account, {
            ...{ draft, error: formError(frame, refusal), status: refusal.status },
          });
        }
        const { token, invitation } = value;
        const shown = {
          name: null,
          url: linkTo(clientOf(request, server).baseUrl, 'invite', token),
          expiresAt: invitation.expiresAt,
        };
        return await showAll(frame, session.account, { shown, status: 201 });
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/users/invitations/:id/withdraw',
      async ({ frame, session, params }) => {
        const { refusal } = await attempt(links.withdraw(session.account, params.id));
        if (refusal) return refusalPage(frame, frame.t.doors.notAllowed, refusal);
        return redirect(frame, withNotice('dashboard/users', 'invitation-withdrawn'));
      },
      { parse: 'none' },
    )
    .get('/dashboard/users/:id', ({ frame, session, params }) => showOne(frame, session.account, params.id))
    .post(
      '/dashboard/users/:id/role',
      (context) =>
        act(
          context,
          people.changeRole(context.session.account, context.params.id, field(context.form, 'role')),
          'role-changed',
        ),
      { parse: 'none' },
    )
    .post(
      '/dashboard/users/:id/disable',
      async (context) => {
        const answer = await act(context, people.disable(context.session.account, context.params.id), 'user-disabled');
        await live.beat();
        return answer;
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/users/:id/enable',
      (context) => act(context, people.enable(context.session.account, context.params.id), 'user-enabled'),
      { parse: 'none' },
    )
    .post(
      '/dashboard/users/:id/sign-out',
      async (context) => {
        const answer = await act(context, people.endSessions(context.session.account, context.params.id), 'signed-out');
        await live.beat();
        return answer;
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/users/:id/limits',
      async ({ frame, session, form, params }) => {
        const draft = readLimitDraft(form);
        const work = async () => userLimits.change(session.account, params.id, limitsFrom(draft));
        const { refusal, value } = await attempt(work());
        if (refusal) {
          return await showOne(frame, session.account, params.id, {
            ...{ draft, error: formError(frame, refusal), status: refusal.status },
          });
        }
        return value ? redirect(frame, withNotice(`dashboard/users/${params.id}`, 'user-limits')) : missing(frame);
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/users/:id/reset',
      async ({ frame, session, params, request, server }) => {
        const { refusal, value } = await attempt(links.issueReset(session.account, params.id));
        if (refusal) return refusalPage(frame, frame.t.doors.notAllowed, refusal);
        if (!value) return missing(frame);
        const { name, token, expiresAt } = value;
        const shown = { name, url: linkTo(clientOf(request, server).baseUrl, 'reset', token), expiresAt };
        return await showOne(frame, session.account, params.id, { shown, status: 201 });
      },
      { parse: 'none' },
    );
};

function missing(frame: GuardedFrame): Response {
  return refusalPage(frame, frame.t.doors.notFound, new GatewayError('not_found', frame.t.people.noSuchPerson));
}
