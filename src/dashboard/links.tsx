import { Elysia } from 'elysia';
import { JoinPage, ResetPage, UnusableLinkPage } from '../../views/pages/links.tsx';
import { isSameOrigin } from '../accounts/index.ts';
import type { Client } from '../lib/client-of.ts';
import { attempt, field, formError, readForm, retryHeaders } from './form.ts';
import { crossOriginPage, refusalPage } from './guard.tsx';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';
import { type Visit, visitOf } from './visit.ts';

const tokenIn = (request: Request) => new URL(request.url).searchParams.get('token') ?? '';
const unusable = (frame: Visit) => page(<UnusableLinkPage frame={frame} />, 403);
/** The switch of language leads back to the link, which a form's own address has lost. */
const at = (frame: Visit, path: string, token: string) => ({
  ...frame,
  path: `${path}?token=${encodeURIComponent(token)}`,
});

/** `/invite?token=…` and `/reset?token=…`: where the links lead that an admin hands out. Each works once. */
export const linkRoutes = (options: DashboardOptions) => {
  const { links, sessions, sessionCookie, clientOf } = options;

  /** Signed in, and on to the dashboard. */
  async function welcome(visit: Visit, client: Client, userId: string): Promise<Response> {
    const cookie = sessionCookie.render(client, await sessions.start(userId));
    return redirect(visit, 'dashboard', { 'set-cookie': cookie });
  }

  return new Elysia()
    .get('/invite', async ({ request }) => {
      const [frame, token] = [visitOf(request, options), tokenIn(request)];
      const invitation = await links.findInvitation(token);
      if (!invitation) return unusable(frame);
      const { role, email: fixedEmail } = invitation;
      return page(<JoinPage {...{ frame, token, role, fixedEmail, email: '', name: '', error: null }} />);
    })
    .post(
      '/invite',
      async ({ request, server }) => {
        const visit = visitOf(request, options);
        const client = clientOf(request, server);
        if (!isSameOrigin(request, client)) return crossOriginPage(visit);
        const form = await attempt(readForm(request));
        if (form.refusal) return refusalPage(visit, visit.t.doors.notUnderstood, form.refusal);
        const read = (name: string) => field(form.value, name);
        const [token, email, name, password] = [read('token'), read('email'), read('name'), read('password')];
        const invitation = await links.findInvitation(token);
        if (!invitation) return unusable(visit);
        const { address } = client;
        const joined = await attempt(links.accept({ token, email, name, password, address }));
        if (!joined.refusal) return await welcome(visit, client, joined.value.id);
        if (joined.refusal.param === 'token') return unusable(visit);
        const { role, email: fixedEmail } = invitation;
        const props = { token, role, fixedEmail, email, name, error: formError(visit, joined.refusal) };
        const frame = at(visit, 'invite', token);
        return page(<JoinPage frame={frame} {...props} />, joined.refusal.status, retryHeaders(joined.refusal));
      },
      { parse: 'none' },
    )
    .get('/reset', async ({ request }) => {
      const [frame, token] = [visitOf(request, options), tokenIn(request)];
      const account = await links.findReset(token);
      if (!account) return unusable(frame);
      return page(<ResetPage {...{ frame, token, email: account.email, error: null }} />);
    })
    .post(
      '/reset',
      async ({ request, server }) => {
        const visit = visitOf(request, options);
        const client = clientOf(request, server);
        if (!isSameOrigin(request, client)) return crossOriginPage(visit);
        const form = await attempt(readForm(request));
        if (form.refusal) return refusalPage(visit, visit.t.doors.notUnderstood, form.refusal);
        const token = field(form.value, 'token');
        const account = await links.findReset(token);
        if (!account) return unusable(visit);
        const { address } = client;
        const done = await attempt(links.reset({ token, password: field(form.value, 'password'), address }));
        if (!done.refusal) return await welcome(visit, client, done.value.id);
        if (done.refusal.param === 'token') return unusable(visit);
        const props = { token, email: account.email, error: formError(visit, done.refusal) };
        const frame = at(visit, 'reset', token);
        return page(<ResetPage frame={frame} {...props} />, done.refusal.status, retryHeaders(done.refusal));
      },
      { parse: 'none' },
    );
};
