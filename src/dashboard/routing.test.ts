import { beforeEach, expect, test } from 'bun:test';
import { saveFeedback } from '../db/queries/feedback.ts';
import { insertLedgerRows, type StoredRequest } from '../db/queries/ledger.ts';
import { insertComparison } from '../db/queries/shadow.ts';
import type { RequestRow } from '../db/schema.ts';
import { createTestDashboard, HOSTILE } from './fixture.ts';

let dashboard: ReturnType<typeof createTestDashboard>;
beforeEach(() => {
  dashboard = createTestDashboard();
});

const PATH = '/dashboard/routing';
function ledgerRow(row: Partial<RequestRow> & { id: string; keyId: string; startedAt: number }): StoredRequest {
  const { id: requestId, startedAt } = row;
  const request: RequestRow = {
    ...{ durationMs: 5, overheadUs: 1, endpoint: '/v1/x', dialect: 'd', isStream: false, requestedModel: 'auto' },
    ...{ outcome: 'ok', status: 200, cache: 'miss', provider: 'openai', model: 'small-model', attemptCount: 1 },
    ...{ isSimulated: false, isUsageEstimated: false, inputTokens: 1, cacheReadTokens: 0, cacheWriteShortTokens: 0 },
    ...{ cacheWriteLongTokens: 0, audioInputTokens: 0, outputTokens: 1, reasoningTokens: 0, audioOutputTokens: 0 },
    ...{
      firstContentMs: null,
      userId: null,
      errorCode: null,
      stopReason: null,
      confidence: 90,
      strategy: 'cost',
      features: null,
      arm: null,
    },
    ...{ reportedModel: null, serviceTier: null, usageExtras: null, priceId: null, baselineModel: null },
    ...{ baselineNanoUsd: null, baselinePriceId: null, savedNanoUsd: null, cacheSavedNanoUsd: null, costNanoUsd: null },
    ...{ complexity: 'simple', ...row },
  };
  return {
    request,
    attempts: [],
    details: { requestId, startedAt, decision: null, laps: [], headers: {} },
    prices: [],
  };
}

const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

test('says what each strategy means in the numbers that the router goes by, and which is the default', async () => {
  await dashboard.signIn('viewer');
  const text = words((await dashboard.browser.get(PATH)).html);
  expect(text).toContain('balanced default');
  expect(text).toContain('ten times the cost has to buy 5% more success, ten times the time 2%');
  expect(text).toContain('give or take 2% of success');
  expect(text).toContain('simple asks for a model better than the weakest 5% of the catalogue');
  expect(text).toContain('when the chance that it belongs there is above 43%');
  expect(text).toContain('the baseline is in no catalogue');
});

test('members change the strategy of their own keys, admins of any, and viewers of none', async () => {
  const admin = await dashboard.signIn('admin');
  const theirs = (await dashboard.keys.create({ name: 'of admin', userId: admin.id })).row.id;
  const member = await dashboard.signIn('member');
  const own = (await dashboard.keys.create({ name: 'of member', userId: member.id })).row.id;
  const { browser, keys, sessions } = dashboard;
  const strategyOf = async (id: string) => (await keys.list(admin)).find((key) => key.id === id)?.strategy;
  const change = (id: string, strategy: string) => browser.submit(`${PATH}/keys/${id}`, { strategy });

  const done = await change(own, 'cost');
  expect(done.headers.get('location')).toBe(`${PATH}?done=strategy-changed`);
  expect(await strategyOf(own)).toBe('cost');
  expect((await change(theirs, 'cost')).status).toBe(404);
  expect(await strategyOf(theirs)).toBeNull();
  expect((await browser.get(PATH)).html).not.toContain('of admin');

  await dashboard.signIn('viewer');
  expect((await browser.get(PATH)).html).not.toContain(`action="dashboard/routing/keys/`);
  expect((await change(own, 'quality')).status).toBe(403);
  expect(await strategyOf(own)).toBe('cost');

  browser.cookie = `gateway_session=${await sessions.start(admin.id)}`;
  await change(own, '');
  expect(await strategyOf(own)).toBeNull();
  expect((await change(own, 'best')).status).toBe(400);
  expect((await change('made-up', 'cost')).status).toBe(404);
  expect((await browser.post(`${PATH}/keys/${own}`, { strategy: 'cost' })).status).toBe(403);
});

test('a strategy that the key may not use is refused, and what it may use is said in short', async () => {
  const admin = await dashboard.signIn('admin');
  const { row } = await dashboard.keys.create({
    ...{ name: 'narrow', userId: admin.id, fallbackModels: ['a/b'] },
    limits: { allowedModels: ['openai/*'], allowedStrategies: ['cost'], maxRequestNanoUsd: 10_000_000 },
  });
  expect(words((await dashboard.browser.get(PATH)).html)).toContain(
    'narrow only openai/* · only by cost · at most $0.010 a request · then a/b',
  );
  const refused = await dashboard.browser.submit(`${PATH}/keys/${row.id}`, { strategy: 'quality' });
  expect(refused.status).toBe(400);
  expect(words(refused.html)).toContain('is not among those it may use');
});

