import { expect, test } from 'bun:test';
import { NO_USAGE } from '../chat/usage.ts';
import { openDatabase } from '../db/client.ts';
import { insertLedgerRows } from '../db/queries/ledger.ts';
import type { RequestFilter } from '../db/queries/requests.ts';
import { cheap, decision, key, model } from '../pipeline/ledger/fixture.ts';
import { createLedger, type LedgerRows } from '../pipeline/ledger/index.ts';
import { type ExportFormat, exportRequests } from './export-requests.ts';

const AT = Date.UTC(2026, 10, 20, 12);
const db = openDatabase(':memory:');

/** More than two reads of them, one unpriced, one with a name that a spreadsheet would run. */
const IDS = Array.from({ length: 1203 }, (_, at) => `id-${String(at).padStart(5, '0')}`);
for (const [at, id] of IDS.entries()) {
  const rows: LedgerRows[] = [];
  const ledger = createLedger({ write: (written) => rows.push(written), now: () => AT + at, baseline: () => null });
  const entry = ledger.open({ id, key, endpoint: '/v1/x', dialect: 'openai-chat', headers: {}, laps: [] });
  entry.asks(at === 7 ? '=HYPERLINK("http://evil","a,b")' : 'auto', false);
  entry.decides(decision);
  entry.answers({ model: at === 9 ? model('mystery', null) : cheap, providerId: 'acme', isSimulated: false });
  entry.see({ type: 'finish', usage: { ...NO_USAGE, input: 1, output: 1 } });
  entry.close('ok', 200);
  await insertLedgerRows(db, rows);
}

const read = (format: ExportFormat, filter: RequestFilter = {}) =>
  new Response(exportRequests(db, filter, format)).text();

test('JSON holds every request once, the oldest first, with exact money', async () => {
  const rows = JSON.parse(await read('json'));
  expect(rows.map(({ id }: { id: string }) => id)).toEqual(IDS);
  expect(rows[0]).toMatchObject({ started_at: '2026-11-20T12:00:00.000Z', cost_usd: '0.000005', estimated: false });
  expect(rows[9]).toMatchObject({ model: 'mystery', cost_usd: null });
});

test('CSV holds the same, an unpriced cost is empty, and nothing in it is a formula', async () => {
  const lines = (await read('csv')).split('\r\n');
  expect(lines).toHaveLength(IDS.length + 2);
  expect(lines[0]).toStartWith('id,started_at,');
  expect(lines[8]).toContain(`,"'=HYPERLINK(""http://evil"",""a,b"")",`);
  const costAt = lines[0]?.split(',').indexOf('cost_usd') ?? -1;
  expect(lines[1]?.split(',')[costAt]).toBe('0.000005');
  expect(lines[10]?.split(',')[costAt]).toBe('');
});

test('only what the filter lets through is in it, and nothing is still a whole file', async () => {
  expect(JSON.parse(await read('json', { isUnpriced: true }))).toHaveLength(1);
  expect(JSON.parse(await read('json', { since: AT + 1200 }))).toHaveLength(3);
  expect(JSON.parse(await read('json', { model: 'nobody' }))).toEqual([]);
  expect((await read('csv', { model: 'nobody' })).split('\r\n')).toHaveLength(2);
});
