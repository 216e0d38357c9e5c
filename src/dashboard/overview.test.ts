import { beforeEach, expect, test } from 'bun:test';
import { NO_USAGE } from '../chat/usage.ts';
import { type Db, openDatabase } from '../db/client.ts';
import { insertGatewayKey } from '../db/queries/gateway-keys.ts';
import { insertLedgerRows } from '../db/queries/ledger.ts';
import { insertUser } from '../db/queries/users.ts';
import { cheap, dear, decision, key } from '../pipeline/ledger/fixture.ts';
import { createLedger, type LedgerRows } from '../pipeline/ledger/index.ts';
import { createLimits } from '../pipeline/limits/index.ts';
import { createProviderHealth } from '../providers/health.ts';
import { createOverviewReports } from '../reports/overview.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 20, 12, 30);
const ADMIN = { id: 'admin', role: 'admin' } as const;
const MEMBER = { id: 'ada', role: 'member' } as const;

let db: Db;
let health: ReturnType<typeof createProviderHealth>;
let healthClock = 0;
let reports: ReturnType<typeof createOverviewReports>;

const OWN = { ...key, id: 'own', hash: 'own', name: 'own', userId: 'ada', limits: { dailyBudgetNanoUsd: 1000 } };
const OTHER = { ...key, id: 'other', hash: 'other', name: 'other', userId: null };

beforeEach(async () => {
  db = openDatabase(':memory:');
  const ada = { id: 'ada', email: 'ada@example.com', name: 'Ada', role: 'member' } as const;
  await insertUser(db, { ...ada, passwordHash: 'none', sessionVersion: 1, createdAt: 0, disabledAt: null });
  for (const row of [OWN, OTHER]) await insertGatewayKey(db, row);
  healthClock = NOW;
  health = createProviderHealth(() => healthClock);
  const limits = createLimits({ now: () => NOW, defaultRequestsPerMinute: 0 });
  limits.restore([{ keyId: 'own', userId: 'ada', period: 'day', realNanoUsd: 850, simulatedNanoUsd: 0 }]);
  const vendors = () => [{ id: 'acme', label: 'Acme', state: 'connected' as const }];
  reports = createOverviewReports({ db, now: () => NOW, vendors, health, keys: () => [OWN, OTHER], limits });
});

let count = 0;
async function ask(by: typeof OWN | typeof OTHER, hoursAgo: number, isSimulated = false): Promise<void> {
  const rows: LedgerRows[] = [];
  const now = () => NOW - hoursAgo * HOUR;
  const ledger = createLedger({ write: (written) => rows.push(written), now, baseline: () => dear });
  const entry = ledger.open({ id: `r${count++}`, key: by, endpoint: '/v1/x', dialect: 'd', headers: {}, laps: [] });
  entry.asks('auto', false);
  entry.decides(decision);
  entry.answers({ model: cheap, providerId: 'acme', isSimulated });
  entry.see({ type: 'finish', usage: { ...NO_USAGE, input: 100, output: 100 } });
  entry.close('ok', 200);
  await insertLedgerRows(db, rows);
}

test('everybody is shown the last day and the day before; members that of their own keys', async () => {
  for (const hours of [0, 1, 23]) await ask(OWN, hours);
  await ask(OTHER, 2);
  await ask(OTHER, 30);
  const all = await reports.figures(ADMIN);
  expect(all.totals).toMatchObject({ requests: 4, costNanoUsd: 4 * 500_000, savedNanoUsd: 4 * 4_500_000 });
  // The sums are of 24.5 hours, and so is what they are held against.
  expect(all.before.requests).toBeCloseTo(24.5 / 24);
  expect(all.latest.map(({ keyName }) => keyName)).toContain('other');

  const own = await reports.figures(MEMBER);
  expect([own.totals.requests, own.before.requests]).toEqual([3, 0]);
  expect(own.latest.map(({ keyName }) => keyName)).toEqual(['own', 'own', 'own']);
  expect((await reports.models(MEMBER, 7)).map(({ requests }) => requests)).toEqual([3]);
  expect((await reports.models({ id: 'nobody', role: 'member' }, 7)).length).toBe(0);
});

test('simulated money is in a chart of its own, and only where there is no other', async () => {
  await ask(OWN, 1, true);
  const simulated = await reports.spend(ADMIN, 7);
  expect([simulated.isSimulated, simulated.series[0]?.values.at(-1)]).toEqual([true, 500_000]);
  await ask(OWN, 25);
  const real = await reports.spend(ADMIN, 30);
  expect([real.isSimulated, real.starts.length]).toEqual([false, 30]);
  expect(real.series).toEqual([{ model: 'cheap', values: [...Array(28).fill(0), 500_000, 0] }]);
});

test('times and errors have a gap where there was nothing', async () => {
  await ask(OWN, 1);
  const { starts, p50Ms, span } = await reports.times(ADMIN, 7);
  expect([span, starts.length, p50Ms.filter((value) => value !== null).length]).toEqual(['hour', 6 * 24 + 13, 1]);
  expect((await reports.errors(ADMIN, 90)).shares.slice(-2)).toEqual([null, 0]);
  expect(await reports.complexity(ADMIN, 7)).toEqual([1, 0, 0, 0]);
});

test('a budget is told of from four fifths on, to those who may see its key', async () => {
  const near = [{ holder: 'key', name: 'own', period: 'day', spentNanoUsd: 850, budgetNanoUsd: 1000 }];
  expect((await reports.figures(ADMIN)).budgets).toMatchObject(near);
  expect((await reports.figures(MEMBER)).budgets).toMatchObject(near);
  expect((await reports.figures({ id: 'nobody', role: 'member' })).budgets).toEqual([]);
});

const call = (errorCode: string | null, minutesAgo: number) => ({ errorCode, minutesAgo });

test.each([
  ['off', 'nothing was called', []],
  ['off', 'it was long ago', [call('provider_failed', 61)]],
  ['good', 'all went well', [call(null, 5), call(null, 4)]],
  ['good', 'the client was wrong or left', [call('provider_rejected', 5), call('client_closed', 4)]],
  ['warn', 'some failed', [...Array(9).fill(call(null, 5)), call('provider_failed', 4)]],
  ['bad', 'most failed', [call(null, 5), call('provider_timeout', 4)]],
] as const)('a light is %s when %s', async (light, _, attempts) => {
  for (const { errorCode, minutesAgo } of attempts) {
    healthClock = NOW - minutesAgo * 60_000;
    const reply = { status: 200, headers: null, headersMs: 1, durationMs: 1 };
    health.note({ providerId: 'acme', keyId: 'k', isSimulated: false, ...reply, errorCode });
  }
  healthClock = NOW;
  expect((await reports.figures(ADMIN)).providers).toMatchObject([{ id: 'acme', light }]);
});
