import { beforeEach, expect, test } from 'bun:test';
import { listAudit } from '../db/queries/audit.ts';
import { createTestDashboard, HOSTILE, PASSWORD } from './fixture.ts';

let dashboard: ReturnType<typeof createTestDashboard>;
beforeEach(() => {
  dashboard = createTestDashboard();
});

const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const location = ({ headers }: { headers: Headers }) => headers.get('location');
const actions = async () => (await listAudit(dashboard.db, {}, 100)).map(({ action }) => action).reverse();
const linkIn = (html: string) =>
  /<code id="new-link">http:\/\/localhost(\/\w+\?token=[\w-]{43})<\/code>/.exec(html)?.[1] ?? '';

test('an invitation makes one person, once, with the role and address it was made for', async () => {
  await dashboard.signIn('admin');
  const { browser } = dashboard;
  const made = await browser.submit('/dashboard/users', { role: 'member', email: 'Bob@Example.com' });
  expect(made.status).toBe(201);
  const link = linkIn(made.html);
  expect((await browser.get('/dashboard/users')).html).not.toContain(link.split('=')[1]);

  browser.cookie = '';
  expect((await browser.get(link)).html).toContain('bob@example.com');
  const fields = { token: link.split('=')[1] ?? '', email: 'eve@example.com', name: 'Bob' };
  const short = await browser.post('/invite', { ...fields, password: 'short' });
  expect([short.status, short.html.includes('value="Bob"')]).toEqual([400, true]);
  expect(location(await browser.post('/invite', { ...fields, password: PASSWORD }))).toBe('/dashboard');
  expect(words((await browser.get('/dashboard/account')).html)).toContain('bob@example.com');
  expect((await browser.get('/dashboard/users')).status).toBe(403);
  expect((await browser.get(link)).status).toBe(403);
  expect((await browser.post('/invite', { ...fields, password: PASSWORD })).status).toBe(403);
  expect(await actions()).toEqual(['invitation.make', 'invitation.accept']);
}, 20_000);

test('an invitation ends after seven days, and when it is withdrawn', async () => {
  await dashboard.signIn('admin');
  const { browser, clock } = dashboard;
  const first = await browser.submit('/dashboard/users', { role: 'viewer' });
  clock.ms += 1;
  const second = await browser.submit('/dashboard/users', { role: 'viewer' });
  const [withdraw] = /dashboard\/users\/invitations\/[\w-]+\/withdraw/.exec(second.html) ?? [''];
  await browser.submit(`/${withdraw}`, {});
  expect((await browser.get(linkIn(second.html))).status).toBe(403);
  clock.ms += 7 * 86_400_000 - 2;
  expect((await browser.get(linkIn(first.html))).status).toBe(200);
  clock.ms += 1;
  expect((await browser.get(linkIn(first.html))).status).toBe(403);
});

test('the last admin stays one, and stays enabled', async () => {
  const admin = await dashboard.signIn('admin');
  const { browser } = dashboard;
  const demote = () => browser.submit(`/dashboard/users/${admin.id}/role`, { role: 'viewer' });
  const refused = await demote();
  expect([refused.status, words(refused.html).includes('This is the last admin.')]).toEqual([400, true]);
  expect((await browser.submit(`/dashboard/users/${admin.id}/disable`, {})).status).toBe(400);
  expect((await browser.submit(`/dashboard/users/${admin.id}/role`, { role: 'king' })).status).toBe(400);
});

test('who is disabled is out at once and cannot come back until enabled', async () => {
  const member = await dashboard.signIn('member');
  const theirs = dashboard.browser.cookie;
  await dashboard.signIn('admin');
  const ours = dashboard.browser.cookie;
  const { browser } = dashboard;
  const done = await browser.submit(`/dashboard/users/${member.id}/disable`, {});
  expect(location(done)).toBe('/dashboard/users/member?done=user-disabled');
  browser.cookie = theirs;
  expect((await browser.get('/dashboard')).status).toBe(302);
  browser.cookie = ours;
  await browser.submit(`/dashboard/users/${member.id}/enable`, {});
  expect(words((await browser.get('/dashboard/users')).html)).toContain('member member@example.com');
  expect(await actions()).toEqual(['user.disable', 'user.enable']);
});

test('one changes the own password with the old one, and every other session ends', async () => {
  const { browser, accounts } = dashboard;
  const token = (await accounts.issueSetupToken()) ?? '';
  await browser.post('/setup', { token, email: 'ada@example.com', name: 'Ada', password: PASSWORD });
  const before = browser.cookie;
  const change = (oldPassword: string, password: string) =>
    browser.submit('/dashboard/account/password', { oldPassword, password });
  expect(words((await change('wrong', 'another good password')).html)).toContain('This is not your password.');
  expect((await change(PASSWORD, 'short')).status).toBe(400);
  expect(location(await change(PASSWORD, 'another good password'))).toBe('/dashboard/account?done=password-changed');
  expect((await browser.get('/dashboard/account')).status).toBe(200);
  browser.cookie = before;
  expect((await browser.get('/dashboard/account')).status).toBe(302);
}, 20_000);

