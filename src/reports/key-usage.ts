import type { Db } from '../db/client.ts';
import { listGatewayKeys } from '../db/queries/gateway-keys.ts';
import { sumSpend, sumSpendByKey, sumSpendByStart } from '../db/queries/spend.ts';
import type { Clock } from '../lib/clock.ts';

const DAY_MS = 86_400_000;

/** What a key, or all keys of a person, have used. Simulated money is not in it. */
export interface KeyUsage {
  /** Of this UTC day and month. */
  dayNanoUsd: number;
  monthNanoUsd: number;
  /** Of this UTC month. */
  requests: number;
}

export interface UsageDay {
  /** The UTC day's first millisecond. */
  start: number;
  requests: number;
  errors: number;
  costNanoUsd: number;
  simulatedNanoUsd: number;
}

export const NO_USAGE: KeyUsage = Object.freeze({ dayNanoUsd: 0, monthNanoUsd: 0, requests: 0 });

export type KeyUsageReports = ReturnType<typeof createKeyUsage>;

/** What keys have used, from the sums by day: no report reads requests. */
export function createKeyUsage({ db, now }: { db: Db; now: Clock }) {
  /** By key; keys that were not used this month are absent. */
  async function byKey(): Promise<Map<string, KeyUsage>> {
    const keyIds = (await listGatewayKeys(db, null)).map(({ id }) => id);
    const usage = new Map<string, KeyUsage>();
    for (const row of await sumSpendByKey(db, { span: 'day', since: monthStart(now()), keyIds })) {
      usage.set(row.keyId, { dayNanoUsd: 0, monthNanoUsd: row.costNanoUsd, requests: row.requests });
    }
    for (const row of await sumSpendByKey(db, { span: 'day', since: dayStart(now()), keyIds })) {
      usage.set(row.keyId, { ...(usage.get(row.keyId) ?? NO_USAGE), dayNanoUsd: row.costNanoUsd });
    }
    return usage;
  }

  /** The last days of some keys together, one entry for each, also where there was nothing. */
  async function days(keyIds: readonly string[], count: number): Promise<UsageDay[]> {
    const today = dayStart(now());
    const since = today - (count - 1) * DAY_MS;
    const rows = keyIds.length === 0 ? [] : await sumSpendByStart(db, { span: 'day', since, keyIds });
    const found = new Map(rows.map((row) => [row.start, row]));
    return Array.from({ length: count }, (_, index) => {
      const start = since + index * DAY_MS;
      const { requests = 0, errors = 0, costNanoUsd = 0, simulatedNanoUsd = 0 } = found.get(start) ?? {};
      return { start, requests, errors, costNanoUsd, simulatedNanoUsd };
    });
  }

  /** The day and month of some keys together. */
  async function total(keyIds: readonly string[]): Promise<KeyUsage> {
    if (keyIds.length === 0) return NO_USAGE;
    const day = await sumSpend(db, { span: 'day', since: dayStart(now()), keyIds });
    const month = await sumSpend(db, { span: 'day', since: monthStart(now()), keyIds });
    return { dayNanoUsd: day.costNanoUsd, monthNanoUsd: month.costNanoUsd, requests: month.requests };
  }

  return { byKey, days, total };
}

function dayStart(at: number): number {
  return at - (at % DAY_MS);
}

function monthStart(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}
