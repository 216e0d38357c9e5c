import { Elysia } from 'elysia';
import type { Frame } from '../../views/layout.tsx';
import { RefusalPage } from '../../views/pages/refusal.tsx';
import { isSameOrigin, readSessionCookie, renderSessionCookie, type Session } from '../accounts/index.ts';
import type { GatewayError } from '../errors.ts';
import { ASSET_URLS } from './assets.ts';
import { attempt, field, readForm } from './form.ts';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';

/**
 * Stands before every route of the plugin that uses it: without a session it leads to the sign-in page; what would change
 * something needs, besides, to come from our own origin and to carry the form token of the session. Routes behind it get the
 * `session`, the `frame` of their page and the fields of the `form`.
 */
export const createGuard = ({ sessions, clientOf }: Pick<DashboardOptions, 'sessions' | 'clientOf'>) =>
  // Scoped, because a hook is local by default and would guard nothing but the guard.
  new Elysia({ name: 'dashboard-guard' }).resolve({ as: 'scoped' }, async ({ request, server, status, set }) => {
    const isChange = request.method !== 'GET' && request.method !== 'HEAD';
    if (isChange && !isSameOrigin(request, clientOf(request, server))) return status(403, crossOriginPage());

    const session = await sessions.read(readSessionCookie(request));
    if (!session) return status(302, redirect('/sign-in'));

    const form = isChange ? await attempt(readForm(request)) : { value: new URLSearchParams(), refusal: null };
    if (form.refusal) return status(form.refusal.status, refusalPage('Not understood', form.refusal));
    if (isChange && !sessions.isFormToken(session, field(form.value, 'form-token')))
      return status(403, staleFormPage());

    const renewed = await sessions.renew(session);
    if (renewed) set.headers['set-cookie'] = renderSessionCookie(clientOf(request, server), renewed);
    return { session, form: form.value, frame: frameOf(session) };
  });

/** For the doors before the guard: what comes from another site's page is refused there too. */
export function crossOriginPage(): Response {
  const message = 'This request came from another site. Open the dashboard itself and try again.';
  return page(<RefusalPage assets={ASSET_URLS} title="Not from here" message={message} />, 403);
}

export function refusalPage(title: string, refusal: GatewayError): Response {
  return page(<RefusalPage assets={ASSET_URLS} title={title} message={refusal.message} />, refusal.status);
}

function staleFormPage(): Response {
  const message = 'This form belongs to an earlier session. Go back, reload the page and try again.';
  return page(<RefusalPage assets={ASSET_URLS} title="Reload the page" message={message} />, 403);
}

function frameOf({ account, formToken }: Session): Frame {
  return { assets: ASSET_URLS, viewer: { name: account.name, role: account.role, formToken } };
}
