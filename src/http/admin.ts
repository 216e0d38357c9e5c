import { Elysia } from 'elysia';
import { z } from 'zod';
import { type Accounts, demand, type Keys, type UserLimits } from '../accounts/index.ts';
import type { Changes } from '../catalogue/changes.ts';
import { GatewayError } from '../errors.ts';
import type { ClientOf } from '../lib/client-of.ts';
import { Secret } from '../lib/secret.ts';
import type { Vault, Vendor } from '../vault/index.ts';
import { answer, authenticate, type Door, done, json, readBody, refuse, refuseOtherSites } from './api.ts';

const text = (what: string) => z.string(`This request needs ${what}.`);

const setupBody = z.object({
  token: text('the setup token'),
  email: text('an e-mail address'),
  name: z.string('A name is text.').optional(),
  password: text('a password'),
});
const signInBody = z.object({ email: text('an e-mail address'), password: text('a password') });
const keyBody = z.looseObject({ name: text('a name') });
const changeBody = z.record(z.string(), z.unknown());
const providerKeyBody = z.object({
  provider: text('a provider'),
  name: text('a name'),
  key: text('the key').transform((key) => new Secret(key)),
});

interface AdminOptions extends Door {
  accounts: Accounts;
  keys: Keys;
  userLimits: UserLimits;
  changes: Changes;
  vault: Pick<Vault, 'list'>;
  vendors: () => readonly Vendor[];
  clientOf: ClientOf;
}

/**
 * `/api`: what the dashboard does, for the operator's programs. A session token from `POST /api/session` goes into
 * `Authorization: Bearer`; the dashboard's cookie serves as well. Refusals are `{ error: { code, message, param } }`, times are
 * milliseconds since 1970, and no answer holds a secret but that to `POST /api/keys`, once.
 */
export const adminRoutes = (options: AdminOptions) =>
  new Elysia({ prefix: '/api' })
    .onBeforeHandle(refuseOtherSites(options.clientOf))
    .use(doorRoutes(options))
    .use(keyRoutes(options))
    .use(userLimitRoutes(options))
    .use(providerKeyRoutes(options));

/** How a session begins and ends. */
const doorRoutes = ({ accounts, sessions, sessionCookie, clientOf }: AdminOptions) =>
  new Elysia()
    .post(
      '/setup',
      ({ request, server }) =>
        answer(async () => {
          const { address } = clientOf(request, server);
          const account = await accounts.setup({ ...(await readBody(request, setupBody)), address });
          return json({ token: await sessions.start(account.id) }, 201);
        }),
      { parse: 'none' },
    )
    .post(
      '/session',
      ({ request, server }) =>
        answer(async () => {
          const { address } = clientOf(request, server);
          const account = await accounts.signIn({ ...(await readBody(request, signInBody)), address });
          return json({ token: await sessions.start(account.id) }, 201);
        }),
      { parse: 'none' },
    )
    .delete('/session', ({ request, server }) =>
      answer(async () => {
        await sessions.end(await authenticate(request, { sessions, sessionCookie }));
        return done({ 'set-cookie': sessionCookie.renderCleared(clientOf(request, server)) });
      }),
    );

const keyRoutes = ({ keys, sessions, sessionCookie, clientOf }: AdminOptions) =>
  new Elysia()
    .get('/keys', ({ request, server }) =>
      answer(async () => {
        const { account } = await authenticate(request, { sessions, sessionCookie }, clientOf(request, server));
        return json({ keys: await keys.list(account) });
      }),
    )
    .post(
      '/keys',
      ({ request, server }) =>
        answer(async () => {
          const { account } = await authenticate(request, { sessions, sessionCookie }, clientOf(request, server));
          const { key, row } = await keys.mint(account, await readBody(request, keyBody));
          return json({ ...row, key }, 201);
        }),
      { parse: 'none' },
    )
    .patch(
      '/keys/:id',
      ({ request, params, server }) =>
        answer(async () => {
          const { account } = await authenticate(request, { sessions, sessionCookie }, clientOf(request, server));
          const row = await keys.change(account, params.id, await readBody(request, changeBody));
          return row ? json(row) : refuse(noSuchKey());
        }),
      { parse: 'none' },
    )
    .delete('/keys/:id', ({ request, params, server }) =>
      answer(async () => {
        const { account } = await authenticate(request, { sessions, sessionCookie }, clientOf(request, server));
        return (await keys.revoke(account, params.id)) ? done() : refuse(noSuchKey());
      }),
    );

/** What a person may use with all their keys together. */
const userLimitRoutes = ({ sessions, sessionCookie, userLimits, clientOf }: AdminOptions) =>
  new Elysia()
    .get('/users/:id/limits', ({ request, params, server }) =>
      answer(async () => {
        const { account } = await authenticate(request, { sessions, sessionCookie }, clientOf(request, server));
        const limits = await userLimits.read(account, params.id);
        return limits ? json({ limits }) : refuse(noSuchPerson());
      }),
    )
    .patch(
      '/users/:id/limits',
      ({ request, params, server }) =>
        answer(async () => {
          const { account } = await authenticate(request, { sessions, sessionCookie }, clientOf(request, server));
          const limits = await userLimits.change(account, params.id, await readBody(request, changeBody));
          return limits ? json({ limits }) : refuse(noSuchPerson());
        }),
      { parse: 'none' },
    );

const providerKeyRoutes = ({ sessions, vault, vendors, sessionCookie, changes, clientOf }: AdminOptions) =>
  new Elysia()
    .get('/provider-keys', ({ request, server }) =>
      answer(async () => {
        await authenticate(request, { sessions, sessionCookie }, clientOf(request, server));
        return json({ providerKeys: vault.list() });
      }),
    )
    .post(
      '/provider-keys',
      ({ request, server }) =>
        answer(async () => {
          const { account } = await authenticate(request, { sessions, sessionCookie }, clientOf(request, server));
          demand(account, 'change-provider-keys');
          const body = await readBody(request, providerKeyBody);
          checkProvider(body.provider, vendors());
          return json(await changes.addKey(account, body), 201);
        }),
      { parse: 'none' },
    )
    .delete('/provider-keys/:id', ({ request, params, server }) =>
      answer(async () => {
        const { account } = await authenticate(request, { sessions, sessionCookie }, clientOf(request, server));
        return (await changes.revokeKey(account, params.id)) ? done() : refuse(noSuchKey());
      }),
    );

function checkProvider(provider: string, vendors: readonly Vendor[]): void {
  if (vendors.some((vendor) => vendor.id === provider)) return;
  const known = vendors.map((vendor) => vendor.id).join(', ');
  throw new GatewayError('invalid_request', `There is no such provider; there are ${known}.`, { param: 'provider' });
}

function noSuchKey(): GatewayError {
  return new GatewayError('not_found', 'There is no such key.');
}

function noSuchPerson(): GatewayError {
  return new GatewayError('not_found', 'There is no such person.');
}
