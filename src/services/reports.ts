import type { KeyObject } from 'node:crypto';
import type { Db } from '../db/client.ts';
import { sumSpend, sumSpendByModel } from '../db/queries/spend.ts';
import type { UsageReport } from '../http/gateway.ts';
import type { Clock } from '../lib/clock.ts';
import type { LedgerWriter } from '../pipeline/ledger/writer.ts';
import { createExperiments } from '../reports/experiments.ts';
import { createFeedback } from '../reports/feedback.ts';
import { createKeyUsage } from '../reports/key-usage.ts';
import { createOverviewReports, type OverviewOptions } from '../reports/overview.ts';
import { createRequestReports } from '../reports/requests.ts';

const DAY_MS = 86_400_000;

const UNUSED = {
  ...{ requests: 0, errors: 0, costNanoUsd: 0, simulatedNanoUsd: 0, promptTokens: 0, outputTokens: 0 },
};

interface ReportsOptions extends OverviewOptions {
  writer: LedgerWriter;
  bodyKey: KeyObject;
}

/** The ledger as people and programs read it. */
export function createReports({ db, now, writer, bodyKey, ...overview }: ReportsOptions) {
  const experiments = createExperiments({ db, writer, now });
  return {
    ...{ experiments, experimentsOf: experiments.table },
    usageOf: createUsageReport({ db, writer, now }),
    giveFeedback: createFeedback({ db, writer, now }),
    keyUsage: createKeyUsage({ db, now }),
    modelUsage: createModelUsage({ db, now }),
    overview: createOverviewReports({ db, now, ...overview }),
    requests: createRequestReports({ db, now, bodyKey }),
  };
}

interface ReportOptions {
  db: Db;
  writer: LedgerWriter;
  now: Clock;
}

/** What a key has spent in this UTC day and month, the request that has just ended included. */
function createUsageReport({ db, writer, now }: ReportOptions) {
  return async (keyId: string): Promise<UsageReport> => {
    await writer.flush();
    const day = new Date(now()).toISOString().slice(0, 10);
    const month = Date.parse(`${day.slice(0, 7)}-01`);
    return {
      today: await sumSpend(db, { since: Date.parse(day), keyIds: [keyId] }),
      thisMonth: await sumSpend(db, { since: month, keyIds: [keyId] }),
      byModel: await sumSpendByModel(db, { since: month, keyIds: [keyId] }),
    };
  };
}

/** What all keys used of a model in the last 30 days, by UTC days. */
function createModelUsage({ db, now }: Pick<ReportOptions, 'db' | 'now'>) {
  return async (provider: string, model: string) => {
    const rows = await sumSpendByModel(db, { span: 'day', since: now() - 30 * DAY_MS });
    return rows.find((row) => row.provider === provider && row.model === model) ?? UNUSED;
  };
}
