import { beforeEach, expect, test } from 'bun:test';
import { NO_USAGE } from '../chat/usage.ts';
import { type Db, openDatabase } from '../db/client.ts';
import { findRequestDetails, insertLedgerRows, listAttempts } from '../db/queries/ledger.ts';
import { listRequests } from '../db/queries/requests.ts';
import { sumSpend } from '../db/queries/spend.ts';
import { cheap, decision, key } from '../pipeline/ledger/fixture.ts';
import { createLedger, type LedgerRows } from '../pipeline/ledger/index.ts';
import { pruneLedger } from './prune-ledger.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 20, 12);
let db: Db;
let pauses = 0;

/** A request a day, and 1,200 a hundred days ago. */
async function seed(): Promise<void> {
  const rows: LedgerRows[] = [];
  const add = (id: string, at: number) => {
    const ledger = createLedger({ write: (written) => rows.push(written), now: () => at, baseline: () => null });
    const entry = ledger.open({ id, key, endpoint: '/v1/x', dialect: 'openai-chat', headers: {}, laps: [] });
    entry.decides(decision);
    const call = { model: cheap, providerId: 'acme', isSimulated: false };
    entry.attempts({ ...call, startedAt: at, headersMs: 5, durationMs: 10, status: 200, error: null });
    entry.answers(call);
    entry.see({ type: 'finish', usage: { ...NO_USAGE, input: 1, output: 1 } });
    entry.close('ok', 200);
  };
  for (let day = 0; day < 60; day++) add(`day-${String(day).padStart(2, '0')}`, NOW - day * DAY - 1);
  for (let at = 0; at < 1200; at++) add(`old-${at}`, NOW - 100 * DAY + at);
  await insertLedgerRows(db, rows);
}

const prune = (days: { requestDays: number; detailDays: number; bodyDays?: number }) => {
  const pause = async () => void pauses++;
  return pruneLedger({ db, now: () => NOW, pause, bodyDays: 0, ...days });
};

beforeEach(async () => {
  db = openDatabase(':memory:');
  pauses = 0;
  await seed();
});

test('requests past their time go with all that belongs to them, in batches; the days keep their sums', async () => {
  const before = await sumSpend(db, { span: 'day', since: 0 });
  expect(await prune({ requestDays: 30, detailDays: 10 })).toEqual({ requests: 1230, details: 20, bodies: 0 });
  expect(pauses).toBe(2);
  const rows = await listRequests(db, {}, { limit: 100 });
  expect(rows.map(({ id }) => id)).toEqual(
    Array.from({ length: 30 }, (_, day) => `day-${String(day).padStart(2, '0')}`),
  );
  expect([await findRequestDetails(db, 'day-09'), await findRequestDetails(db, 'day-10')]).toMatchObject([
    {},
    undefined,
  ]);
  expect([(await listAttempts(db, 'day-29')).length, (await listAttempts(db, 'day-30')).length]).toEqual([1, 0]);
  expect(await sumSpend(db, { span: 'day', since: 0 })).toEqual(before);
});

test('zero keeps everything but the sums by hour of long ago', async () => {
  expect(await prune({ requestDays: 0, detailDays: 0 })).toEqual({ requests: 0, details: 0, bodies: 0 });
  expect((await sumSpend(db, { span: 'hour', since: 0 })).requests).toBe(45);
  expect((await sumSpend(db, { span: 'day', since: 0 })).requests).toBe(1260);
});
