import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/bun-sqlite';
import { migrate } from 'drizzle-orm/bun-sqlite/migrator';
import { openDatabase } from './client.ts';
import { sumCounts } from './queries/counts.ts';
import { findRequestDetails, listPriceRows } from './queries/ledger.ts';
import { listRequests } from './queries/requests.ts';
import { sumSpend } from './queries/spend.ts';

const MIGRATIONS = join(import.meta.dir, 'migrations');
const folder = await mkdtemp(join(tmpdir(), 'gateway-upgrade-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A database as an earlier release left it, with its first `count` migrations. */
async function oldDatabase(name: string, count: number): Promise<{ path: string; sqlite: Database }> {
  const migrations = join(folder, `${name}-migrations`);
  await cp(MIGRATIONS, migrations, { recursive: true });
  const journal = await Bun.file(join(MIGRATIONS, 'meta/_journal.json')).json();
  const cut = { ...journal, entries: journal.entries.slice(0, count) };
  await Bun.write(join(migrations, 'meta/_journal.json'), JSON.stringify(cut));
  const path = join(folder, `${name}.db`);
  const sqlite = new Database(path, { create: true });
  migrate(drizzle(sqlite), { migrationsFolder: migrations });
  return { path, sqlite };
}

test('a ledger of the first release keeps its money, prices and reasons', async () => {
  const { path, sqlite } = await oldDatabase('first', 1);
  const at = Date.UTC(2026, 10, 2, 10, 30);
  const price = JSON.stringify({ tier: 'standard', rates: { input: 1 } });
  const insert = sqlite.prepare(
    `INSERT INTO requests (id, started_at, duration_ms, first_content_ms, overhead_us, key_id, endpoint, dialect, is_stream,
      requested_model, outcome, status, cache, complexity, provider, model, decision, attempt_count, is_simulated,
      input_tokens, cache_read_tokens, cache_write_short_tokens, cache_write_long_tokens, audio_input_tokens, output_tokens,
      reasoning_tokens, audio_output_tokens, is_usage_estimated, cost_nano_usd, price_row, baseline_model,
      baseline_nano_usd, baseline_price_row, saved_nano_usd)
     VALUES (?, ?, 10, 1, 5, 'k1', '/v1/x', 'd', 0, 'auto', ?, 200, 'miss', 'simple', 'acme', 'cheap', '{"reason":"so"}', 1, 0,
      100, 20, 0, 0, 0, 7, 3, 0, 0, ?, ?, 'dear', 900, ?, 800)`,
  );
  insert.run('r1', at, 'ok', 100, price, price);
  insert.run('r2', at + 1000, 'error', null, null, price);
  sqlite.close();

  const db = openDatabase(path);
  const rows = await listRequests(db, {}, { limit: 10 });
  expect(rows.map(({ id, costNanoUsd }) => [id, costNanoUsd])).toEqual([
    ['r2', null],
    ['r1', 100],
  ]);
  expect(rows[0]?.priceId).toBeNull();
  const ids = [rows[1]?.priceId ?? '', rows[1]?.baselinePriceId ?? ''];
  expect((await listPriceRows(db, ids)).map(({ model }) => model).sort()).toEqual(['cheap', 'dear']);
  expect((await findRequestDetails(db, 'r1'))?.decision).toEqual({ reason: 'so' });
  for (const span of ['hour', 'day'] as const) {
    expect(await sumSpend(db, { span, since: at })).toMatchObject({
      ...{ requests: 2, errors: 1, unpriced: 1, costNanoUsd: 100, baselineNanoUsd: 1800, savedNanoUsd: 1600 },
      ...{ promptTokens: 240, cacheReadTokens: 40, outputTokens: 14, reasoningTokens: 6, averageMs: 10 },
    });
    expect(await sumCounts(db, 'duration', { span, since: at })).toEqual([{ value: '14', requests: 1 }]);
    expect(await sumCounts(db, 'first-content', { span, since: at })).toEqual([{ value: '0', requests: 1 }]);
    expect(await sumCounts(db, 'failure', { span, since: at })).toEqual([{ value: 'error', requests: 1 }]);
  }
  db.close();
});

test('opening a database a second time changes nothing', async () => {
  const path = join(folder, 'twice.db');
  openDatabase(path).close();
  const before = new Database(path).query('SELECT sql FROM sqlite_master ORDER BY name').all();
  openDatabase(path).close();
  expect(new Database(path).query('SELECT sql FROM sqlite_master ORDER BY name').all()).toEqual(before);
});
