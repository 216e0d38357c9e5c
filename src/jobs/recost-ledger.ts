import type { Registry } from '../../registry/load.ts';
import type { Db } from '../db/client.ts';
import { attemptsOf, type Correction, correctRequests } from '../db/queries/recosts.ts';
import { listRequestsAfter } from '../db/queries/requests.ts';
import type { Request } from '../db/schema.ts';
import { type PriceSource, recost } from '../pipeline/ledger/recost.ts';

/** So few that a gateway which writes at the same time does not have to wait. */
const BATCH = 500;

interface RecostOptions {
  db: Db;
  registry: Pick<Registry, 'models' | 'findAll'>;
  /** Requests from here on, in milliseconds. */
  since: number;
  until?: number | undefined;
  /** `print` finds out what would change and writes nothing. */
  mode: 'write' | 'print';
  now: () => number;
}

export interface RecostResult {
  seen: number;
  changed: number;
  /** Requests that a model is missing for, and that stay as they are. */
  unknown: number;
  oldNanoUsd: number;
  newNanoUsd: number;
  /** Those that have a price now and had none, and the other way round. */
  priced: number;
  unpriced: number;
}

/** Works the ledger out anew with the prices that are known today, each request by the prices of its own day. */
export async function recostLedger({ db, registry, since, until, mode, now }: RecostOptions): Promise<RecostResult> {
  const source = priceSource(registry);
  const result: RecostResult = {
    seen: 0,
    changed: 0,
    unknown: 0,
    oldNanoUsd: 0,
    newNanoUsd: 0,
    priced: 0,
    unpriced: 0,
  };
  for (let after = ''; ; ) {
    const batch = await listRequestsAfter(db, { since, until }, { limit: BATCH, after });
    const attempts = await attemptsOf(
      db,
      batch.map(({ id }) => id),
    );
    const corrections: Correction[] = [];
    for (const request of batch) {
      result.seen++;
      if (request.model === null) continue;
      const recosted = recost({ request, attempts: attempts.get(request.id) ?? [] }, source);
      if (!recosted) result.unknown++;
      else if (isOther(request, recosted.columns)) corrections.push({ request, ...recosted });
    }
    for (const correction of corrections) count(result, correction);
    if (mode === 'write' && corrections.length > 0) await correctRequests(db, corrections, now());

    const last = batch.at(-1);
    if (!last || batch.length < BATCH) return result;
    after = last.id;
  }
}

function priceSource(registry: RecostOptions['registry']): PriceSource {
  const byAddress = new Map(registry.models.map((model) => [`${model.provider} ${model.id}`, model]));
  return {
    findModel: (provider, id) => byAddress.get(`${provider} ${id}`),
    findBaseline: (id) => registry.findAll(id)[0],
  };
}

/** Whether the money differs. Another price row with the same result is another explanation, and no other cost. */
function isOther(request: Request, columns: Correction['columns']): boolean {
  return (
    request.costNanoUsd !== columns.costNanoUsd ||
    request.baselineNanoUsd !== columns.baselineNanoUsd ||
    request.cacheSavedNanoUsd !== columns.cacheSavedNanoUsd
  );
}

function count(result: RecostResult, { request, columns }: Correction): void {
  result.changed++;
  result.oldNanoUsd += request.costNanoUsd ?? 0;
  result.newNanoUsd += columns.costNanoUsd ?? 0;
  result.priced += Number(request.costNanoUsd === null && columns.costNanoUsd !== null);
  result.unpriced += Number(request.costNanoUsd !== null && columns.costNanoUsd === null);
}
