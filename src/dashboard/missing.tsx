import { Elysia } from 'elysia';
import { RefusalPage } from '../../views/pages/refusal.tsx';
import { createGuard } from './guard.tsx';
import type { DashboardOptions } from './options.ts';
import { page } from './reply.ts';

/** Whatever else is asked for under `/dashboard`. */
export const missingRoutes = (options: DashboardOptions) =>
  new Elysia().use(createGuard(options, null)).get('/dashboard/*', ({ frame }) => {
    const { notFound, noSuchPage } = frame.t.doors;
    return page(<RefusalPage frame={frame} title={notFound} message={noSuchPage} />, 404);
  });
