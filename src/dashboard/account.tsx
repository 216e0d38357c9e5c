import { Elysia } from 'elysia';
import { AccountPage } from '../../views/pages/account.tsx';
import type { Session } from '../accounts/index.ts';
import type { GatewayError } from '../errors.ts';
import { attempt, field, formError, retryHeaders } from './form.ts';
import { createGuard, type GuardedFrame } from './guard.tsx';
import { withNotice } from './notice.ts';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';

const USAGE_DAYS = 30;

/** `/dashboard/account`: one's own name, password, sessions and spend, for everybody. */
export const accountRoutes = (options: DashboardOptions) => {
  const { people, keys, keyUsage, sessions, sessionCookie, clientOf } = options;

  async function show(
    frame: GuardedFrame,
    { account }: Session,
    refusal: GatewayError | null = null,
  ): Promise<Response> {
    const own = (await keys.list(account)).filter(({ userId }) => userId === account.id);
    const days = await keyUsage.days(
      own.map(({ id }) => id),
      USAGE_DAYS,
    );
    const usage = {
      labels: days.map(({ start }) => frame.format.dayOfMonth(start)),
      series: [{ label: frame.t.keys.usageSeries, values: days.map(({ costNanoUsd }) => costNanoUsd) }],
    };
    const error = refusal ? formError(frame, refusal) : null;
    const props = { email: account.email, name: account.name, usage, error };
    return page(<AccountPage frame={frame} {...props} />, refusal?.status ?? 200, refusal ? retryHeaders(refusal) : {});
  }

  return new Elysia()
    .use(createGuard(options, null))
    .get('/dashboard/account', ({ frame, session }) => show(frame, session))
    .post(
      '/dashboard/account/name',
      async ({ frame, session, form }) => {
        const { refusal } = await attempt(people.rename(session.account, field(form, 'name')));
        if (refusal) return await show(frame, session, refusal);
        return redirect(frame, withNotice('dashboard/account', 'name-changed'));
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/account/password',
      async ({ frame, session, form, request, server, set }) => {
        const passwords = { old: field(form, 'oldPassword'), fresh: field(form, 'password') };
        const { refusal } = await attempt(people.changePassword(session.account, passwords));
        if (refusal) return await show(frame, session, refusal);
        // Every session has ended, this one too: whoever knew the old password and the new one goes on in a new one.
        options.live.endSession(session.id);
        delete set.headers['set-cookie'];
        const cookie = sessionCookie.render(clientOf(request, server), await sessions.start(session.account.id));
        return redirect(frame, withNotice('dashboard/account', 'password-changed'), { 'set-cookie': cookie });
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/account/sign-out',
      async ({ frame, session, request, server, set }) => {
        await people.endSessions(session.account, session.account.id);
        options.live.endSession(session.id);
        delete set.headers['set-cookie'];
        return redirect(frame, 'sign-in', { 'set-cookie': sessionCookie.renderCleared(clientOf(request, server)) });
      },
      { parse: 'none' },
    );
};
