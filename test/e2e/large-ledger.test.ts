import { afterAll, beforeAll, expect, spyOn, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LEDGER_PAGES, openPages } from '../../bench/open-pages.ts';
import { seedLedger } from '../../bench/seed-ledger.ts';
import { openDatabase } from '../../src/db/client.ts';

const ROWS = 200_000;
const BUDGET_MS = 50;

let folder = '';
let pages: Awaited<ReturnType<typeof openPages>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-large-'));
  const db = openDatabase(join(folder, 'gateway.db'));
  seedLedger(db, { rows: ROWS, days: 90, keys: 50, models: 20, until: Date.UTC(2026, 10, 20, 12) });
  db.close();
  pages = await openPages(folder);
}, 60_000);
afterAll(async () => {
  await pages.stop();
  await rm(folder, { recursive: true, force: true });
});

test.each(LEDGER_PAGES)(`%s takes less than ${BUDGET_MS} ms over a large ledger`, async (_, who, path) => {
  await pages.time(who, path, 2);
  const times = await pages.time(who, path, 7);
  expect([path, (times[3] ?? Infinity) < BUDGET_MS, times]).toEqual([path, true, times]);
});

test('no page has the database read the whole ledger, nor sort it', async () => {
  const sqlite = pages.services.db.$client;
  const spy = spyOn(sqlite, 'prepare');
  for (const [, who, path] of LEDGER_PAGES) await pages.get(who, path);
  await pages.get('admin', pages.requestPath);
  const asked = new Set(spy.mock.calls.map(([text]) => text));
  spy.mockRestore();
  const ofLedger = [...asked].filter((text) =>
    /from (?:\(select .*? from )?"(?:requests|attempts|request_details|spend|counts)"/.test(text),
  );
  expect(ofLedger.length).toBeGreaterThan(12);
  for (const text of ofLedger) {
    const values = (text.match(/\?/g) ?? []).map(() => 1);
    const plan = sqlite.query<{ detail: string }, number[]>(`EXPLAIN QUERY PLAN ${text}`).all(...values);
    const details = plan.map(({ detail }) => detail);
    const whole = details.filter((detail) =>
      /^SCAN (?:requests|attempts|request_details|spend|counts)(?! USING)/.test(detail),
    );
    const sorted = details.filter(
      (detail) => /(?:from|join) "requests"/.test(text) && detail === 'USE TEMP B-TREE FOR ORDER BY',
    );
    // Of what is scanned in an index there is a limit; the rows of the subquery are those that were found.
    expect([text, whole.filter((detail) => detail !== 'SCAN requests' || !text.includes('(select')), sorted]).toEqual([
      text,
      [],
      [],
    ]);
  }
});
