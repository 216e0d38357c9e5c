import { Elysia } from 'elysia';
import type { FormError } from '../../views/components/form.tsx';
import { SignInPage } from '../../views/pages/sign-in.tsx';
import { isSameOrigin, readSessionCookie, renderClearedCookie, renderSessionCookie } from '../accounts/index.ts';
import { ASSET_URLS } from './assets.ts';
import { attempt, field, formError, readForm, retryHeaders } from './form.ts';
import { createGuard, crossOriginPage, refusalPage } from './guard.tsx';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';

const signInPage = (email: string, error: FormError | null) => <SignInPage {...{ assets: ASSET_URLS, email, error }} />;

/** The front door and the way in: `/` leads to where a person belongs. */
export const signInRoutes = ({ accounts, sessions, clientOf }: DashboardOptions) =>
  new Elysia()
    .get('/', async ({ request }) => {
      if (!(await accounts.isSetUp())) return redirect('/setup');
      return redirect((await sessions.read(readSessionCookie(request))) ? '/dashboard' : '/sign-in');
    })
    .get('/sign-in', async ({ request }) => {
      if (!(await accounts.isSetUp())) return redirect('/setup');
      if (await sessions.read(readSessionCookie(request))) return redirect('/dashboard');
      return page(signInPage('', null));
    })
    .post(
      '/sign-in',
      async ({ request, server }) => {
        const client = clientOf(request, server);
        if (!isSameOrigin(request, client)) return crossOriginPage();
        const form = await attempt(readForm(request));
        if (form.refusal) return refusalPage('Not understood', form.refusal);

        const email = field(form.value, 'email');
        const signedIn = await attempt(
          accounts.signIn({ email, password: field(form.value, 'password'), address: client.address }),
        );
        if (signedIn.refusal) {
          const { refusal } = signedIn;
          return page(signInPage(email, formError(refusal)), refusal.status, retryHeaders(refusal));
        }
        const cookie = renderSessionCookie(client, await sessions.start(signedIn.value.id));
        return redirect('/dashboard', { 'set-cookie': cookie });
      },
      { parse: 'none' },
    );

/** The way out. A POST with the form token: a link on another site must not sign anybody out. */
export const signOutRoutes = ({ sessions, clientOf }: DashboardOptions) =>
  new Elysia().use(createGuard({ sessions, clientOf })).post(
    '/sign-out',
    async ({ request, server, session, set }) => {
      await sessions.end(session);
      // The guard may have renewed the cookie a moment ago.
      delete set.headers['set-cookie'];
      return redirect('/sign-in', { 'set-cookie': renderClearedCookie(clientOf(request, server)) });
    },
    { parse: 'none' },
  );
