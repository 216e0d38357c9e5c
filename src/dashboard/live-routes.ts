import { Elysia } from 'elysia';
import { plainFrame } from '../../views/frame.ts';
import { maySee } from '../../views/pages.ts';
import { changelogTopic } from './changelog.tsx';
import { createGuard } from './guard.tsx';
import type { LiveTopic } from './live-topics.ts';
import type { DashboardOptions } from './options.ts';
import { overviewTopic } from './overview.tsx';
import { SECURITY_HEADERS } from './reply.ts';

/** Each live part of a page, by the `topic` that the `Live` component names. */
const createTopics = (options: DashboardOptions): Record<string, LiveTopic> => ({
  overview: overviewTopic(options),
  changelog: changelogTopic(options),
});

/** `/dashboard/live?topic=…`: what has changed, as server-sent events, for as long as the page is open. */
export const liveRoutes = (options: DashboardOptions) => {
  const topics = new Map(Object.entries(createTopics(options)));
  const { live, now, sessions, sessionCookie } = options;

  return new Elysia()
    .use(createGuard(options, null))
    .get('/dashboard/live', async ({ request, server, frame, session }) => {
      const name = new URL(request.url).searchParams.get('topic') ?? '';
      const topic = topics.get(name);
      if (!topic) return refuse(404, frame.t.doors.noSuchPage);
      const { id, role } = session.account;
      if (!maySee(role, topic.page)) return refuse(403, frame.t.doors.roleForbids(frame.t.frame.roles[role]));

      const { language } = frame;
      const token = sessionCookie.read(request);
      const stream = live.subscribe({
        sessionId: session.id,
        group: `${name} ${language} ${role === 'member' ? id : role}`,
        render: async () => (await topic.render(plainFrame(language, now()), { id, role })).toString(),
        async isStillAllowed() {
          const account = (await sessions.read(token))?.account;
          return account !== undefined && account.role === role;
        },
      });
      if (!stream) return refuse(503, '');
      server?.timeout(request, 0);
      return new Response(stream, {
        headers: {
          ...SECURITY_HEADERS,
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        },
      });
    });
};

function refuse(status: number, message: string): Response {
  return new Response(message, { status, headers: SECURITY_HEADERS });
}