test('a link for a new password works once and signs the person out everywhere', async () => {
  const member = await dashboard.signIn('member');
  const theirs = dashboard.browser.cookie;
  await dashboard.signIn('admin');
  const { browser } = dashboard;
  const made = await browser.submit(`/dashboard/users/${member.id}/reset`, {});
  const link = linkIn(made.html);
  browser.cookie = '';
  const fields = { token: link.split('=')[1] ?? '', password: PASSWORD };
  expect((await browser.get(link)).html).toContain('member@example.com');
  expect(location(await browser.post('/reset', fields))).toBe('/dashboard');
  expect((await browser.post('/reset', fields)).status).toBe(403);
  browser.cookie = theirs;
  expect((await browser.get('/dashboard')).status).toBe(302);
}, 20_000);

test('a key is limited in dollars, rotated, revoked and brought back, and all of it is written down', async () => {
  const admin = await dashboard.signIn('admin');
  const { browser, keys, clock } = dashboard;
  await browser.submit('/dashboard/keys', { name: 'app', dailyBudgetNanoUsd: '12.5', allowedModels: 'a/b\nc' });
  const [row] = await keys.list(admin);
  expect(row?.limits).toEqual({ dailyBudgetNanoUsd: 12_500_000_000, allowedModels: ['a/b', 'c'] });
  const path = `/dashboard/keys/${row?.id}`;

  for (const amount of ['1,000', 'ten', '-1', '1e3']) {
    const refused = await browser.submit(path, { name: 'kept', monthlyBudgetNanoUsd: amount });
    expect([refused.status, refused.html.includes('id="error-monthlyBudgetNanoUsd"')]).toEqual([400, true]);
    expect(refused.html).toContain(`value="${amount}"`);
  }
  const saved = await browser.submit(path, { name: 'app', monthlyBudgetNanoUsd: '0,25' });
  expect(location(saved)).toBe(`${path}?done=key-saved`);
  expect((await keys.list(admin))[0]?.limits).toEqual({ monthlyBudgetNanoUsd: 250_000_000 });

  const rotated = await browser.submit(`${path}/rotate`, { overlapHours: '24' });
  expect(rotated.html).toMatch(/<code id="new-key">gw-[\w-]{43}</);
  expect((await keys.list(admin))[0]).toMatchObject({ id: row?.id, previousUntil: clock.ms + 24 * 3_600_000 });

  const revoked = await browser.submit(`${path}/revoke`, {});
  expect((await browser.get(location(revoked) ?? '')).html).toContain(`action="dashboard/keys/${row?.id}/restore"`);
  expect(location(await browser.submit(`${path}/restore`, {}))).toBe('/dashboard/keys?done=key-restored');
  expect((await keys.list(admin))[0]?.revokedAt).toBeNull();
  await browser.submit(`${path}/revoke`, {});
  clock.ms += 15 * 60_000;
  expect((await browser.submit(`${path}/restore`, {})).status).toBe(404);
  const written = ['key.make', 'key.change', 'key.rotate', 'key.revoke', 'key.restore', 'key.revoke'];
  expect(await actions()).toEqual(written);
});

test('a member reaches no key of others, and gives no key more than they have', async () => {
  const admin = await dashboard.signIn('admin');
  const { row } = await dashboard.keys.mint(admin, { name: 'ours' });
  await dashboard.signIn('member');
  const { browser } = dashboard;
  expect((await browser.get(`/dashboard/keys/${row.id}`)).status).toBe(404);
  expect((await browser.submit(`/dashboard/keys/${row.id}/rotate`, {})).status).toBe(404);
  expect((await browser.submit(`/dashboard/keys/${row.id}`, { name: 'theirs' })).status).toBe(404);
  expect((await browser.submit('/dashboard/keys', { name: 'x', ownerId: 'admin' })).status).toBe(403);
  await browser.submit('/dashboard/keys', { name: 'mine' });
  const [mine] = await dashboard.keys.list({ ...admin, id: 'member', role: 'member' });
  await browser.submit(`/dashboard/keys/${mine?.id}`, { name: 'mine', dailyBudgetNanoUsd: '5' });
  const after = await dashboard.keys.list({ ...admin, id: 'member', role: 'member' });
  expect(after.map(({ name, limits }) => [name, limits])).toEqual([['mine', {}]]);
});

