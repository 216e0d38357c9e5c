import { beforeEach, expect, test } from 'bun:test';
import type { ReplayReport } from '../pipeline/replay.ts';
import { createTestDashboard, HOSTILE } from './fixture.ts';

let dashboard: ReturnType<typeof createTestDashboard>;
beforeEach(() => {
  dashboard = createTestDashboard();
});

const PATH = '/dashboard/routing/replay';
const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const FORM = { strategy: 'cost', tolerance: '3', days: '7', allowedModels: ' a, openai/b ', deniedModels: 'c' };
const REPORT: ReplayReport = {
  ...{ seen: 12_000, replayed: 10_000, leftOut: 2_000, refused: 1, unpriced: 2, lower: 70, same: 20, higher: 10 },
  ...{ actualNanoUsd: 8_000_000_000, replayNanoUsd: 6_000_000_000, isCut: false },
  byModel: [{ model: 'openai/small-model', requests: 9_000, costNanoUsd: 5_000_000_000 }],
  byDay: [{ start: Date.UTC(2029, 11, 31), actualNanoUsd: 8_000_000_000, replayNanoUsd: 6_000_000_000 }],
};

/** Lets what was started in the background come to its end. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('a replay is started by the form, tells how far it is, and then what would have been saved', async () => {
  await dashboard.signIn('admin');
  const started = await dashboard.browser.submit(PATH, FORM);
  expect(started.status).toBe(200);
  expect(dashboard.replay.wishes).toMatchObject([
    {
      ...{ days: 7, keyIds: undefined, since: dashboard.clock.ms - 7 * 86_400_000 },
      policy: { strategy: 'cost', qualityTolerance: 0.03, allowedModels: ['a', 'openai/b'], deniedModels: ['c'] },
    },
  ]);
  expect(started.html).toContain('hx-trigger="every 1s"');
  expect(words(started.html)).toContain('0 of about 0 requests');
  expect((await dashboard.browser.submit(PATH, FORM)).status).toBe(409);

  dashboard.replay.end(REPORT);
  await settle();
  const { html } = await dashboard.browser.get(PATH);
  expect(html).not.toContain('hx-trigger="every 1s"');
  const text = words(html);
  for (const part of [
    '10,000 requests of the last 7 days',
    '$8.00',
    '$6.00',
    'Saved $2.00 25%',
    '70 ↓ 10 ↑',
    '2,000',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toContain('31 Dec $8.00 $6.00');
  expect(text).toContain('openai/small-model × 9,000 9,000 $5.00');
  expect(html).toContain('&quot;qualityTolerance&quot;: 0.03');
});

test('members replay what their own keys asked, viewers nothing, and nobody sees the replay of another', async () => {
  const admin = await dashboard.signIn('admin');
  const theirs = (await dashboard.keys.create({ name: 'of admin', userId: admin.id })).row.id;
  await dashboard.browser.submit(PATH, FORM);
  dashboard.replay.end(REPORT);
  await settle();

  const member = await dashboard.signIn('member');
  const own = (await dashboard.keys.create({ name: 'of member', userId: member.id })).row.id;
  const { browser, replay } = dashboard;
  expect((await browser.get(PATH)).html).not.toContain('$8.00');
  expect((await browser.get(PATH)).html).not.toContain('of admin');
  expect((await browser.submit(PATH, { ...FORM, key: theirs })).status).toBe(404);
  expect((await browser.submit(PATH, FORM)).status).toBe(200);
  expect(replay.wishes.at(-1)?.keyIds).toEqual([own]);
  replay.end(REPORT);
  await settle();
  expect((await browser.submit(`${PATH}/save`, { saveKey: own })).status).toBe(403);
  expect((await browser.get(PATH)).html).not.toContain('replay/save');

  await dashboard.signIn('viewer');
  expect((await browser.get(PATH)).html).not.toContain('action="dashboard/routing/replay"');
  expect((await browser.submit(PATH, FORM)).status).toBe(403);
  expect((await browser.submit(`${PATH}/save`, { saveKey: own })).status).toBe(403);
  expect((await browser.post(PATH, FORM)).status).toBe(403);
  expect(replay.wishes).toHaveLength(2);
});

test('an admin makes the policy the key’s, whose limits stay as they are', async () => {
  const admin = await dashboard.signIn('admin');
  const { keys, browser } = dashboard;
  const { row } = await keys.create({ name: 'app', userId: null, limits: { requestsPerMinute: 7 } });
  expect((await browser.submit(`${PATH}/save`, { saveKey: row.id })).status).toBe(404);
  await browser.submit(PATH, FORM);
  dashboard.replay.end(REPORT);
  await settle();
  const saved = await browser.submit(`${PATH}/save`, { saveKey: row.id });
  expect(saved.headers.get('location')).toBe(`${PATH}?done=policy-saved`);
  expect((await keys.list(admin))[0]).toMatchObject({
    limits: { requestsPerMinute: 7 },
    policy: {
      strategy: 'cost',
      qualityTolerance: 0.03,
      allowedModels: ['a', 'openai/b'],
      deniedModels: ['c'],
      rules: [],
    },
  });
  expect((await browser.submit(`${PATH}/save`, { saveKey: 'made-up' })).status).toBe(404);
});

test('a policy can be pasted as JSON, and one that is none is explained', async () => {
  await dashboard.signIn('admin');
  const { browser, replay } = dashboard;
  for (const json of ['{', '[]', '{"strategy":"best"}', `{"x":"${HOSTILE.replaceAll('"', "'")}"}`]) {
    const refused = await browser.submit(PATH, { ...FORM, json });
    expect([json, refused.status]).toEqual([json, 400]);
    expect(refused.html).toContain('This is not a policy');
    expect(refused.html).not.toContain('<script>');
  }
  expect((await browser.submit(PATH, { ...FORM, tolerance: '11' })).html).toContain('from 0 to 10');
  expect((await browser.submit(PATH, { ...FORM, strategy: 'best' })).status).toBe(400);
  expect(replay.wishes).toEqual([]);
  await browser.submit(PATH, { ...FORM, json: '{"strategy":"quality","includesExplicit":true}' });
  expect(replay.wishes[0]?.policy).toMatchObject({
    strategy: 'quality',
    includesExplicit: true,
    qualityTolerance: 0.02,
  });
});

test('a replay asks what least levels by kind would have cost, by fields', async () => {
  await dashboard.signIn('admin');
  const least = { minComplexity: 'moderate', 'min-code': 'complex', 'min-law': '' };
  const started = await dashboard.browser.submit(PATH, { ...FORM, ...least });
  const rules = [{ name: 'code', when: { kinds: ['code'] }, minComplexity: 'complex' }];
  expect(dashboard.replay.wishes).toMatchObject([{ policy: { minComplexity: 'moderate', rules } }]);
  expect(started.html).toMatch(
    /name="min-code"[^>]*>(?:<option[^>]*>[^<]*<\/option>){3}<option value="complex" selected/,
  );
});
