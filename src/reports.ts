import type { Overview } from './dashboard/index.ts';
import type { Db } from './db/client.ts';
import { listGatewayKeys } from './db/queries/gateway-keys.ts';
import { listRequests } from './db/queries/requests.ts';
import { sumSpend, sumSpendByKey, sumSpendByModel } from './db/queries/spend.ts';
import type { UsageReport } from './http/gateway.ts';
import type { Clock } from './lib/clock.ts';
import type { LedgerWriter } from './pipeline/ledger/writer.ts';

const DAY_MS = 86_400_000;

const UNUSED = {
  ...{ requests: 0, errors: 0, costNanoUsd: 0, simulatedNanoUsd: 0, promptTokens: 0, outputTokens: 0 },
};

interface ReportOptions {
  db: Db;
  writer: LedgerWriter;
  now: Clock;
}

/** What the ledger says, for those who ask it: the callers' own spend and the dashboard. */
export function createReports({ db, writer, now }: ReportOptions) {
  /** What a key has spent in this UTC day and month, the request that has just ended included. */
  async function usageOf(keyId: string): Promise<UsageReport> {
    await writer.flush();
    const day = new Date(now()).toISOString().slice(0, 10);
    const month = Date.parse(`${day.slice(0, 7)}-01`);
    return {
      today: await sumSpend(db, { since: Date.parse(day), keyIds: [keyId] }),
      thisMonth: await sumSpend(db, { since: month, keyIds: [keyId] }),
      byModel: await sumSpendByModel(db, { since: month, keyIds: [keyId] }),
    };
  }

  const overview: Overview = {
    totals24h: () => sumSpend(db, { since: now() - DAY_MS }),
    async latest(limit) {
      const names = new Map((await listGatewayKeys(db, null)).map(({ id, name }) => [id, name]));
      const rows = await listRequests(db, {}, { limit });
      return rows.map((row) => ({ ...row, keyName: names.get(row.keyId) ?? null }));
    },
    async spendByKey() {
      const rows = await sumSpendByKey(db, {
        since: now() - DAY_MS,
        keyIds: (await listGatewayKeys(db, null)).map(({ id }) => id),
      });
      return new Map(rows.map(({ keyId, requests, costNanoUsd }) => [keyId, { requests, costNanoUsd }]));
    },
  };

  async function modelUsage(provider: string, model: string) {
    const rows = await sumSpendByModel(db, { span: 'day', since: now() - 30 * DAY_MS });
    return rows.find((row) => row.provider === provider && row.model === model) ?? UNUSED;
  }

  return { usageOf, overview, modelUsage };
}
