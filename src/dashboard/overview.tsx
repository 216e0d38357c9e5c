import { Elysia } from 'elysia';
import type { ChartData } from '../../views/components/chart.tsx';
import type { PlainFrame } from '../../views/frame.ts';
import { OverviewLive, OverviewPage } from '../../views/pages/overview.tsx';
import {
  CHARTS,
  type ChartName,
  complexityChart,
  errorsChart,
  modelsChart,
  spendChart,
  timesChart,
} from '../../views/pages/overview-charts.tsx';
import { RANGES_DAYS, type RangeDays } from '../../views/pages/overview-figures.ts';
import type { Account } from '../accounts/index.ts';
import { createGuard } from './guard.tsx';
import type { LiveTopic } from './live-topics.ts';
import type { DashboardOptions } from './options.ts';
import { json, page } from './reply.ts';

type OverviewOptions = Pick<DashboardOptions, 'overview'>;

/** `/dashboard`: the last day at a glance, and the days before in pictures. */
export const overviewRoutes = (options: DashboardOptions) => {
  const { overview, vendors } = options;

  return new Elysia()
    .use(createGuard(options, 'overview'))
    .get('/dashboard', async ({ frame, session, request }) => {
      const { account } = session;
      const isSimulating = vendors().some((vendor) => vendor.state === 'simulated');
      const [figures, trends, changes] = await Promise.all([
        overview.figures(account),
        overview.trends(account, daysOf(request)),
        overview.changes(),
      ]);
      return page(<OverviewPage {...{ frame, isSimulating, figures, trends, changes }} />);
    })
    .get('/dashboard/overview/chart.json', async ({ frame, session, request }) => {
      const name = new URL(request.url).searchParams.get('chart');
      const chart = CHARTS.find((known) => known === name) ?? CHARTS[0];
      return json(await DRAWN[chart](options, { frame, account: session.account, days: daysOf(request) }));
    });
};

interface ChartQuestion {
  frame: PlainFrame;
  account: Account;
  days: RangeDays;
}

const DRAWN: Record<ChartName, (options: OverviewOptions, question: ChartQuestion) => Promise<ChartData>> = {
  spend: async ({ overview }, { frame, account, days }) => spendChart(frame, await overview.spend(account, days)),
  models: async ({ overview }, { frame, account, days }) => modelsChart(frame, await overview.models(account, days)),
  complexity: async ({ overview }, { frame, account, days }) =>
    complexityChart(frame, await overview.complexity(account, days)),
  times: async ({ overview }, { frame, account, days }) => timesChart(frame, await overview.times(account, days)),
  errors: async ({ overview }, { frame, account, days }) => errorsChart(frame, await overview.errors(account, days)),
};

/** What moves of it while somebody looks; members are shown their own. */
export const overviewTopic = ({ overview }: OverviewOptions): LiveTopic => ({
  page: 'overview',
  render: async (frame, audience) => <OverviewLive frame={frame} figures={await overview.figures(audience)} />,
});

function daysOf(request: Request): RangeDays {
  const days = Number(new URL(request.url).searchParams.get('days'));
  return RANGES_DAYS.find((range) => range === days) ?? 7;
}
