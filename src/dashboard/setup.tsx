import { Elysia } from 'elysia';
import { SetupPage, type SetupState } from '../../views/pages/setup.tsx';
import { isSameOrigin, renderSessionCookie } from '../accounts/index.ts';
import { ASSET_URLS } from './assets.ts';
import { attempt, field, formError, readForm, retryHeaders } from './form.ts';
import { crossOriginPage, refusalPage } from './guard.tsx';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';

const show = (state: SetupState, status = 200, headers: Record<string, string> = {}) =>
  page(<SetupPage assets={ASSET_URLS} state={state} />, status, headers);

/** `/setup?token=…`: how the first admin comes to be. Once there is one, it only leads to the sign-in page. */
export const setupRoutes = ({ accounts, sessions, clientOf }: DashboardOptions) =>
  new Elysia()
    .get('/setup', async ({ request }) => {
      if (await accounts.isSetUp()) return redirect('/sign-in');
      const token = new URL(request.url).searchParams.get('token');
      if (!token) return show({ type: 'waiting' });
      if (!(await accounts.isSetupToken(token))) return show({ type: 'unusable-link' }, 403);
      return show({ type: 'form', token, email: '', name: '', error: null });
    })
    .post(
      '/setup',
      async ({ request, server }) => {
        const client = clientOf(request, server);
        if (!isSameOrigin(request, client)) return crossOriginPage();
        const form = await attempt(readForm(request));
        if (form.refusal) return refusalPage('Not understood', form.refusal);

        const [token, email, name] = [
          field(form.value, 'token'),
          field(form.value, 'email'),
          field(form.value, 'name'),
        ];
        const setup = await attempt(accounts.setup({ token, email, name, password: field(form.value, 'password') }));
        if (setup.refusal) {
          if (await accounts.isSetUp()) return redirect('/sign-in');
          if (setup.refusal.param === 'token') return show({ type: 'unusable-link' }, 403);
          const error = formError(setup.refusal);
          return show({ type: 'form', token, email, name, error }, setup.refusal.status, retryHeaders(setup.refusal));
        }
        const cookie = renderSessionCookie(client, await sessions.start(setup.value.id));
        return redirect('/dashboard', { 'set-cookie': cookie });
      },
      { parse: 'none' },
    );
