import type {
  CatalogueChange,
  LatestRequest,
  NearBudget,
  OverviewFigures,
  ProviderLight,
  RangeDays,
  Totals,
  Trends,
} from '../../views/pages/overview-figures.ts';
import type { Db } from '../db/client.ts';
import { sumCounts } from '../db/queries/counts.ts';
import { listRegistryChanges } from '../db/queries/registry-changelog.ts';
import { listRequests } from '../db/queries/requests.ts';
import { startOf, sumSpend, sumSpendByKey } from '../db/queries/spend.ts';
import { listUserNames } from '../db/queries/users.ts';
import type { GatewayKey } from '../db/schema.ts';
import type { Clock } from '../lib/clock.ts';
import { percentileMs } from '../lib/histogram.ts';
import type { Limits } from '../pipeline/limits/index.ts';
import type { ProviderHealth } from '../providers/health.ts';
import { lightOf } from '../providers/last-hour.ts';
import type { Vendor } from '../vault/index.ts';
import { nearBudgets } from './near-budgets.ts';
import { type Asker, type Scope, scopeOf } from './scope.ts';
import {
  complexityMix,
  errorTrend,
  modelShares,
  readSpendDays,
  spendTrend,
  type TrendQuestion,
  timeTrend,
} from './trends.ts';

const DAY_MS = 86_400_000;
const LATEST = 10;
const BUDGETS = 5;
const CHANGES = 5;

export interface KeySpend {
  requests: number;
  costNanoUsd: number;
}

export interface OverviewOptions {
  db: Db;
  now: Clock;
  vendors: () => readonly Vendor[];
  health: Pick<ProviderHealth, 'lastHour'>;
  keys: () => readonly GatewayKey[];
  limits: Pick<Limits, 'reportOf'>;
}

export type OverviewReports = ReturnType<typeof createOverviewReports>;

/** What the overview shows: everything, or to members what their own keys have done. */
export function createOverviewReports({ db, now, vendors, health, keys, limits }: OverviewOptions) {
  async function figures(asker: Asker): Promise<OverviewFigures> {
    const scope = await scopeOf(db, asker);
    const at = now();
    const since = startOf('hour', at - DAY_MS);
    const [totals, before, latest, budgets] = await Promise.all([
      totalsOf(scope, since),
      totalsOf(scope, since - DAY_MS, since),
      latestOf(scope),
      budgetsOf(scope),
    ]);
    // The sums are by the hour, so this day is up to an hour longer than the one before.
    return { totals, before: longer(before, (at - since) / DAY_MS), latest, providers: lights(), budgets };
  }

  async function totalsOf({ keyIds }: Scope, since: number, until?: number): Promise<Totals> {
    const filter = { since, until, keyIds };
    const [sums, times] = await Promise.all([sumSpend(db, filter), sumCounts(db, 'duration', filter)]);
    const classes = times.map(({ value, requests }) => ({ index: Number(value), count: requests }));
    return { ...sums, p95Ms: percentileMs(classes, 0.95) };
  }

  async function latestOf({ userId, keyNames }: Scope): Promise<LatestRequest[]> {
    const rows = await listRequests(db, { userId }, { limit: LATEST });
    return rows.map((row) => ({ ...row, keyName: keyNames.get(row.keyId) ?? null }));
  }

  async function budgetsOf({ keyIds }: Scope): Promise<NearBudget[]> {
    const own = keyIds && new Set(keyIds);
    const inScope = keys().filter(({ id }) => !own || own.has(id));
    return nearBudgets({ keys: inScope, limits, userNames: await listUserNames(db), most: BUDGETS });
  }

  function lights(): ProviderLight[] {
    return vendors()
      .filter(({ state }) => state !== 'off')
      .map(({ id, label, state }) => {
        const report = health.lastHour(id);
        return { ...report, id, label, isSimulated: state === 'simulated', light: lightOf(report) };
      });
  }

  async function questionOf(asker: Asker, days: RangeDays): Promise<TrendQuestion> {
    return { days, now: now(), keyIds: (await scopeOf(db, asker)).keyIds };
  }

  const trend =
    <T>(read: (question: TrendQuestion) => Promise<T>) =>
    async (asker: Asker, days: RangeDays): Promise<T> =>
      await read(await questionOf(asker, days));

  /** What all charts show at once. */
  async function trends(asker: Asker, days: RangeDays): Promise<Trends> {
    const question = await questionOf(asker, days);
    const byDays = await readSpendDays(db, question);
    const [complexity, times, errors] = await Promise.all([
      complexityMix(db, question),
      timeTrend(db, question),
      errorTrend(db, question, byDays),
    ]);
    return { days, spend: spendTrend(byDays, question), models: modelShares(byDays), complexity, times, errors };
  }

  return {
    figures,
    trends,
    spend: trend(async (question) => spendTrend(await readSpendDays(db, question), question)),
    models: trend(async (question) => modelShares(await readSpendDays(db, question))),
    complexity: trend((question) => complexityMix(db, question)),
    times: trend((question) => timeTrend(db, question)),
    errors: trend((question) => errorTrend(db, question)),
    /** What has changed in the catalogue, the newest first. */
    changes: (): Promise<CatalogueChange[]> => listRegistryChanges(db, {}, CHANGES),
    /** What each gateway key was used for in the last 24 hours, by key id; keys that were not used are absent. */
    async spendByKey(): Promise<Map<string, KeySpend>> {
      const keyIds = keys().map(({ id }) => id);
      const rows = await sumSpendByKey(db, { since: now() - DAY_MS, keyIds });
      return new Map(rows.map(({ keyId, requests, costNanoUsd }) => [keyId, { requests, costNanoUsd }]));
    },
  };
}

/** The sums as they would be of a time that much longer; averages stay. */
function longer(totals: Totals, factor: number): Totals {
  const { requests, errors, costNanoUsd, simulatedNanoUsd, savedNanoUsd, cacheHits } = totals;
  return {
    ...totals,
    ...{ requests: requests * factor, errors: errors * factor, cacheHits: cacheHits * factor },
    costNanoUsd: costNanoUsd * factor,
    simulatedNanoUsd: simulatedNanoUsd * factor,
    savedNanoUsd: savedNanoUsd * factor,
  };
}
