import { Elysia } from 'elysia';
import { SignInPage } from '../../views/pages/sign-in.tsx';
import { isSameOrigin } from '../accounts/index.ts';
import { attempt, field, formError, readForm, retryHeaders } from './form.ts';
import { createGuard, crossOriginPage, refusalPage } from './guard.tsx';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';
import { visitOf } from './visit.ts';

/** The front door and the way in: `/` leads to where a person belongs. */
export const signInRoutes = (options: DashboardOptions) => {
  const { accounts, sessions, sessionCookie } = options;
  const isSignedIn = async (request: Request) => (await sessions.read(sessionCookie.read(request))) !== null;

  return new Elysia()
    .get('/', async ({ request }) => {
      const visit = visitOf(request, options);
      if (!(await accounts.isSetUp())) return redirect(visit, 'setup');
      return redirect(visit, (await isSignedIn(request)) ? 'dashboard' : 'sign-in');
    })
    .get('/sign-in', async ({ request }) => {
      const visit = visitOf(request, options);
      if (!(await accounts.isSetUp())) return redirect(visit, 'setup');
      if (await isSignedIn(request)) return redirect(visit, 'dashboard');
      return page(<SignInPage frame={visit} email="" error={null} />);
    })
    .post(
      '/sign-in',
      async ({ request, server }) => {
        const visit = visitOf(request, options);
        const client = options.clientOf(request, server);
        if (!isSameOrigin(request, client)) return crossOriginPage(visit);
        const form = await attempt(readForm(request));
        if (form.refusal) return refusalPage(visit, visit.t.doors.notUnderstood, form.refusal);

        const email = field(form.value, 'email');
        const { address } = client;
        const signedIn = await attempt(accounts.signIn({ email, password: field(form.value, 'password'), address }));
        if (signedIn.refusal) {
          const { refusal } = signedIn;
          const error = formError(visit, refusal);
          return page(<SignInPage {...{ frame: visit, email, error }} />, refusal.status, retryHeaders(refusal));
        }
        const cookie = sessionCookie.render(client, await sessions.start(signedIn.value.id));
        return redirect(visit, 'dashboard', { 'set-cookie': cookie });
      },
      { parse: 'none' },
    );
};

/** The way out. A POST with the form token: a link on another site must not sign anybody out. */
export const signOutRoutes = (options: DashboardOptions) =>
  new Elysia().use(createGuard(options, null)).post(
    '/sign-out',
    async ({ request, server, session, frame, set }) => {
      await options.sessions.end(session);
      options.live.endSession(session.id);
      // The guard may have renewed the cookie a moment ago.
      delete set.headers['set-cookie'];
      const cleared = options.sessionCookie.renderCleared(options.clientOf(request, server));
      return redirect(frame, 'sign-in', { 'set-cookie': cleared });
    },
    { parse: 'none' },
  );
