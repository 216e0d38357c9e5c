import { beforeEach, expect, test } from 'bun:test';
import { createRegistry } from '../../registry/load.ts';
import type { Model } from '../../registry/schema.ts';
import { NO_USAGE } from '../chat/usage.ts';
import { type Db, openDatabase } from '../db/client.ts';
import { findRequest, insertLedgerRows, listAttempts, listPriceRows } from '../db/queries/ledger.ts';
import { listRecosts } from '../db/queries/recosts.ts';
import { sumSpend } from '../db/queries/spend.ts';
import { GatewayError } from '../errors.ts';
import { cheap, dear, decision, key, model } from '../pipeline/ledger/fixture.ts';
import { createLedger, type LedgerRows } from '../pipeline/ledger/index.ts';
import { recostLedger } from './recost-ledger.ts';

const AT = Date.UTC(2026, 10, 20, 12);
const DAY = 86_400_000;

let db: Db;
let clock = AT;

/** What the gateway would have written of a request; `lost` is a model that timed out before. */
async function served(id: string, by: Model, { lost, isHit = false }: { lost?: Model; isHit?: boolean } = {}) {
  const rows: LedgerRows[] = [];
  const ledger = createLedger({ write: (written) => rows.push(written), now: () => clock, baseline: () => dear });
  const entry = ledger.open({ id, key, endpoint: '/v1/x', dialect: 'openai-chat', headers: {}, laps: [] });
  entry.decides(decision);
  entry.cached(isHit ? 'hit' : 'miss');
  const call = { providerId: 'acme', isSimulated: false, startedAt: clock, headersMs: 5, durationMs: 10, status: 200 };
  if (lost) entry.attempts({ ...call, model: lost, error: new GatewayError('provider_timeout', 'too late') });
  if (!isHit) entry.attempts({ ...call, model: by, error: null });
  entry.answers({ model: by, providerId: 'acme', isSimulated: false });
  entry.see({ type: 'finish', usage: { ...NO_USAGE, input: 100, output: 50 } });
  entry.close('ok', 200);
  await insertLedgerRows(db, rows);
}

const corrected = (rates: Model['prices'][number]['rates']) =>
  createRegistry([model('cheap', rates), dear, model('mystery', { input: 3, output: 3 })]);

const recostWith = (registry: ReturnType<typeof corrected>, mode: 'write' | 'print' = 'write') =>
  recostLedger({ db, registry, since: AT - DAY, mode, now: () => AT + DAY });

beforeEach(() => {
  db = openDatabase(':memory:');
  clock = AT;
});

test('a corrected price is applied, the old values are kept, and the sums follow', async () => {
  await served('r1', cheap);
  await served('r2', dear);
  // 100 × 1 + 50 × 4 = 300 before; 100 × 2 + 50 × 8 = 600 now, in thousands of nano-dollars.
  const before = await sumSpend(db, { since: AT });
  const result = await recostWith(corrected({ input: 2, output: 8 }));
  expect(result).toMatchObject({ seen: 2, changed: 1, unknown: 0, oldNanoUsd: 300_000, newNanoUsd: 600_000 });

  const row = await findRequest(db, 'r1');
  expect(row).toMatchObject({ costNanoUsd: 600_000, savedNanoUsd: 3_000_000 - 600_000 });
  expect(await listPriceRows(db, [row?.priceId ?? ''])).toMatchObject([{ row: { rates: { input: 2, output: 8 } } }]);
  expect(await listAttempts(db, 'r1')).toMatchObject([{ costNanoUsd: 600_000 }]);
  expect(await listRecosts(db, 'r1')).toMatchObject([
    { at: AT + DAY, oldCostNanoUsd: 300_000, newCostNanoUsd: 600_000, newPriceId: row?.priceId ?? '' },
  ]);
  expect(await listRecosts(db, 'r2')).toEqual([]);
  for (const span of ['hour', 'day'] as const) {
    expect(await sumSpend(db, { span, since: AT })).toEqual({
      ...before,
      costNanoUsd: before.costNanoUsd + 300_000,
      savedNanoUsd: before.savedNanoUsd - 300_000,
    });
  }
});

test('a second run changes nothing', async () => {
  await served('r1', cheap, { lost: dear });
  const registry = corrected({ input: 2, output: 8 });
  await recostWith(registry);
  expect(await recostWith(registry)).toMatchObject({ seen: 1, changed: 0 });
  expect(await listRecosts(db, 'r1')).toHaveLength(1);
});

test('what was unpriced gets its price, and what loses it is unpriced', async () => {
  await served('r1', model('mystery', null));
  expect(await sumSpend(db, { since: AT })).toMatchObject({ unpriced: 1, costNanoUsd: 0 });
  expect(await recostWith(corrected({ input: 1, output: 4 }))).toMatchObject({ changed: 1, priced: 1 });
  expect(await findRequest(db, 'r1')).toMatchObject({ costNanoUsd: 450_000 });
  expect(await sumSpend(db, { since: AT })).toMatchObject({ unpriced: 0, costNanoUsd: 450_000 });

  const unpriced = createRegistry([model('mystery', null), dear]);
  expect(await recostWith(unpriced)).toMatchObject({ changed: 1, unpriced: 1 });
  expect(await sumSpend(db, { since: AT })).toMatchObject({ unpriced: 1, costNanoUsd: 0 });
});

test('a call that was lost before the answer is worked out with its own model', async () => {
  await served('r1', dear, { lost: cheap });
  // The lost call is booked with the prompt's estimate of 120 tokens.
  expect(await findRequest(db, 'r1')).toMatchObject({ costNanoUsd: 120_000 + 3_000_000 });
  await recostWith(corrected({ input: 5, output: 5 }));
  expect(await findRequest(db, 'r1')).toMatchObject({ costNanoUsd: 600_000 + 3_000_000 });
  expect((await listAttempts(db, 'r1')).map(({ costNanoUsd }) => costNanoUsd)).toEqual([600_000, 3_000_000]);
});

test('an answer from the cache still costs nothing; what it saved follows the price', async () => {
  await served('r1', cheap, { isHit: true });
  await recostWith(corrected({ input: 2, output: 8 }));
  expect(await findRequest(db, 'r1')).toMatchObject({ costNanoUsd: 0, cacheSavedNanoUsd: 600_000 });
});

test('each request is worked out by the prices of its own day', async () => {
  await served('r1', cheap);
  clock = AT + 2 * DAY;
  await served('r2', cheap);
  const [row] = cheap.prices;
  const dated = {
    ...cheap,
    prices: [
      { ...row!, until: '2026-11-22' },
      { ...row!, from: '2026-11-22', rates: { input: 10, output: 10 } },
    ],
  };
  await recostWith(createRegistry([dated, dear]));
  expect(await findRequest(db, 'r1')).toMatchObject({ costNanoUsd: 300_000 });
  expect(await findRequest(db, 'r2')).toMatchObject({ costNanoUsd: 1_500_000 });
});

test('a dry run writes nothing, requests before the day and models nobody knows stay as they are', async () => {
  await served('r1', cheap);
  await served('r2', model('forgotten', { input: 1, output: 1 }));
  expect(await recostWith(corrected({ input: 2, output: 8 }), 'print')).toMatchObject({ changed: 1, unknown: 1 });
  expect(await findRequest(db, 'r1')).toMatchObject({ costNanoUsd: 300_000 });
  const options = { db, registry: corrected({ input: 2, output: 8 }), mode: 'write', now: () => AT } as const;
  expect(await recostLedger({ ...options, since: AT + 1 })).toMatchObject({ seen: 0 });
});
