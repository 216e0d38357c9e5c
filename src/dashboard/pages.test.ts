import { beforeEach, expect, test } from 'bun:test';
import { toModel } from '../../registry/custom-model.ts';
import { modelPath } from '../../views/pages/models/facts.ts';
import { recordEvents } from '../catalogue/index.ts';
import { Secret } from '../lib/secret.ts';
import { createTestDashboard, HOSTILE } from './fixture.ts';
import { NO_TOTALS, REQUEST } from './fixture-data.ts';

let dashboard: ReturnType<typeof createTestDashboard>;
beforeEach(() => {
  dashboard = createTestDashboard();
});

/** What a person reads: the text without the tags, one space between words. */
const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

test('the overview tells the last day, with simulated and unpriced apart', async () => {
  await dashboard.signIn('viewer');
  dashboard.ledger.totals = {
    ...{ requests: 12_483, costNanoUsd: 48_213_000_000, simulatedNanoUsd: 1_420_000, unpriced: 3 },
    ...{ savedNanoUsd: 131_870_000_000, averageMs: 1834, cacheHits: 2871 },
    ...{ errors: 4, estimated: 12, p95Ms: 4100 },
  };
  dashboard.ledger.latest = [
    { ...REQUEST, complexity: 'expert', cache: 'hit' },
    { ...REQUEST, id: 'r2', costNanoUsd: null, isSimulated: true, model: null, keyName: null, status: 502 },
  ];
  const { html } = await dashboard.browser.get('/dashboard');
  const text = words(html);
  for (const part of [
    '12,483',
    '$48.21',
    '$131.87',
    '1.83 s',
    '23%',
    '3 unpriced',
    '12 estimated',
    'p95 4.10 s',
    '+ $0.00142 simulated',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toContain('5s ago · expert · cache hit app small-model asked for auto cache hit $0.0000123 412 ms 200');
  expect(text).toContain('unknown auto simulated unpriced 412 ms 502');
  expect(html).toContain('hx-sse:connect="dashboard/live?topic=overview"');
});

test('an empty overview says what to do, and a simulating one says so', async () => {
  await dashboard.signIn('admin');
  dashboard.ledger.totals = NO_TOTALS;
  const before = words((await dashboard.browser.get('/dashboard')).html);
  expect(before).toContain('No requests yet');
  expect(before).not.toContain('simulator');
  dashboard.vendors.push({ id: 'anthropic', label: 'Anthropic', state: 'simulated' });
  expect(words((await dashboard.browser.get('/dashboard')).html)).toContain('built-in simulator answers');
});

test('a new key is shown once, with what to paste, and its state and spend from then on', async () => {
  const admin = await dashboard.signIn('admin');
  const fields = { strategy: 'cost', lifetime: '30', requestsPerMinute: '60', fallbackModels: 'a/b, c' };
  const made = await dashboard.browser.submit('/dashboard/keys', { name: 'app', ...fields });
  expect(made.status).toBe(201);
  const key = /<code id="new-key">(gw-[\w-]{43})<\/code>/.exec(made.html)?.[1] ?? '';
  expect(made.html).toContain(`Authorization: Bearer ${key}`);
  expect(made.html).toContain('http://localhost/v1/chat/completions');
  expect(made.html.split(key)).toHaveLength(12);

  const [row] = await dashboard.keys.list(admin);
  expect(row).toMatchObject({ strategy: 'cost', limits: { requestsPerMinute: 60 }, fallbackModels: ['a/b', 'c'] });
  expect(row?.expiresAt).toBe(dashboard.clock.ms + 30 * 86_400_000);

  const list = await dashboard.browser.get('/dashboard/keys');
  expect(list.html).not.toContain(key);
  expect(words(list.html)).toContain(`app ${key.slice(0, 9)}… cost admin $0.00 $0.00 60/min never until 31 Jan 2030`);
});

test('a key that cannot be made is explained beside what was typed', async () => {
  const admin = await dashboard.signIn('admin');
  const cases = [
    [{ name: ' ' }, 'A key needs a name.'],
    [{ name: 'app', strategy: 'best' }, 'A strategy is one of cost, quality, speed, balanced.'],
    [{ name: 'app', lifetime: 'soon' }, 'An expiry is a time in whole milliseconds since 1970.'],
    [{ name: 'app', requestsPerMinute: '1.5' }, 'A limit is a whole number of requests.'],
  ] as const;
  for (const [fields, message] of cases) {
    const refused = await dashboard.browser.submit('/dashboard/keys', { fallbackModels: 'my-model', ...fields });
    expect(refused.status).toBe(400);
    expect(refused.html).toContain(message);
    expect(refused.html).toContain('>my-model</textarea>');
  }
  expect(await dashboard.keys.list(admin)).toEqual([]);
});

test('a revoked key is marked, and cannot be revoked by a viewer', async () => {
  const admin = await dashboard.signIn('admin');
  const { row } = await dashboard.keys.mint(admin, { name: 'app' });
  const path = `/dashboard/keys/${row.id}/revoke`;
  await dashboard.signIn('viewer');
  expect((await dashboard.browser.get('/dashboard/keys')).html).not.toContain(path);
  expect((await dashboard.browser.submit(path, {})).status).toBe(403);

  await dashboard.signIn('member');
  await dashboard.browser.submit(path, {});
  expect((await dashboard.keys.list(admin))[0]?.revokedAt).toBeNull();

  dashboard.browser.cookie = `gateway_session=${await dashboard.sessions.start(admin.id)}`;
  expect((await dashboard.browser.get('/dashboard/keys')).html).toContain(`action="${path.slice(1)}"`);
  expect((await dashboard.browser.submit(path, {})).headers.get('location')).toBe(
    `/dashboard/keys?key=${row.id}&done=key-revoked`,
  );
  expect(words((await dashboard.browser.get('/dashboard/keys?show=all')).html)).toContain('revoked');
});

test('a provider key goes in, is never shown, and is erased', async () => {
  await dashboard.signIn('admin');
  const fields = { provider: 'openai', name: 'team', key: 'sk-canary' };
  const wrong = await dashboard.browser.submit('/dashboard/providers', { ...fields, key: 'sk canary' });
  expect(wrong.status).toBe(400);
  expect(wrong.html).toContain('This is not a provider key');
  expect(wrong.html).toContain('value="team"');

  const added = await dashboard.browser.submit('/dashboard/providers', fields);
  expect(added.headers.get('location')).toBe('/dashboard/providers?done=provider-connected');
  const page = await dashboard.browser.get('/dashboard/providers');
  expect(words(page.html)).toContain('OpenAI connected Its models answer. not asked yet team added now');
  expect(wrong.html + page.html).not.toContain('canary');

  const id = dashboard.vault.list()[0]?.id;
  await dashboard.browser.submit(`/dashboard/providers/${id}/revoke`, {});
  expect(dashboard.vault.keysOf('openai')).toEqual([]);
  expect((await dashboard.browser.submit('/dashboard/providers', { ...fields, provider: 'evil' })).status).toBe(400);
});

test('only an admin changes provider keys, and only who may sees the forms', async () => {
  for (const role of ['member', 'viewer'] as const) {
    await dashboard.signIn(role);
    const providers = await dashboard.browser.get('/dashboard/providers');
    expect(providers.status).toBe(role === 'viewer' ? 200 : 403);
    expect(providers.html).not.toContain('action="dashboard/providers"');
    const fields = { provider: 'openai', name: 'x', key: 'sk-x' };
    expect((await dashboard.browser.submit('/dashboard/providers', fields)).status).toBe(403);
    expect((await dashboard.browser.submit('/dashboard/providers/x/revoke', {})).status).toBe(403);
    const keysPage = (await dashboard.browser.get('/dashboard/keys')).html;
    expect(keysPage.includes('method="post" action="dashboard/keys"')).toBe(role === 'member');
    expect(keysPage.includes('name="requestsPerMinute"')).toBe(role === 'member');
  }
});

test('hostile text stays text on every page', async () => {
  const admin = await dashboard.signIn('admin', HOSTILE);
  await dashboard.keys.mint(admin, { name: HOSTILE });
  await dashboard.vault.add({ provider: 'openai', name: HOSTILE, key: new Secret('sk-x') });
  dashboard.vendors.push({ id: HOSTILE, label: HOSTILE, state: 'simulated' });
  dashboard.ledger.latest = [
    { ...REQUEST, keyName: HOSTILE, requestedModel: HOSTILE, model: HOSTILE, provider: HOSTILE },
  ];
  const { ownServers, registry, status, browser } = dashboard;
  await ownServers.add({ id: 'own', label: HOSTILE, baseUrl: 'http://localhost:1/v1', models: [{ id: HOSTILE }] });
  registry.models = [toModel({ id: HOSTILE, contextWindow: 10 }, HOSTILE)];
  const waiting = status.waiting.map((price) => ({ ...price, model: HOSTILE, field: HOSTILE }));
  Object.assign(status, {
    waiting,
    last: { ...status.last, outcomes: [{ provider: HOSTILE, status: 'failed', message: HOSTILE }] },
  });
  await recordEvents(dashboard.db, [{ type: 'page_warning', provider: HOSTILE, message: HOSTILE, provenance: null }], {
    source: 'api',
    at: 1,
  });
  const answers = [
    ...[
      await browser.get('/dashboard'),
      await browser.get('/dashboard/keys'),
      await browser.get('/dashboard/providers'),
      await browser.get('/dashboard/providers/own/own'),
      await browser.get(`/dashboard/models?q=${encodeURIComponent(HOSTILE)}`),
      await browser.get(`/${modelPath({ provider: HOSTILE, id: HOSTILE })}`),
      await browser.get('/dashboard/changelog'),
    ],
    await browser.submit('/dashboard/keys', { name: HOSTILE }),
    await browser.submit('/dashboard/keys', {
      name: HOSTILE,
      lifetime: HOSTILE,
      fallbackModels: HOSTILE,
      strategy: HOSTILE,
    }),
    await browser.submit('/dashboard/providers', { name: HOSTILE, provider: HOSTILE, key: HOSTILE }),
  ];
  browser.cookie = '';
  answers.push(await browser.post('/sign-in', { email: HOSTILE, password: HOSTILE }));

  const fresh = createTestDashboard();
  const token = (await fresh.accounts.issueSetupToken()) ?? '';
  answers.push(await fresh.browser.post('/setup', { token, email: HOSTILE, name: HOSTILE, password: HOSTILE }));

  for (const { html } of answers) {
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)');
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<img');
    expect(html.replace(/"[^"]*"/g, '')).not.toMatch(/<[^>]* onerror/);
  }
});
