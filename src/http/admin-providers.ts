import { Elysia } from 'elysia';
import { z } from 'zod';
import { type Account, demand } from '../accounts/index.ts';
import type { Changes } from '../catalogue/changes.ts';
import type { ProviderDesk } from '../catalogue/provider-desk.ts';
import { GatewayError } from '../errors.ts';
import type { ClientOf } from '../lib/client-of.ts';
import { Secret } from '../lib/secret.ts';
import type { Vault } from '../vault/index.ts';
import { answer, authenticate, type Door, done, json, readBody, refuseOtherSites } from './api.ts';

const text = (what: string) => z.string(`This request needs ${what}.`);
const server = {
  label: z.string('A label is text.').max(100).default(''),
  baseUrl: text('a base URL'),
  models: z.array(z.unknown(), 'This request needs a list of models.').max(200),
};
const addBody = z.object({
  id: text('an id'),
  ...server,
  key: text('the key')
    .transform((key) => new Secret(key))
    .optional(),
});
const changeBody = z.object(server);
const weightBody = z.object({ weight: z.number('A weight is a number.') });

type Server = Parameters<ClientOf>[1];

interface ProvidersOptions extends Door {
  changes: Changes;
  vault: Pick<Vault, 'list'>;
  providerDesk: Pick<ProviderDesk, 'list'>;
  clientOf: ClientOf;
}

/** `/api/providers`: who answers and how well, the operator's own servers, and what becomes of keys. No answer holds a key. */
export const providersApi = ({ changes, vault, providerDesk, clientOf, ...door }: ProvidersOptions) => {
  /** Before the body is read: what is wrong with it is no business of those who may not. */
  const admit = async (request: Request, server: Server, action: 'see-providers' | 'change-provider-keys') => {
    const { account }: { account: Account } = await authenticate(request, door, clientOf(request, server));
    demand(account, action);
    return account;
  };

  return new Elysia({ prefix: '/api' })
    .onBeforeHandle(refuseOtherSites(clientOf))
    .get('/providers', ({ request, server }) =>
      answer(async () => {
        await admit(request, server, 'see-providers');
        return json({ providers: await providerDesk.list() });
      }),
    )
    .post(
      '/providers',
      ({ request, server }) =>
        answer(async () => {
          const account = await admit(request, server, 'change-provider-keys');
          const { key, ...wish } = await readBody(request, addBody);
          return json(await changes.addServer(account, wish, key ?? null), 201);
        }),
      { parse: 'none' },
    )
    .put(
      '/providers/:id',
      ({ request, params, server }) =>
        answer(async () => {
          const account = await admit(request, server, 'change-provider-keys');
          const wish = { id: params.id, ...(await readBody(request, changeBody)) };
          return json(await changes.changeServer(account, wish));
        }),
      { parse: 'none' },
    )
    .delete('/providers/:id', ({ request, params, server }) =>
      answer(async () => {
        const account = await admit(request, server, 'change-provider-keys');
        if (!(await changes.removeServer(account, params.id))) throw missing('server of your own');
        return done();
      }),
    )
    .patch(
      '/provider-keys/:id',
      ({ request, params, server }) =>
        answer(async () => {
          const account = await admit(request, server, 'change-provider-keys');
          const { weight } = await readBody(request, weightBody);
          if (!(await changes.changeWeight(account, params.id, weight))) throw missing('key');
          return json(vault.list().find(({ id }) => id === params.id) ?? {});
        }),
      { parse: 'none' },
    )
    .post(
      '/provider-keys/:id/test',
      ({ request, params, server }) =>
        answer(async () => {
          const account = await admit(request, server, 'change-provider-keys');
          const trial = await changes.tryKey(account, params.id);
          if (!trial) throw missing('key');
          return json(trial);
        }),
      { parse: 'none' },
    );
};

function missing(what: string): GatewayError {
  return new GatewayError('not_found', `There is no such ${what}.`);
}