test('settings say where they come from; what the environment says is not to be changed', async () => {
  await dashboard.signIn('admin');
  const { browser, settings } = dashboard;
  const page = await browser.get('/dashboard/settings');
  expect(words(page.html)).toContain('64 CACHE_MAX_MIB set in the environment');
  expect(words(page.html)).toContain('every day at 03:00 REGISTRY_REFRESH');
  expect(words(page.html)).toContain('Europe/Berlin TIME_ZONE');
  expect(page.html).not.toContain('name="cacheMaxMib"');
  const wrong = await browser.submit('/dashboard/settings', { requestsPerMinute: '1.5', baselineModel: 'small-model' });
  expect([wrong.status, wrong.html.includes('id="error-requestsPerMinute"')]).toEqual([400, true]);
  expect(wrong.html).toContain('value="small-model"');
  expect(settings.current().baselineModel).toBeNull();
  const right = { requestsPerMinute: '60', baselineModel: 'small-model', defaultStrategy: 'cost', cacheMaxMib: '9' };
  expect(location(await browser.submit('/dashboard/settings', right))).toBe('/dashboard/settings?done=settings-saved');
  expect(settings.current()).toMatchObject({ requestsPerMinute: 60, defaultStrategy: 'cost', cacheMaxMib: 64 });
  await browser.submit('/dashboard/settings', { requestsPerMinute: '' });
  expect(settings.current().requestsPerMinute).toBe(3000);
  expect(await actions()).toEqual(['settings.change', 'settings.change']);
});

test('the status tells what it knows; a backup is for admins and written down', async () => {
  await dashboard.signIn('viewer');
  const { browser } = dashboard;
  const seen = await browser.get('/dashboard/status');
  for (const part of ['1.2.3', 'Running for 2 d ', '1,234,567', '1 on their way, 2 given up'])
    expect(words(seen.html)).toContain(part);
  // How old the prices are, and what was done without anybody asking.
  for (const part of ['openai 3h ago fresh', 'growing old', 'too old', 'every day at 03:00 (Europe/Berlin)'])
    expect(words(seen.html)).toContain(part);
  expect(words(seen.html)).toContain('settled up to 31 Dec 2029');
  expect(words(seen.html)).toContain('has not worked out, is tried again');
  expect(seen.html).not.toContain('status/backup');
  expect((await browser.submit('/dashboard/status/backup', {})).status).toBe(403);
  await dashboard.signIn('admin');
  const file = await browser.submit('/dashboard/status/backup', {});
  expect([file.html, file.headers.get('content-disposition')]).toEqual([
    'SQLite',
    'attachment; filename="llm-gateway-2030-01-01.db"',
  ]);
  expect(await actions()).toEqual(['backup.download']);
});

test('the audit log is filtered and paged, holds no secret, and stays text', async () => {
  const admin = await dashboard.signIn('admin', HOSTILE);
  const { key } = await dashboard.keys.mint(admin, { name: HOSTILE });
  for (let i = 0; i < 60; i++)
    dashboard.audit.write({ actor: admin, action: 'user.enable', subject: { kind: 'user', id: 'u', name: `n${i}` } });
  const { browser } = dashboard;
  const first = await browser.get('/dashboard/audit');
  expect(first.html).toContain('n59');
  expect(first.html).not.toContain('n9<');
  const older = /rel="next" href="([^"]+)"/.exec(first.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect((await browser.get(`/${older}`)).html).toContain('n9<');
  const keysOnly = (await browser.get('/dashboard/audit?action=key.make&from=2030-01-01&to=2030-01-01')).html;
  expect(keysOnly).toContain('&lt;script&gt;');
  expect(keysOnly).not.toContain('n59');
  expect(keysOnly).not.toContain('<script>');
  expect(keysOnly).not.toContain(key);
  expect((await browser.get('/dashboard/audit?person=nobody')).html).toContain('Nothing like that was done');
});

test('refused sign-ins are written down without what was typed, and not without end', async () => {
  const { browser, accounts, clock, db } = dashboard;
  await dashboard.signIn('admin');
  await browser.submit('/sign-out', {});
  await browser.post('/sign-in', { email: 'my secret password', password: 'x' });
  for (let i = 0; i < 30; i++)
    dashboard.audit.write({ actor: null, action: 'session.refuse', subject: { kind: 'user', id: null, name: null } });
  clock.ms += 60_000;
  dashboard.audit.write({ actor: null, action: 'session.refuse', subject: { kind: 'user', id: null, name: null } });
  const rows = await listAudit(db, { action: 'session.refuse' }, 100);
  expect(rows).toHaveLength(21);
  expect(rows[0]?.details).toEqual({ unrecorded: 11 });
  expect(JSON.stringify(rows)).not.toContain('secret');
  expect(await accounts.isSetUp()).toBe(true);
});

test('hostile text stays text on the pages about people', async () => {
  const admin = await dashboard.signIn('admin', HOSTILE);
  const { browser } = dashboard;
  const answers = [
    ...[await browser.get('/dashboard/users'), await browser.get(`/dashboard/users/${admin.id}`)],
    ...[
      await browser.get('/dashboard/account'),
      await browser.get(`/dashboard/keys?search=${encodeURIComponent(HOSTILE)}`),
    ],
    await browser.submit('/dashboard/users', { role: HOSTILE, email: HOSTILE }),
    await browser.submit('/dashboard/settings', { baselineModel: HOSTILE }),
    await browser.submit(`/dashboard/users/${admin.id}/limits`, { allowedModels: HOSTILE, tokensPerMinute: HOSTILE }),
    await browser.get(`/dashboard/audit?person=${encodeURIComponent(HOSTILE)}&from=${encodeURIComponent(HOSTILE)}`),
  ];
  for (const { html } of answers) {
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)');
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<img');
  }
});
