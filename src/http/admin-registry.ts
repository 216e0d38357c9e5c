import { Elysia } from 'elysia';
import { z } from 'zod';
import { type Account, demand } from '../accounts/index.ts';
import type { Changes } from '../catalogue/changes.ts';
import type { Catalogue } from '../catalogue/index.ts';
import { GatewayError } from '../errors.ts';
import type { ClientOf } from '../lib/client-of.ts';
import { answer, authenticate, type Door, json, readBody, refuseOtherSites } from './api.ts';

const ids = z
  .array(z.string('A model is named by its id.'), 'This request needs a list of ids.')
  .min(1, 'This request needs at least one id.')
  .max(1000, 'These are too many ids at once.');
const modelsBody = z.object({ models: ids });
const approveBody = z
  .object({
    models: ids.optional(),
    /** Whose page is taken although the guard does not believe it. */
    providers: z
      .array(z.enum(['openai', 'anthropic', 'google'], 'There is no such provider.'))
      .min(1)
      .optional(),
  })
  .refine(({ models, providers }) => models || providers, {
    path: ['models'],
    message: 'This request needs models or providers to approve.',
  });
const query = z.object({
  provider: z.string().optional(),
  model: z.string().optional(),
  type: z.string().optional(),
  before: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(500).optional(),
});

type Server = Parameters<ClientOf>[1];

interface RegistryOptions extends Door {
  catalogue: Pick<Catalogue, 'status' | 'changelog'>;
  changes: Changes;
  clientOf: ClientOf;
}

/**
 * `/api/registry`: the model catalogue. Whoever is signed in may look; what changes it is for admins. An update answers at once
 * with 202, and `GET /api/registry` tells how far each source is; a second one while it runs answers 409.
 */
export const registryRoutes = ({ catalogue, changes, clientOf, ...door }: RegistryOptions) => {
  /** Before the body is read: what is wrong with it is no business of those who may not. */
  const admitAdmin = async (request: Request, server: Server): Promise<Account> => {
    const { account } = await authenticate(request, door, clientOf(request, server));
    demand(account, 'change-catalogue');
    return account;
  };
  const status = (code = 200): Response => json(catalogue.status(), code);

  return new Elysia({ prefix: '/api/registry' })
    .onBeforeHandle(refuseOtherSites(clientOf))
    .get('/', ({ request }) =>
      answer(async () => {
        await authenticate(request, door);
        return status();
      }),
    )
    .get('/changelog', ({ request }) =>
      answer(async () => {
        await authenticate(request, door);
        return json(await catalogue.changelog(readQuery(request)));
      }),
    )
    .post(
      '/update',
      ({ request, server }) =>
        answer(async () => {
          const account = await admitAdmin(request, server);
          await changes.startUpdate(account);
          return status(202);
        }),
      { parse: 'none' },
    )
    .post(
      '/approve',
      ({ request, server }) =>
        answer(async () => {
          const account = await admitAdmin(request, server);
          const { models = [], providers = [] } = await readBody(request, approveBody);
          await changes.startUpdate(account, { approve: models, approveRuns: providers });
          return status(202);
        }),
      { parse: 'none' },
    )
    .post(
      '/pin',
      ({ request, server }) =>
        answer(async () => {
          const account = await admitAdmin(request, server);
          await changes.pin(account, (await readBody(request, modelsBody)).models);
          return status();
        }),
      { parse: 'none' },
    )
    .post(
      '/unpin',
      ({ request, server }) =>
        answer(async () => {
          const account = await admitAdmin(request, server);
          await changes.unpin(account, (await readBody(request, modelsBody)).models);
          return status();
        }),
      { parse: 'none' },
    );
};

function readQuery(request: Request) {
  const parsed = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (parsed.success) return parsed.data;
  const param = z.core.toDotPath(parsed.error.issues[0]?.path ?? []);
  throw new GatewayError('invalid_request', `The parameter "${param}" is not understood.`, { param });
}
