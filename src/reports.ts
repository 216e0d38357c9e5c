import type { Db } from './db/client.ts';
import { sumSpend, sumSpendByModel } from './db/queries/spend.ts';
import type { UsageReport } from './http/gateway.ts';
import type { Clock } from './lib/clock.ts';
import type { LedgerWriter } from './pipeline/ledger/writer.ts';

interface ReportOptions {
  db: Db;
  writer: LedgerWriter;
  now: Clock;
}

/** What a key has spent in this UTC day and month, the request that has just ended included. */
export function createUsageReport({ db, writer, now }: ReportOptions) {
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
