import { Elysia } from 'elysia';
import { EMPTY_DRAFT, type KeyDraft } from '../../views/pages/key-form.tsx';
import { KeysPage } from '../../views/pages/keys.tsx';
import { type Account, may, type Session, STRATEGIES, UNDO_MS } from '../accounts/index.ts';
import { attempt, field, formError } from './form.ts';
import { createGuard } from './guard.tsx';
import { keyRows, readKeyQuery, selectKeys } from './key-rows.ts';
import { limitsFrom, listFrom, readLimitDraft } from './limit-form.ts';
import type { DashboardOptions } from './options.ts';
import { policyFrom, readPolicyDraft } from './policy-form.ts';
import { page } from './reply.ts';

const DAY_MS = 86_400_000;

/** `/dashboard/keys`: what programs use the gateway with. A new key is shown once, in the answer to the form that made it. */
export const keysRoutes = (options: DashboardOptions) => {
  const { keys, people, now } = options;

  async function propsOf({ account }: Session, url: string) {
    const query = readKeyQuery(url);
    const rows = await keyRows(options, account, await keys.list(account));
    const undone = rows.find(({ id }) => id === new URL(url).searchParams.get('key'));
    return {
      query,
      keys: selectKeys(rows, query, now()),
      can: {
        make: may(account, 'make-keys'),
        revoke: may(account, 'revoke-own-keys'),
        seeAll: may(account, 'see-all-keys'),
      },
      strategies: STRATEGIES,
      owners: await ownersFor(account),
      undo: undoOf(undone ?? null, account, now()),
    };
  }

  /** Oneself first. */
  async function ownersFor(account: Account): Promise<{ id: string; name: string }[]> {
    if (!may(account, 'make-keys-for-others')) return [];
    const others = (await people.list(account)).filter(
      ({ id, disabledAt }) => id !== account.id && disabledAt === null,
    );
    return [account, ...others].map(({ id, name }) => ({ id, name }));
  }

  return new Elysia()
    .use(createGuard(options, 'keys'))
    .get('/dashboard/keys', async ({ frame, session, request }) => {
      const props = await propsOf(session, request.url);
      return page(<KeysPage {...props} {...{ frame, draft: EMPTY_DRAFT, error: null, created: null }} />);
    })
    .post(
      '/dashboard/keys',
      async ({ frame, session, form, request, server }) => {
        const draft = readDraft(form);
        const minted = await attempt(mint(session.account, draft));
        const props = await propsOf(session, request.url);
        if (minted.refusal) {
          const error = formError(frame, minted.refusal);
          return page(<KeysPage {...props} {...{ frame, draft, error, created: null }} />, minted.refusal.status);
        }
        const { row, key: keyText } = minted.value;
        const baseUrl = options.clientOf(request, server).baseUrl;
        const created = { name: row.name, keyText, baseUrl, previousUntil: null };
        return page(<KeysPage {...props} {...{ frame, draft: EMPTY_DRAFT, error: null, created }} />, 201);
      },
      { parse: 'none' },
    );

  /** Empty fields are the gateway's defaults. Whatever else was typed is judged by the rules for keys, not here. */
  async function mint(account: Account, draft: KeyDraft) {
    const limits = Object.fromEntries(Object.entries(limitsFrom(draft)).filter(([, value]) => value !== null));
    return await keys.mint(account, {
      name: draft.name,
      strategy: draft.strategy || null,
      expiresAt: draft.lifetime === '' ? null : now() + Number(draft.lifetime) * DAY_MS,
      limits: Object.keys(limits).length === 0 ? null : limits,
      fallbackModels: listFrom(draft.fallbackModels),
      storesBodies: draft.storesBodies !== '',
      policy: policyFrom(draft.policy, null),
      ...(draft.ownerId === '' ? {} : { ownerId: draft.ownerId }),
    });
  }
};

export function readDraft(form: URLSearchParams): KeyDraft {
  const read = (name: string) => field(form, name);
  return {
    ...readLimitDraft(form),
    ...{ name: read('name'), ownerId: read('ownerId'), strategy: read('strategy'), lifetime: read('lifetime') },
    ...{ expiresOn: read('expiresOn'), fallbackModels: read('fallbackModels'), storesBodies: read('storesBodies') },
    policy: readPolicyDraft(form),
  };
}

/** A revocation that the person can still take back. */
export function undoOf(key: { id: string; revokedAt: number | null } | null, account: Account, now: number) {
  if (!key || key.revokedAt === null || !may(account, 'revoke-own-keys')) return null;
  const until = key.revokedAt + UNDO_MS;
  return until > now ? { id: key.id, until } : null;
}
