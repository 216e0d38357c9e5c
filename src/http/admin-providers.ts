import { Elysia } from 'elysia';
import { z } from 'zod';
import { demand } from '../accounts/index.ts';
import type { OwnServers } from '../catalogue/own-servers.ts';
import type { ProviderDesk } from '../catalogue/provider-desk.ts';
import { GatewayError } from '../errors.ts';
import { Secret } from '../lib/secret.ts';
import type { Vault } from '../vault/index.ts';
import { answer, authenticate, type Door, done, json, readBody } from './api.ts';

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

interface ProvidersOptions extends Door {
  vault: Vault;
  ownServers: OwnServers;
  providerDesk: ProviderDesk;
}

/** `/api/providers`: who answers and how well, the operator's own servers, and what becomes of keys. No answer holds a key. */
export const providersApi = ({ vault, ownServers, providerDesk, ...door }: ProvidersOptions) => {
  const allow = async (request: Request, action: 'see-providers' | 'change-provider-keys'): Promise<void> => {
    demand((await authenticate(request, door)).account, action);
  };

  return new Elysia({ prefix: '/api' })
    .get('/providers', ({ request }) =>
      answer(async () => {
        await allow(request, 'see-providers');
        return json({ providers: await providerDesk.list() });
      }),
    )
    .post(
      '/providers',
      ({ request }) =>
        answer(async () => {
          await allow(request, 'change-provider-keys');
          const { key, ...wish } = await readBody(request, addBody);
          const added = await ownServers.add(wish);
          if (key) await vault.add({ provider: added.id, name: added.id, key });
          return json(added, 201);
        }),
      { parse: 'none' },
    )
    .put(
      '/providers/:id',
      ({ request, params }) =>
        answer(async () => {
          await allow(request, 'change-provider-keys');
          const changed = await ownServers.change({ id: params.id, ...(await readBody(request, changeBody)) });
          if (!changed) throw missing('server of your own');
          return json(changed);
        }),
      { parse: 'none' },
    )
    .delete('/providers/:id', ({ request, params }) =>
      answer(async () => {
        await allow(request, 'change-provider-keys');
        if (!(await removeServer({ vault, ownServers }, params.id))) throw missing('server of your own');
        return done();
      }),
    )
    .patch(
      '/provider-keys/:id',
      ({ request, params }) =>
        answer(async () => {
          await allow(request, 'change-provider-keys');
          const { weight } = await readBody(request, weightBody);
          if (!(await vault.changeWeight(params.id, weight))) throw missing('key');
          return json(vault.list().find(({ id }) => id === params.id) ?? {});
        }),
      { parse: 'none' },
    )
    .post(
      '/provider-keys/:id/test',
      ({ request, params }) =>
        answer(async () => {
          await allow(request, 'change-provider-keys');
          const trial = await providerDesk.tryKey(params.id);
          if (!trial) throw missing('key');
          return json(trial);
        }),
      { parse: 'none' },
    );
};

/** A server goes with its keys. False when there is none of this id. */
async function removeServer({ vault, ownServers }: Pick<ProvidersOptions, 'vault' | 'ownServers'>, id: string) {
  if (!(await ownServers.remove(id))) return false;
  for (const key of vault.list().filter(({ provider }) => provider === id)) await vault.revoke(key.id);
  return true;
}

function missing(what: string): GatewayError {
  return new GatewayError('not_found', `There is no such ${what}.`);
}
