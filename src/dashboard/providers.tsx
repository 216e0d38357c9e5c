import { Elysia } from 'elysia';
import { ServerFormPage } from '../../views/pages/providers/server-form.tsx';
import { ProvidersPage, type TrialShown } from '../../views/pages/providers.tsx';
import { type Account, demand, may } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { Secret } from '../lib/secret.ts';
import { attempt, field, formError } from './form.ts';
import { createGuard, refusalPage } from './guard.tsx';
import { withNotice } from './notice.ts';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';
import { draftOf, readServerDraft, requestOf, withSpareRows } from './server-draft.ts';

const EMPTY = { provider: '', name: '', weight: '1' };

/** `/dashboard/providers`: whose models answer, how well, and with which keys of ours. */
export const providersRoutes = (options: DashboardOptions) => {
  const { changes, providerDesk } = options;
  const propsOf = async (account: Account) => ({
    providers: await providerDesk.list(),
    canChange: may(account, 'change-provider-keys'),
  });

  async function connect(account: Account, form: URLSearchParams) {
    demand(account, 'change-provider-keys');
    const provider = field(form, 'provider');
    if (!(await providerDesk.list()).some(({ id }) => id === provider)) {
      throw new GatewayError('invalid_request', 'Choose one of the providers listed here.', { param: 'provider' });
    }
    const weight = form.has('weight') && field(form, 'weight') !== '' ? Number(field(form, 'weight')) : undefined;
    return await changes.addKey(account, {
      ...{ provider, name: field(form, 'name'), key: new Secret(field(form, 'key')), weight },
    });
  }

  /** What is not there any more is not found. */
  async function change(work: Promise<boolean>): Promise<void> {
    if (!(await work)) throw new GatewayError('not_found', 'There is no such key or server.');
  }

  return new Elysia()
    .use(createGuard(options, 'providers'))
    .get('/dashboard/providers', async ({ frame, session }) => {
      const props = await propsOf(session.account);
      return page(<ProvidersPage {...props} {...{ frame, draft: EMPTY, error: null, trial: null }} />);
    })
    .post(
      '/dashboard/providers',
      async ({ frame, session, form }) => {
        const { refusal } = await attempt(connect(session.account, form));
        if (!refusal) return redirect(frame, withNotice('dashboard/providers', 'provider-connected'));
        const draft = {
          provider: field(form, 'provider'),
          name: field(form, 'name'),
          weight: field(form, 'weight'),
        };
        const props = await propsOf(session.account);
        const error = formError(frame, refusal);
        return page(<ProvidersPage {...props} {...{ frame, draft, error, trial: null }} />, refusal.status);
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/providers/:id/revoke',
      async ({ frame, session, params }) => {
        // A key that is gone already is what the person wanted.
        const { refusal } = await attempt(changes.revokeKey(session.account, params.id));
        if (refusal) return refusalPage(frame, frame.t.doors.notAllowed, refusal);
        return redirect(frame, withNotice('dashboard/providers', 'provider-removed'));
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/providers/keys/:id/weight',
      async ({ frame, session, params, form }) => {
        const text = field(form, 'weight').trim();
        const weight = text === '' ? Number.NaN : Number(text);
        const { refusal } = await attempt(change(changes.changeWeight(session.account, params.id, weight)));
        if (refusal) return refusalPage(frame, titleOf(frame.t.doors, refusal), refusal);
        return redirect(frame, withNotice('dashboard/providers', 'provider-weight'));
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/providers/keys/:id/test',
      async ({ frame, session, params }) => {
        let trial: TrialShown | null = null;
        const keyId = decodeURIComponent(params.id);
        const work = async () => {
          const found = await changes.tryKey(session.account, keyId);
          if (found) trial = { keyId, ...found };
          return found !== null;
        };
        const { refusal } = await attempt(change(work()));
        if (refusal) return refusalPage(frame, titleOf(frame.t.doors, refusal), refusal);
        const props = await propsOf(session.account);
        return page(<ProvidersPage {...props} {...{ frame, draft: EMPTY, error: null, trial }} />);
      },
      { parse: 'none' },
    );
};

/** The operator's own servers: added, changed and removed. */
export const ownServersRoutes = (options: DashboardOptions) => {
  const { changes, ownServers } = options;

  async function add(account: Account, form: URLSearchParams): Promise<void> {
    const key = field(form, 'key').trim();
    await changes.addServer(account, requestOf(readServerDraft(form)), key === '' ? null : new Secret(key));
  }

  return new Elysia()
    .use(createGuard(options, 'providers'))
    .get('/dashboard/providers/new', ({ frame, session }) => {
      const refusal = refuseUnlessAdmin(session.account);
      if (refusal) return refusalPage(frame, frame.t.doors.notAllowed, refusal);
      const draft = withSpareRows({ id: '', label: '', baseUrl: '', models: [] });
      return page(<ServerFormPage {...{ frame, editedId: null, draft, error: null }} />);
    })
    .post(
      '/dashboard/providers/new',
      async ({ frame, session, form }) => {
        const { refusal } = await attempt(add(session.account, form));
        if (!refusal) return redirect(frame, withNotice('dashboard/providers', 'server-saved'));
        const error = formError(frame, refusal);
        const draft = readServerDraft(form);
        return page(<ServerFormPage {...{ frame, editedId: null, draft, error }} />, refusal.status);
      },
      { parse: 'none' },
    )
    .get('/dashboard/providers/own/:id', ({ frame, session, params }) => {
      const server = ownServers.find(params.id);
      const refusal = refuseUnlessAdmin(session.account) ?? (server ? null : missing());
      if (refusal || !server) return refusalPage(frame, titleOf(frame.t.doors, missing()), refusal ?? missing());
      return page(<ServerFormPage {...{ frame, editedId: server.id, draft: draftOf(server), error: null }} />);
    })
    .post(
      '/dashboard/providers/own/:id',
      async ({ frame, session, params, form }) => {
        const { refusal } = await attempt(
          changes.changeServer(session.account, { ...requestOf(readServerDraft(form)), id: params.id }),
        );
        if (!refusal) return redirect(frame, withNotice('dashboard/providers', 'server-saved'));
        if (refusal.code !== 'invalid_request') return refusalPage(frame, titleOf(frame.t.doors, refusal), refusal);
        const draft = { ...readServerDraft(form), id: params.id };
        const error = formError(frame, refusal);
        return page(<ServerFormPage {...{ frame, editedId: params.id, draft, error }} />, refusal.status);
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/providers/own/:id/remove',
      async ({ frame, session, params }) => {
        const { refusal } = await attempt(changes.removeServer(session.account, params.id));
        if (refusal) return refusalPage(frame, frame.t.doors.notAllowed, refusal);
        return redirect(frame, withNotice('dashboard/providers', 'server-removed'));
      },
      { parse: 'none' },
    );
};

function refuseUnlessAdmin(account: Account): GatewayError | null {
  if (may(account, 'change-provider-keys')) return null;
  return new GatewayError('forbidden', `Your role here is ${account.role}, which does not allow this. Ask an admin.`);
}

function missing(): GatewayError {
  return new GatewayError('not_found', 'There is no such key or server.');
}

interface Titles {
  notAllowed: string;
  notUnderstood: string;
  noSuchPage: string;
}

function titleOf({ notAllowed, notUnderstood, noSuchPage }: Titles, { code }: GatewayError): string {
  if (code === 'forbidden') return notAllowed;
  return code === 'not_found' ? noSuchPage : notUnderstood;
}
