import { Elysia } from 'elysia';
import { explain } from '../../views/copy/index.ts';
import type { Frame } from '../../views/frame.ts';
import { RefusalPage } from '../../views/pages/refusal.tsx';
import { maySee, type PageId } from '../../views/pages.ts';
import { isSameOrigin, type Session } from '../accounts/index.ts';
import type { GatewayError } from '../errors.ts';
import { attempt, field, readForm } from './form.ts';
import { readNotice } from './notice.ts';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';
import { type Visit, visitOf } from './visit.ts';

interface GuardLimits {
  /** For pages whose forms hold more than others. */
  maxFormBytes?: number;
}

/** The frame of a page behind the guard. */
export type GuardedFrame = Frame & Visit;

/**
 * Stands before every route of the plugin that uses it: without a session it leads to the sign-in page; a page of the
 * navigation is shown to the roles listed for it (`views/pages.ts`) and to nobody else; what would change something needs,
 * besides, to come from our own origin and to carry the form token of the session, as a field or, from htmx, as a header.
 * Routes behind it get the `session`, the `frame` of their page and the fields of the `form`.
 */
export const createGuard = (options: DashboardOptions, pageId: PageId | null, { maxFormBytes }: GuardLimits = {}) =>
  // Scoped, because a hook is local by default and would guard nothing but the guard.
  new Elysia({ name: 'dashboard-guard', seed: pageId }).resolve(
    { as: 'scoped' },
    async ({ request, server, status, set }) => {
      const { sessions, sessionCookie } = options;
      const visit = visitOf(request, options);
      const client = options.clientOf(request, server);
      const isChange = request.method !== 'GET' && request.method !== 'HEAD';
      if (isChange && !isSameOrigin(request, client)) return status(403, crossOriginPage(visit));

      const session = await sessions.read(sessionCookie.read(request));
      if (session) session.account.address = client.address;
      if (!session) return status(visit.isHtmx ? 200 : 302, redirect(visit, 'sign-in'));

      const form = isChange
        ? await attempt(readForm(request, maxFormBytes))
        : { value: new URLSearchParams(), refusal: null };
      if (form.refusal)
        return status(form.refusal.status, refusalPage(visit, visit.t.doors.notUnderstood, form.refusal));
      const formToken = field(form.value, 'form-token') || request.headers.get('form-token');
      if (isChange && !sessions.isFormToken(session, formToken)) return status(403, staleFormPage(visit));
      if (pageId !== null && !maySee(session.account.role, pageId)) return status(403, roleForbidsPage(visit, session));

      const renewed = await sessions.renew(session);
      if (renewed) set.headers['set-cookie'] = sessionCookie.render(client, renewed);
      return { session, form: form.value, frame: frameOf({ visit, session, pageId, request }) };
    },
  );

/** For the doors before the guard: what comes from another site's page is refused there too. */
export function crossOriginPage(frame: Visit): Response {
  const { notFromHere, crossOrigin } = frame.t.doors;
  return page(<RefusalPage frame={frame} title={notFromHere} message={crossOrigin} />, 403);
}

export function refusalPage(frame: Visit, title: string, refusal: GatewayError): Response {
  return page(<RefusalPage frame={frame} title={title} message={explain(refusal, frame.language)} />, refusal.status);
}

function staleFormPage(frame: Visit): Response {
  const { reload, staleForm } = frame.t.doors;
  return page(<RefusalPage frame={frame} title={reload} message={staleForm} />, 403);
}

function roleForbidsPage(frame: Visit, { account }: Session): Response {
  const { notAllowed, roleForbids } = frame.t.doors;
  const message = roleForbids(frame.t.frame.roles[account.role]);
  return page(<RefusalPage frame={frame} title={notAllowed} message={message} />, 403);
}

interface FrameParts {
  visit: Visit;
  session: Session;
  pageId: PageId | null;
  request: Request;
}

function frameOf({ visit, session, pageId, request }: FrameParts): GuardedFrame {
  const { account, formToken } = session;
  return {
    ...visit,
    page: pageId,
    viewer: { name: account.name, role: account.role, formToken },
    notice: readNotice(request, visit),
  };
}
