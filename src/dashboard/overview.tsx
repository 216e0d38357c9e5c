import { Elysia } from 'elysia';
import { OverviewPage } from '../../views/pages/overview.tsx';
import { createGuard } from './guard.tsx';
import type { DashboardOptions } from './options.ts';
import { page } from './reply.ts';

const SHOWN = 25;
const REFRESH_SECONDS = 5;

/** `/dashboard`: the last day at a glance. It reloads itself unless `paused` is in its address. */
export const overviewRoutes = ({ overview, vendors, now, ...options }: DashboardOptions) =>
  new Elysia().use(createGuard(options)).get('/dashboard', async ({ frame, request }) => {
    const isPaused = new URL(request.url).searchParams.has('paused');
    const [totals, latest] = await Promise.all([overview.totals24h(), overview.latest(SHOWN)]);
    return page(
      <OverviewPage
        {...{ frame, totals, latest, now: now() }}
        isSimulating={vendors().some((vendor) => vendor.state === 'simulated')}
        refreshSeconds={isPaused ? null : REFRESH_SECONDS}
      />,
    );
  });
