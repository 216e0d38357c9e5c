import { Elysia } from 'elysia';
import { z } from 'zod';
import { demand } from '../accounts/index.ts';
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

interface RegistryOptions extends Door {
  catalogue: Catalogue;
  clientOf: ClientOf;
}

/**
 * `/api/registry`: the model catalogue. Whoever is signed in may look; what changes it is for admins. An update answers at once
 * with 202, and `GET /api/registry` tells how far each source is; a second one while it runs answers 409.
 */
export const registryRoutes = ({ catalogue, clientOf, ...door }: RegistryOptions) => {
  const checkAdmin = async (request: Request): Promise<void> => {
    demand((await authenticate(request, door)).account, 'change-catalogue');
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
      ({ request }) =>
        answer(async () => {
          await checkAdmin(request);
          await catalogue.start({ source: 'api' });
          return status(202);
        }),
      { parse: 'none' },
    )
    .post(
      '/approve',
      ({ request }) =>
        answer(async () => {
          await checkAdmin(request);
          const { models = [], providers = [] } = await readBody(request, approveBody);
          await catalogue.start({ source: 'api', approve: models, approveRuns: providers });
          return status(202);
        }),
      { parse: 'none' },
    )
    .post(
      '/pin',
      ({ request }) =>
        answer(async () => {
          await checkAdmin(request);
          await catalogue.pin((await readBody(request, modelsBody)).models);
          return status();
        }),
      { parse: 'none' },
    )
    .post(
      '/unpin',
      ({ request }) =>
        answer(async () => {
          await checkAdmin(request);
          await catalogue.unpin((await readBody(request, modelsBody)).models);
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
