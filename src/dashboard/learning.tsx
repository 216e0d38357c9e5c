import { Elysia } from 'elysia';
import { attempt, field } from './form.ts';
import { createGuard, refusalPage } from './guard.tsx';
import { withNotice } from './notice.ts';
import type { DashboardOptions } from './options.ts';
import { redirect } from './reply.ts';

const PATH = 'dashboard/routing/learning';

/** `/dashboard/routing/learning`: whether the router learns from verdicts, and that it forgets them; for admins. */
export const learningRoutes = (options: DashboardOptions) => {
  const { settings, learning } = options;
  return new Elysia()
    .use(createGuard(options, 'routing'))
    .post(
      `/${PATH}`,
      async ({ frame, session, form }) => {
        const { refusal } = await attempt(settings.change(session.account, { learning: field(form, 'learning') }));
        if (refusal) return refusalPage(frame, frame.t.routing.notChanged, refusal);
        return redirect(frame, withNotice('dashboard/routing', 'learning-changed'));
      },
      { parse: 'none' },
    )
    .post(
      `/${PATH}/reset`,
      async ({ frame, session }) => {
        const { refusal } = await attempt(learning.reset(session.account));
        if (refusal) return refusalPage(frame, frame.t.routing.notChanged, refusal);
        return redirect(frame, withNotice('dashboard/routing', 'learning-forgotten'));
      },
      { parse: 'none' },
    );
};
