import { Elysia } from 'elysia';
import { ProvidersPage } from '../../views/pages/providers.tsx';
import { type Account, demand, may } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { Secret } from '../lib/secret.ts';
import { attempt, field, formError } from './form.ts';
import { createGuard, refusalPage } from './guard.tsx';
import { withNotice } from './notice.ts';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';

/** `/dashboard/providers`: whose models answer, and with which keys of ours. */
export const providersRoutes = (options: DashboardOptions) => {
  const { vault, vendors, audit } = options;
  const propsOf = (account: Account) => ({
    vendors: vendors().map((vendor) => ({ ...vendor, keys: vault.list().filter((key) => key.provider === vendor.id) })),
    canChange: may(account, 'change-provider-keys'),
  });

  async function connect(account: Account, form: URLSearchParams) {
    demand(account, 'change-provider-keys');
    const provider = field(form, 'provider');
    if (!vendors().some((vendor) => vendor.id === provider)) {
      throw new GatewayError('invalid_request', 'Choose one of the providers listed here.', { param: 'provider' });
    }
    const added = await vault.add({ provider, name: field(form, 'name'), key: new Secret(field(form, 'key')) });
    audit.providerKey(account, 'add', added);
  }

  async function remove(account: Account, id: string) {
    demand(account, 'change-provider-keys');
    const key = vault.list().find((each) => each.id === id);
    if (key && (await vault.revoke(id))) audit.providerKey(account, 'revoke', key);
  }

  return new Elysia()
    .use(createGuard(options, 'providers'))
    .get('/dashboard/providers', ({ frame, session }) => {
      const draft = { provider: '', name: '' };
      return page(<ProvidersPage {...propsOf(session.account)} {...{ frame, draft, error: null }} />);
    })
    .post(
      '/dashboard/providers',
      async ({ frame, session, form }) => {
        const { refusal } = await attempt(connect(session.account, form));
        if (!refusal) return redirect(frame, withNotice('dashboard/providers', 'provider-connected'));
        const draft = { provider: field(form, 'provider'), name: field(form, 'name') };
        const error = formError(frame, refusal);
        return page(<ProvidersPage {...propsOf(session.account)} {...{ frame, draft, error }} />, refusal.status);
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/providers/:id/revoke',
      async ({ frame, session, params }) => {
        const { refusal } = await attempt(remove(session.account, params.id));
        if (refusal) return refusalPage(frame, frame.t.doors.notAllowed, refusal);
        return redirect(frame, withNotice('dashboard/providers', 'provider-removed'));
      },
      { parse: 'none' },
    );
};
