import { beforeAll, expect, test } from 'bun:test';
import { type Db, openDatabase } from '../client.ts';
import { type RequestRow, requests } from '../schema.ts';
import { listRequests, type RequestFilter } from './requests.ts';

const AT = Date.UTC(2026, 10, 20);
let db: Db;

const BASE: RequestRow = {
  ...{ id: '', startedAt: AT, durationMs: 5, firstContentMs: null, overheadUs: 1, keyId: 'k1', userId: 'u1' },
  ...{ endpoint: '/v1/x', dialect: 'd', isStream: false, requestedModel: 'auto', outcome: 'ok', status: 200 },
  ...{ cache: 'miss', provider: 'acme', model: 'm1', attemptCount: 1, isSimulated: false, isUsageEstimated: false },
  ...{ inputTokens: 1, cacheReadTokens: 0, cacheWriteShortTokens: 0, cacheWriteLongTokens: 0, audioInputTokens: 0 },
  ...{ outputTokens: 1, reasoningTokens: 0, audioOutputTokens: 0, costNanoUsd: 10, complexity: 'simple' },
};

beforeAll(async () => {
  db = openDatabase(':memory:');
  // Three of one millisecond, so that a page can end between them.
  for (let at = 0; at < 30; at++) {
    await db
      .insert(requests)
      .values({ ...BASE, id: `a${String(at).padStart(2, '0')}`, startedAt: AT + Math.floor(at / 3) });
  }
  await db.insert(requests).values([
    { ...BASE, id: 'b1', startedAt: AT + 100, outcome: 'refused', status: 429, errorCode: 'rate_limited', model: null },
    { ...BASE, id: 'b2', startedAt: AT + 101, costNanoUsd: null, complexity: 'expert', keyId: 'k2', userId: 'u2' },
    { ...BASE, id: 'b3', startedAt: AT + 102, costNanoUsd: 5_000_000, cache: 'hit', model: 'm%2', outcome: 'aborted' },
  ]);
});

const ids = async (filter: RequestFilter) => (await listRequests(db, filter, { limit: 100 })).map(({ id }) => id);

test('pages follow each other without a gap or a row twice', async () => {
  const seen: string[] = [];
  for (let before: string | undefined; ; ) {
    const page = await listRequests(db, {}, { limit: 7, before });
    seen.push(...page.map(({ id }) => id));
    before = page.at(-1)?.id;
    if (page.length < 7) break;
  }
  expect(seen).toHaveLength(33);
  expect(new Set(seen).size).toBe(33);
  expect(seen.slice(0, 4)).toEqual(['b3', 'b2', 'b1', 'a29']);
});

test.each<[RequestFilter, string[]]>([
  [{ outcome: 'failed' }, ['b3', 'b1']],
  [{ outcome: 'refused' }, ['b1']],
  [{ status: 429 }, ['b1']],
  [{ isUnpriced: true }, ['b2']],
  [{ complexity: 'expert' }, ['b2']],
  [{ keyIds: ['k2', 'nobody'] }, ['b2']],
  [{ keyIds: [] }, []],
  [{ userId: 'u2' }, ['b2']],
  [{ minCostNanoUsd: 1000 }, ['b3']],
  [{ cache: 'hit', model: 'm%2' }, ['b3']],
  [{ since: AT + 101, until: AT + 102 }, ['b2']],
  [{ id: 'b' }, ['b3', 'b2', 'b1']],
  [{ id: '%' }, []],
])('a filter of %p finds %p', async (filter, expected) => {
  expect(await ids(filter)).toEqual(expected);
});

test('an index serves each of the usual searches', () => {
  const plan = (where: string): string =>
    JSON.stringify(
      db.$client
        .query(`EXPLAIN QUERY PLAN SELECT * FROM requests WHERE ${where} ORDER BY started_at DESC LIMIT 5`)
        .all(),
    );
  expect(plan('started_at > 1')).toContain('requests_by_time');
  expect(plan("key_id = 'k' AND started_at > 1")).toContain('requests_by_key');
  expect(plan("model = 'm' AND started_at > 1")).toContain('requests_by_model');
  expect(plan('cost_nano_usd IS NULL AND model IS NOT NULL AND started_at > 1')).toContain('requests_without_price');
  expect(plan("outcome <> 'ok' AND started_at > 1")).toContain('requests_that_failed');
});
