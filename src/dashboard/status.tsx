import { Elysia } from 'elysia';
import { StatusPage } from '../../views/pages/status.tsx';
import { demand, may } from '../accounts/index.ts';
import { attempt } from './form.ts';
import { createGuard, refusalPage } from './guard.tsx';
import type { DashboardOptions } from './options.ts';
import { page, SECURITY_HEADERS } from './reply.ts';

/** `/dashboard/status`: how the gateway is; admins take a copy of its database along. */
export const statusRoutes = (options: DashboardOptions) => {
  const { status, takeSnapshot, audit, now } = options;

  return new Elysia()
    .use(createGuard(options, 'status'))
    .get('/dashboard/status', async ({ frame, session }) => {
      const props = { report: await status(), canBackUp: may(session.account, 'take-backups') };
      return page(<StatusPage frame={frame} {...props} />);
    })
    .post(
      '/dashboard/status/backup',
      async ({ frame, session, request, server }) => {
        const allowed = await attempt((async () => demand(session.account, 'take-backups'))());
        if (allowed.refusal) return refusalPage(frame, frame.t.doors.notAllowed, allowed.refusal);
        const { bytes, stream } = await takeSnapshot();
        const subject = { kind: 'gateway', id: null, name: null } as const;
        audit.write({ actor: session.account, action: 'backup.download', subject, details: { bytes } });
        // A large one takes longer than a silent connection may stay open.
        server?.timeout(request, 0);
        const day = new Date(now()).toISOString().slice(0, 10);
        return new Response(stream, {
          headers: {
            ...SECURITY_HEADERS,
            ...{ 'content-type': 'application/vnd.sqlite3', 'cache-control': 'no-store' },
            'content-disposition': `attachment; filename="llm-gateway-${day}.db"`,
            'content-length': String(bytes),
          },
        });
      },
      { parse: 'none' },
    );
};
