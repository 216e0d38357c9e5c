import { beforeEach, expect, test } from 'bun:test';
import { parseRouteFeatures, type RouteFeatures, renderRouteFeatures } from '../chat/route-features.ts';
import { NO_USAGE } from '../chat/usage.ts';
import { type Db, openDatabase } from '../db/client.ts';
import { insertLedgerRows } from '../db/queries/ledger.ts';
import { requests } from '../db/schema.ts';
import { decision, key } from './ledger/fixture.ts';
import { createLedger, type LedgerRows } from './ledger/index.ts';
import { ReplayPolicy, replayLedger } from './replay.ts';
import { NOON, registryOf } from './router/fixture.ts';

const EASY: RouteFeatures = {
  complexity: 'simple',
  confidence: 0.9,
  difficulty: 0.1,
  kind: 'general',
  topic: 'trivia',
  failures: [0.4, 0.3, 0.1, 0.1],
  promptTokens: 1_000,
  needs: [],
  isExplicit: false,
  topics: null,
};

const registry = registryOf();
let db: Db;

async function served(id: string, by: string, features: RouteFeatures | null): Promise<void> {
  const [model] = registry.findAll(by);
  if (!model) throw new Error(`no model ${by}`);
  const rows: LedgerRows[] = [];
  const ledger = createLedger({ write: (written) => rows.push(written), now: () => NOON, baseline: () => null });
  const entry = ledger.open({ id, key, endpoint: '/v1/x', dialect: 'openai-chat', headers: {}, laps: [] });
  entry.decides(features ? { ...decision, stored: renderRouteFeatures(features) } : decision);
  entry.cached('miss');
  entry.attempts({
    providerId: model.provider,
    isSimulated: false,
    startedAt: NOON,
    headersMs: 5,
    durationMs: 10,
    status: 200,
    model,
    error: null,
  });
  entry.answers({ model, providerId: model.provider, isSimulated: false });
  entry.see({ type: 'finish', usage: { ...NO_USAGE, input: 1_000, output: 100 } });
  entry.close('ok', 200);
  await insertLedgerRows(db, rows);
}

const replay = (policy: unknown) =>
  replayLedger({ db, registry, policy: ReplayPolicy.parse(policy), since: NOON - 1_000, isConnected: () => true });

beforeEach(() => {
  db = openDatabase(':memory:');
});

test('says what other rules would have cost, and how many requests would have gone lower', async () => {
  await served('r1', 'giant', EASY);
  await served('r2', 'giant', { ...EASY, complexity: 'expert', difficulty: 0.9, failures: [0.95, 0.9, 0.8, 0.6] });
  const report = await replay({ strategy: 'cost', allowedModels: ['small', 'giant'] });
  // giant: 1,000 x 10 + 100 x 50 = 15,000 thousandths of a micro-dollar each.
  expect(report).toMatchObject({
    seen: 2,
    replayed: 2,
    leftOut: 0,
    refused: 0,
    actualNanoUsd: 30_000_000,
    lower: 1,
    same: 1,
  });
  expect(report.replayNanoUsd).toBe(15_000_000 + 1_000 * 500 + 100 * 2_000);
  expect(report.byModel.map(({ model }) => model)).toContain('bell/giant');
});

test('a policy that allows one model prices everything with it', async () => {
  await served('r1', 'giant', EASY);
  const report = await replay({ allowedModels: ['acme/large'] });
  expect(report).toMatchObject({
    replayNanoUsd: 1_000 * 3_000 + 100 * 15_000,
    lower: 1,
    byModel: [{ model: 'acme/large', requests: 1 }],
  });
  expect(await replay({ allowedModels: ['nobody'] })).toMatchObject({ replayed: 0, refused: 1 });
});

test('what was kept without features, and what named its model, is left out and counted', async () => {
  await served('r1', 'giant', null);
  await served('r2', 'giant', { ...EASY, isExplicit: true });
  expect(await replay({})).toMatchObject({ seen: 2, replayed: 0, leftOut: 2 });
  expect(await replay({ includesExplicit: true })).toMatchObject({ replayed: 1, leftOut: 1 });
});

test('features survive being stored, in less than 200 bytes and without names', () => {
  const stored = renderRouteFeatures({ ...EASY, needs: ['tools', 'structuredOutput'] });
  expect(stored.length).toBeLessThan(200);
  expect(parseRouteFeatures(stored)).toEqual({ ...EASY, needs: ['tools', 'structuredOutput'] });
  for (const other of [null, '', '[]', '{}', '[1,2]']) expect(parseRouteFeatures(other)).toBeNull();
});

test('tells each day apart, and looks at the keys that are asked for alone', async () => {
  await served('r1', 'giant', EASY);
  const report = await replay({ allowedModels: ['acme/large'] });
  expect(report).toMatchObject({ isCut: false, seen: 1 });
  expect(report.byDay).toEqual([
    { start: NOON - (NOON % 86_400_000), actualNanoUsd: report.actualNanoUsd, replayNanoUsd: report.replayNanoUsd },
  ]);
  const policy = ReplayPolicy.parse({});
  const options = { db, registry, policy, since: NOON - 1_000, isConnected: () => true };
  expect((await replayLedger({ ...options, keyIds: ['of somebody else'] })).seen).toBe(0);
  expect((await replayLedger({ ...options, keyIds: [key.id] })).seen).toBe(1);
});

test('stops between two slices when it is told to, and says so', async () => {
  await db.insert(requests).values(
    Array.from({ length: 1_200 }, (_, at) => ({
      ...{ id: `s${String(at).padStart(4, '0')}`, startedAt: NOON, durationMs: 5, overheadUs: 1, keyId: 'k' },
      ...{ endpoint: '/v1/x', dialect: 'd', isStream: false, requestedModel: 'auto', attemptCount: 1 },
      ...{ outcome: 'ok' as const, status: 200, cache: 'miss' as const, isSimulated: false, isUsageEstimated: false },
      ...{ inputTokens: 1, cacheReadTokens: 0, cacheWriteShortTokens: 0, cacheWriteLongTokens: 0 },
      ...{ audioInputTokens: 0, outputTokens: 1, reasoningTokens: 0, audioOutputTokens: 0 },
    })),
  );
  const told: number[] = [];
  const report = await replayLedger({
    ...{ db, registry, policy: ReplayPolicy.parse({}), since: NOON - 1_000, isConnected: () => true },
    onBatch: async (seen) => {
      told.push(seen);
      return told.length < 2;
    },
  });
  expect(told).toEqual([100, 200]);
  expect(report).toMatchObject({ seen: 200, leftOut: 200, isCut: true });
});

test('a rule for a kind of work takes it for harder, or to other models, and nothing else', async () => {
  await served('r1', 'giant', EASY);
  const at = async (when: object, choice: object) =>
    await replay({ strategy: 'cost', rules: [{ name: 'r', when, ...choice }] });
  const large = { allowedModels: ['acme/large'] };
  expect((await at({ kinds: ['trivia'] }, large)).byModel.map(({ model }) => model)).toEqual(['acme/large']);
  expect((await at({ kinds: ['general'] }, large)).byModel.map(({ model }) => model)).toEqual(['acme/large']);
  expect((await at({ kinds: ['law'] }, large)).byModel.map(({ model }) => model)).not.toContain('acme/large');
  const easy = await replay({ strategy: 'cost' });
  const raised = await at({ kinds: ['general'] }, { minComplexity: 'expert' });
  expect(raised.replayNanoUsd).toBeGreaterThan(easy.replayNanoUsd);
});
