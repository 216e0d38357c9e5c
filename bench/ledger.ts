import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '../src/db/client.ts';
import { sumCounts, sumCountsByStart } from '../src/db/queries/counts.ts';
import { listRequests } from '../src/db/queries/requests.ts';
import { sumSpend, sumSpendByKey, sumSpendByStartAndModel } from '../src/db/queries/spend.ts';
import { LEDGER_PAGES, openPages } from './open-pages.ts';
import { seedLedger } from './seed-ledger.ts';

/** `bun bench/ledger.ts [--rows 1000000] [--keep FOLDER]`: what the pages of the dashboard, and their questions, cost on a large ledger. */
const { values: options } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, keep: { type: 'string' } },
});
const DAY = 86_400_000;
const until = Date.UTC(2026, 10, 20, 12);

const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'gateway-bench-')));
await mkdir(folder, { recursive: true });
const path = join(folder, 'gateway.db');
const db = openDatabase(path);
const from = performance.now();
const isNew = (await listRequests(db, {}, { limit: 1 })).length === 0;
if (isNew) {
  seedLedger(db, { rows: Number(options.rows), days: 90, keys: 50, models: 20, until });
}
const { size } = await stat(path);
console.log(
  `${options.rows} rows, ${Math.round(size / 1e6)} MB, seeded in ${Math.round((performance.now() - from) / 1000)} s`,
);

const keyIds = Array.from({ length: 50 }, (_, key) => `key-${key}`);
const middle = (await listRequests(db, { until: until - 45 * DAY }, { limit: 1 }))[0]?.id;
const questions: Record<string, () => Promise<unknown>> = {
  'totals of 24 hours': () => sumSpend(db, { since: until - DAY }),
  'totals of 24 hours, one key': () => sumSpend(db, { since: until - DAY, keyIds: ['key-7'] }),
  'cost by day and model, 90 days': () => sumSpendByStartAndModel(db, { span: 'day', since: until - 90 * DAY }),
  'spend by key, this month': () => sumSpendByKey(db, { span: 'day', since: until - 30 * DAY, keyIds }),
  'complexity mix, 90 days': () => sumCounts(db, 'complexity', { span: 'day', since: until - 90 * DAY }),
  'latency by hour, 7 days': () => sumCountsByStart(db, 'duration', { since: until - 7 * DAY }),
  'newest 50 requests': () => listRequests(db, {}, { limit: 50 }),
  'a page in the middle': () => listRequests(db, {}, { limit: 50, before: middle }),
  'newest 50 of one key': () => listRequests(db, { keyIds: ['key-7'] }, { limit: 50 }),
  'newest 50 of one model': () => listRequests(db, { model: 'model-3' }, { limit: 50 }),
  'newest 50 failures': () => listRequests(db, { outcome: 'failed' }, { limit: 50 }),
  'unpriced, last 7 days': () => listRequests(db, { isUnpriced: true, since: until - 7 * DAY }, { limit: 50 }),
  'dear ones of a key, last 7 days': () =>
    listRequests(db, { keyIds: ['key-7'], minCostNanoUsd: 9_000_000, since: until - 7 * DAY }, { limit: 50 }),
  'a model nobody used': () => listRequests(db, { model: 'nobody' }, { limit: 50 }),
};
for (const [name, ask] of Object.entries(questions)) {
  const times: number[] = [];
  for (let round = 0; round < 7; round++) {
    const at = performance.now();
    await ask();
    times.push(performance.now() - at);
  }
  times.sort((a, b) => a - b);
  console.log(`${name.padEnd(34)} median ${times[3]?.toFixed(1)} ms, worst ${times[6]?.toFixed(1)} ms`);
}
db.close();

const pages = await openPages(folder);
for (const [name, who, address] of [...LEDGER_PAGES, ['one request', 'admin', pages.requestPath] as const]) {
  await pages.time(who, address, 2);
  const times = await pages.time(who, address, 15);
  console.log(`page: ${name.padEnd(48)} median ${times[7]?.toFixed(1)} ms, worst ${times[14]?.toFixed(1)} ms`);
}
await pages.stop();
if (!options.keep) await rm(folder, { recursive: true, force: true });
