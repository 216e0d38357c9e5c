import { Elysia } from 'elysia';
import { OverviewLive, OverviewPage } from '../../views/pages/overview.tsx';
import { createGuard } from './guard.tsx';
import type { LiveTopic } from './live-topics.ts';
import type { DashboardOptions } from './options.ts';
import { page } from './reply.ts';

const SHOWN = 25;

type OverviewOptions = Pick<DashboardOptions, 'overview'>;

const readLive = async ({ overview }: OverviewOptions) => {
  const [totals, latest] = await Promise.all([overview.totals24h(), overview.latest(SHOWN)]);
  return { totals, latest };
};

/** `/dashboard`: the last day at a glance. */
export const overviewRoutes = (options: DashboardOptions) =>
  new Elysia().use(createGuard(options, 'overview')).get('/dashboard', async ({ frame }) => {
    const isSimulating = options.vendors().some((vendor) => vendor.state === 'simulated');
    return page(<OverviewPage {...{ frame, isSimulating }} {...(await readLive(options))} />);
  });

/** The same while somebody looks. */
export const overviewTopic = (options: OverviewOptions): LiveTopic => ({
  page: 'overview',
  render: async (frame) => <OverviewLive frame={frame} {...(await readLive(options))} />,
});
