import { Elysia } from 'elysia';
import { SetupPage, type SetupState } from '../../views/pages/setup.tsx';
import { isSameOrigin } from '../accounts/index.ts';
import { attempt, field, formError, readForm, retryHeaders } from './form.ts';
import { crossOriginPage, refusalPage } from './guard.tsx';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';
import { type Visit, visitOf } from './visit.ts';

const show = (frame: Visit, state: SetupState, status = 200, headers: Record<string, string> = {}) =>
  page(<SetupPage frame={frame} state={state} />, status, headers);

/** `/setup?token=…`: how the first admin comes to be. Once there is one, it only leads to the sign-in page. */
export const setupRoutes = (options: DashboardOptions) => {
  const { accounts, sessions, sessionCookie } = options;

  return new Elysia()
    .get('/setup', async ({ request }) => {
      const visit = visitOf(request, options);
      if (await accounts.isSetUp()) return redirect(visit, 'sign-in');
      const token = new URL(request.url).searchParams.get('token');
      if (!token) return show(visit, { type: 'waiting' });
      if (!(await accounts.isSetupToken(token))) return show(visit, { type: 'unusable-link' }, 403);
      return show(visit, { type: 'form', token, email: '', name: '', error: null });
    })
    .post(
      '/setup',
      async ({ request, server }) => {
        const visit = visitOf(request, options);
        const client = options.clientOf(request, server);
        if (!isSameOrigin(request, client)) return crossOriginPage(visit);
        const form = await attempt(readForm(request));
        if (form.refusal) return refusalPage(visit, visit.t.doors.notUnderstood, form.refusal);

        const read = (name: string) => field(form.value, name);
        const [token, email, name] = [read('token'), read('email'), read('name')];
        // The switch of language leads back to the link, which a form's own address has lost.
        const frame = { ...visit, path: `setup?token=${encodeURIComponent(token)}` };
        const setup = await attempt(accounts.setup({ token, email, name, password: read('password') }));
        if (setup.refusal) {
          const { refusal } = setup;
          if (await accounts.isSetUp()) return redirect(visit, 'sign-in');
          if (refusal.param === 'token') return show(visit, { type: 'unusable-link' }, 403);
          const error = formError(visit, refusal);
          return show(frame, { type: 'form', token, email, name, error }, refusal.status, retryHeaders(refusal));
        }
        const cookie = sessionCookie.render(client, await sessions.start(setup.value.id));
        return redirect(visit, 'dashboard', { 'set-cookie': cookie });
      },
      { parse: 'none' },
    );
};
