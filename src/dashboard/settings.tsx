import { Elysia } from 'elysia';
import { SettingsPage } from '../../views/pages/settings.tsx';
import { STRATEGIES } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { attempt, field, formError } from './form.ts';
import { createGuard, refusalPage } from './guard.tsx';
import { withNotice } from './notice.ts';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';

/** `/dashboard/settings`: what can be changed while the gateway runs, for admins. */
export const settingsRoutes = (options: DashboardOptions) => {
  const { settings, testWebhook, schedule } = options;
  const common = { strategies: STRATEGIES, hasWebhook: testWebhook !== null, fixed: schedule };

  /** With what was typed, where something was. */
  const rows = (typed: URLSearchParams | null) =>
    settings.list().map((setting) => {
      const { name, value, source } = setting;
      return { ...setting, draft: typed?.get(name) ?? (source === 'here' ? String(value ?? '') : '') };
    });

  return new Elysia()
    .use(createGuard(options, 'settings'))
    .get('/dashboard/settings', ({ frame }) =>
      page(<SettingsPage {...common} {...{ frame, settings: rows(null), error: null }} />),
    )
    .post(
      '/dashboard/settings',
      async ({ frame, session, form }) => {
        const open = settings.list().filter(({ source, name }) => source !== 'environment' && form.has(name));
        const wishes = Object.fromEntries(open.map(({ name }) => [name, field(form, name)]));
        const { refusal } = await attempt(settings.change(session.account, wishes));
        if (!refusal) return redirect(frame, withNotice('dashboard/settings', 'settings-saved'));
        const error = formError(frame, refusal);
        return page(<SettingsPage {...common} {...{ frame, settings: rows(form), error }} />, refusal.status);
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/settings/webhook',
      async ({ frame, session }) => {
        if (!testWebhook) {
          const none = new GatewayError('not_found', frame.t.operations.settings.webhookOff);
          return refusalPage(frame, frame.t.doors.notFound, none);
        }
        const { refusal, value: tested } = await attempt(testWebhook(session.account));
        if (refusal) return refusalPage(frame, frame.t.doors.notAllowed, refusal);
        return page(<SettingsPage {...common} {...{ frame, settings: rows(null), error: null, tested }} />);
      },
      { parse: 'none' },
    );
};
