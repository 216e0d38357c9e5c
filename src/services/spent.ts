import type { Db } from '../db/client.ts';
import { listAllKeys } from '../db/queries/gateway-keys.ts';
import { sumSpendByKey } from '../db/queries/spend.ts';
import type { Spent } from '../pipeline/limits/index.ts';
import { periodAround } from '../pipeline/limits/purse.ts';

/** A statement takes so many parameters and no more. */
const LOT = 1000;

/** What every key has spent in the UTC day and month of a moment, as the ledger remembers it. */
export async function readSpent(db: Db, at: number): Promise<Spent[]> {
  const owners = new Map((await listAllKeys(db)).map(({ id, userId }) => [id, userId]));
  const spent: Spent[] = [];
  for (const period of ['day', 'month'] as const) {
    const since = periodAround(period, at).start;
    for (const keyIds of inLots([...owners.keys()])) {
      for (const row of await sumSpendByKey(db, { span: 'day', since, keyIds })) {
        const { keyId, costNanoUsd, simulatedNanoUsd } = row;
        spent.push({
          ...{ keyId, userId: owners.get(keyId) ?? null, period },
          ...{ realNanoUsd: costNanoUsd, simulatedNanoUsd },
        });
      }
    }
  }
  return spent;
}

function inLots(all: readonly string[]): string[][] {
  const lots: string[][] = [];
  for (let start = 0; start < all.length; start += LOT) lots.push(all.slice(start, start + LOT));
  return lots;
}