test('only who may ask can try, and only with keys of theirs', async () => {
  const admin = await dashboard.signIn('admin');
  const theirs = (await dashboard.keys.create({ name: 'of admin', userId: admin.id })).row.id;
  const fields = { key: theirs, prompt: 'hello', model: 'auto' };
  for (const role of ['viewer', 'member'] as const) {
    await dashboard.signIn(role);
    expect((await dashboard.browser.get(PATH)).html).not.toContain('routing/try');
    expect((await dashboard.browser.submit(`${PATH}/try`, fields)).status).toBe(403);
  }
  dashboard.browser.cookie = `gateway_session=${await dashboard.sessions.start(admin.id)}`;
  const refused = await dashboard.browser.submit(`${PATH}/try`, { ...fields, system: HOSTILE, prompt: HOSTILE });
  expect(refused.status).toBe(422);
  expect(refused.html).toContain('Nobody can answer this.');
  expect(refused.html).toContain('&lt;script&gt;');
  expect(refused.html).not.toContain('<script>');
  expect((await dashboard.browser.submit(`${PATH}/try`, { ...fields, prompt: ' ' })).status).toBe(400);
});

test('the last 30 days are those of the keys a person may see, with simulated money apart', async () => {
  const admin = await dashboard.signIn('admin');
  const member = await dashboard.signIn('member');
  const mine = (await dashboard.keys.create({ name: 'mine', userId: member.id })).row.id;
  const other = (await dashboard.keys.create({ name: HOSTILE, userId: admin.id })).row.id;
  const at = dashboard.clock.ms - 1000;
  await insertLedgerRows(dashboard.db, [
    ledgerRow({ id: '1', keyId: mine, startedAt: at, costNanoUsd: 1_500_000_000 }),
    ledgerRow({ id: '2', keyId: mine, startedAt: at, costNanoUsd: 250_000_000, isSimulated: true }),
    ledgerRow({
      id: '3',
      keyId: other,
      startedAt: at,
      costNanoUsd: 7_000_000_000,
      model: HOSTILE,
      complexity: 'expert',
    }),
    ledgerRow({ id: '4', keyId: other, startedAt: at - 40 * 86_400_000, costNanoUsd: 9_000_000_000 }),
  ]);
  const own = words((await dashboard.browser.get(PATH)).html);
  expect(own).toContain('openai/small-model $1.50 $0.25');
  expect(own).toContain('simple 2 moderate 0 complex 0 expert 0');
  expect(own).not.toContain('$7.00');

  await dashboard.signIn('viewer');
  const { html } = await dashboard.browser.get(PATH);
  expect(words(html)).toContain('$7.00');
  expect(words(html)).toContain('expert 1');
  expect(html).not.toContain('$9.00');
  expect(html).not.toContain('<script>');
  expect(html).not.toContain('<img');
});

const EXPERIMENT = {
  experiment: { name: 'canary', arms: [{ name: 'new model', percent: 5, allowedModels: ['small-model'] }] },
};

test('the arms of an experiment stand side by side with what they cost, how fast they were and what was said of them', async () => {
  const admin = await dashboard.signIn('admin');
  const { db, keys, browser, clock } = dashboard;
  const keyId = (await keys.create({ name: HOSTILE, userId: admin.id, policy: EXPERIMENT })).row.id;
  const startedAt = clock.ms - 1_000;
  const row = (id: string, more: Partial<RequestRow>) =>
    ledgerRow({ id, keyId, startedAt, arm: 'canary/rest', costNanoUsd: 2_000_000, durationMs: 1_000, ...more });
  await insertLedgerRows(db, [
    row('a', { arm: 'canary/new model', costNanoUsd: 500_000, isSimulated: true }),
    row('b', {}),
    row('c', { outcome: 'error', status: 502 }),
    row('d', { arm: 'older/new model' }),
  ]);
  await saveFeedback(db, { requestId: 'b', source: 'caller', at: 1, keyId, passed: true, rating: null, note: null });
  const { html } = await browser.get(PATH);
  const text = words(html);
  expect(html).not.toContain(HOSTILE);
  expect(text).toMatch(/new model 33.3% of requests, 5% planned .*simulated \$0.00050/);
  expect(text).toMatch(/the rest 66.7% of requests, 95% planned .*\$0.0020/);
  expect(text).toContain('100% (20.7% to 100%) of 1 judged');
  expect(text).toContain('none yet');
  expect(text).not.toContain('older');
});

test('members see the experiments of their own keys alone, and nothing of what the gateway compares by itself', async () => {
  const admin = await dashboard.signIn('admin');
  await dashboard.keys.create({ name: 'of admin', userId: admin.id, policy: EXPERIMENT });
  const member = await dashboard.signIn('member');
  await dashboard.keys.create({ name: 'plain', userId: member.id });
  const { html } = await dashboard.browser.get(PATH);
  expect(words(html)).not.toContain('Experiments');
  expect(words(html)).not.toContain('Comparisons');
});

test('who sees everything sees what comparisons came to, by pair', async () => {
  await dashboard.signIn('viewer');
  expect(words((await dashboard.browser.get(PATH)).html)).toContain('Nothing is compared.');
  const pair = { at: 1, served: HOSTILE, rival: 'openai/small-model', judge: 'j', isSimulated: false } as const;
  const outcomes = ['win', 'win', 'tie', 'loss', null] as const;
  for (const [index, outcome] of outcomes.entries()) {
    await insertComparison(dashboard.db, { ...pair, requestId: `r${index}`, rivalRequestId: null, outcome });
  }
  const { html } = await dashboard.browser.get(PATH);
  expect(html).not.toContain(HOSTILE);
  expect(words(html)).toMatch(/openai\/small-model · 2 better · 1 as good · 1 worse 5 2 1 1 1 /);
});
