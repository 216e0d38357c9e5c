import { Elysia } from 'elysia';
import type { ClientOf } from '../lib/client-of.ts';
import type { LearningKeeper } from '../reports/keep-learning.ts';
import { answer, authenticate, type Door, done, json, refuseOtherSites } from './api.ts';

interface LearningOptions extends Door {
  clientOf: ClientOf;
  learning: Pick<LearningKeeper, 'state' | 'reset'>;
}

/** `/api/learning`: what the router has learned from verdicts on answers. It is turned on and off by `PATCH /api/settings`. */
export const learningRoutes = ({ learning, clientOf, ...door }: LearningOptions) =>
  new Elysia({ prefix: '/api/learning' })
    .onBeforeHandle(refuseOtherSites(clientOf))
    .get('/', ({ request, server }) =>
      answer(async () => {
        const { account } = await authenticate(request, door, clientOf(request, server));
        return json(learning.state(account));
      }),
    )
    .post(
      '/reset',
      ({ request, server }) =>
        answer(async () => {
          const { account } = await authenticate(request, door, clientOf(request, server));
          await learning.reset(account);
          return done();
        }),
      { parse: 'none' },
    );
