import type { Registry } from '../../registry/load.ts';
import type { Db } from '../db/client.ts';
import { sumCounts } from '../db/queries/counts.ts';
import { sumSpendByModel } from '../db/queries/spend.ts';
import { COMPLEXITIES, DOUBT_LIMIT, FAILING_CUTS } from '../pipeline/classifier/index.ts';
import {
  baselineFor,
  DEFAULT_TOLERANCE,
  FLOOR_QUANTILES,
  POINTS_PER_DECADE,
  type Strategy,
} from '../pipeline/router/index.ts';

const DAY_MS = 86_400_000;
/** How far back the page looks. */
export const MIX_DAYS = 30;

interface RoutingDataOptions {
  db: Db;
  config: { defaultStrategy: Strategy; baselineModel: string | null };
  catalogue: { registry: () => Registry };
  now: () => number;
}

export type RoutingData = ReturnType<typeof createRoutingData>;

/** What the dashboard shows of how the gateway chooses: its settings, what they mean, and what came of them. */
export function createRoutingData({ db, config, catalogue, now }: RoutingDataOptions) {
  return {
    defaults() {
      const model = baselineFor(catalogue.registry(), config.baselineModel);
      return {
        strategy: config.defaultStrategy,
        baseline: model && `${model.provider}/${model.id}`,
        isBaselineChosen: config.baselineModel !== null,
      };
    },
    /** The numbers behind the words, from where the router has them. */
    numbers: {
      tolerance: DEFAULT_TOLERANCE,
      costPoints: POINTS_PER_DECADE.cost,
      timePoints: POINTS_PER_DECADE.latency,
      doubt: DOUBT_LIMIT,
      failing: FAILING_CUTS,
      floors: FLOOR_QUANTILES,
    },
    /** The last days in sums; of these keys, or of all where none are named. */
    async mix(keyIds?: readonly string[]) {
      const filter = { span: 'day', since: now() - MIX_DAYS * DAY_MS, keyIds } as const;
      const [counted, models] = await Promise.all([sumCounts(db, 'complexity', filter), sumSpendByModel(db, filter)]);
      const requests = new Map(counted.map((row) => [row.value, row.requests]));
      return {
        complexities: COMPLEXITIES.map((complexity) => ({ complexity, requests: requests.get(complexity) ?? 0 })),
        models: models.flatMap(({ provider, model, ...sums }) =>
          provider === null || model === null
            ? []
            : [
                {
                  ...{ name: `${provider}/${model}`, requests: sums.requests },
                  ...{ costNanoUsd: sums.costNanoUsd, simulatedNanoUsd: sums.simulatedNanoUsd },
                },
              ],
        ),
      };
    },
  };
}
