import { Elysia } from 'elysia';
import { EMPTY_DRAFT, type KeyDraft, KeysPage } from '../../views/pages/keys.tsx';
import { may, type Session, STRATEGIES, type UncheckedKeyRequest } from '../accounts/index.ts';
import { attempt, field, formError } from './form.ts';
import { createGuard, refusalPage } from './guard.tsx';
import { withNotice } from './notice.ts';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';

const DAY_MS = 86_400_000;

/** `/dashboard/keys`: what programs use the gateway with. A new key is shown once, in the answer to the form that made it. */
export const keysRoutes = (options: DashboardOptions) => {
  const { keys, overview, now } = options;

  async function propsOf({ account }: Session) {
    const [rows, spend] = await Promise.all([keys.list(account), overview.spendByKey()]);
    return {
      keys: rows.map((row) => ({ ...row, ...(spend.get(row.id) ?? { requests: 0, costNanoUsd: 0 }) })),
      can: {
        make: may(account, 'make-keys'),
        revoke: may(account, 'revoke-own-keys'),
        limit: may(account, 'set-key-limits'),
      },
      strategies: STRATEGIES,
    };
  }

  return new Elysia()
    .use(createGuard(options, 'keys'))
    .get('/dashboard/keys', async ({ frame, session }) => {
      const props = await propsOf(session);
      return page(<KeysPage {...props} {...{ frame, draft: EMPTY_DRAFT, error: null, created: null }} />);
    })
    .post(
      '/dashboard/keys',
      async ({ frame, session, form, request, server }) => {
        const draft = readDraft(form);
        const minted = await attempt(keys.mint(session.account, requestOf(draft, now())));
        const props = await propsOf(session);
        if (minted.refusal) {
          const error = formError(frame, minted.refusal);
          return page(<KeysPage {...props} {...{ frame, draft, error, created: null }} />, minted.refusal.status);
        }
        const created = {
          name: minted.value.row.name,
          keyText: minted.value.key,
          baseUrl: options.clientOf(request, server).baseUrl,
        };
        return page(<KeysPage {...props} {...{ frame, draft: EMPTY_DRAFT, error: null, created }} />, 201);
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/keys/:id/revoke',
      async ({ frame, session, params }) => {
        const revoked = await attempt(keys.revoke(session.account, params.id));
        // A key that is gone already is what the person wanted.
        if (revoked.refusal) return refusalPage(frame, frame.t.doors.notAllowed, revoked.refusal);
        return redirect(frame, withNotice('dashboard/keys', 'key-revoked'));
      },
      { parse: 'none' },
    );
};

function readDraft(form: URLSearchParams): KeyDraft {
  return {
    name: field(form, 'name'),
    strategy: field(form, 'strategy'),
    lifetime: field(form, 'lifetime'),
    requestsPerMinute: field(form, 'requestsPerMinute').trim(),
    fallbackModels: field(form, 'fallbackModels'),
  };
}

/** Empty fields are the gateway's defaults. Whatever else was typed is judged by the rules for keys, not here. */
function requestOf(draft: KeyDraft, now: number): UncheckedKeyRequest {
  const fallbackModels = draft.fallbackModels.split(',').filter((model) => model.trim() !== '');
  return {
    name: draft.name,
    strategy: draft.strategy || null,
    expiresAt: draft.lifetime === '' ? null : now + Number(draft.lifetime) * DAY_MS,
    limits: draft.requestsPerMinute === '' ? null : { requestsPerMinute: Number(draft.requestsPerMinute) },
    fallbackModels,
  };
}
