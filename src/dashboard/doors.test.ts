import { beforeEach, expect, test } from 'bun:test';
import { brotliDecompressSync } from 'node:zlib';
import { ASSET_URLS } from './assets.ts';
import { createTestDashboard, PASSWORD } from './fixture.ts';

let dashboard: ReturnType<typeof createTestDashboard>;
beforeEach(() => {
  dashboard = createTestDashboard();
});

const location = ({ headers }: { headers: Headers }) => headers.get('location');

test('before there is an admin everything leads to a page that tells of the setup link', async () => {
  const { browser } = dashboard;
  expect(location(await browser.get('/'))).toBe('/setup');
  expect(location(await browser.get('/sign-in'))).toBe('/setup');
  const waiting = await browser.get('/setup');
  expect(waiting.html).toContain('Open the setup link that it printed when it started');
  expect(waiting.html).not.toContain('action="setup"');
});

test('the setup link makes the first admin, signs them in, and is spent', async () => {
  const { browser } = dashboard;
  const token = await dashboard.accounts.issueSetupToken();
  const form = await browser.get(`/setup?token=${token}`);
  expect(form.html).toContain(`<input type="hidden" name="token" value="${token}">`);

  const fields = { token: token!, email: 'ada@example.com', name: 'Ada', password: PASSWORD };
  const short = await browser.post('/setup', { ...fields, password: 'short' });
  expect(short.status).toBe(400);
  expect(short.html).toContain('A password needs at least 12 characters.');
  expect(short.html).toContain('value="ada@example.com"');
  expect(short.html).not.toContain('value="short"');

  const done = await browser.post('/setup', fields);
  expect([done.status, location(done)]).toEqual([302, '/dashboard']);
  expect((await browser.get('/dashboard')).html).toContain('Ada');
  expect(location(await browser.get('/'))).toBe('/dashboard');

  browser.cookie = '';
  expect(location(await browser.get(`/setup?token=${token}`))).toBe('/sign-in');
  expect(location(await browser.post('/setup', { ...fields, email: 'eve@example.com' }))).toBe('/sign-in');
});

test('a setup link that is made up is refused', async () => {
  await dashboard.accounts.issueSetupToken();
  const { browser } = dashboard;
  const fields = { token: 'x', email: 'eve@example.com', name: '', password: PASSWORD };
  for (const answer of [await browser.get('/setup?token=x'), await browser.post('/setup', fields)]) {
    expect(answer.status).toBe(403);
    expect(answer.html).toContain('not valid any more');
  }
  expect(await dashboard.accounts.isSetUp()).toBe(false);
});

test('signing in with the right password, and out again', async () => {
  const { browser, accounts } = dashboard;
  const email = 'ada@example.com';
  await accounts.setup({ token: (await accounts.issueSetupToken())!, email, password: PASSWORD });
  expect(location(await browser.get('/'))).toBe('/sign-in');

  const wrong = await browser.post('/sign-in', { email, password: 'wrong' });
  expect(wrong.status).toBe(401);
  expect(wrong.html).toContain('The e-mail or the password is wrong.');
  expect(wrong.html).toContain(`value="${email}"`);

  const right = await browser.post('/sign-in', { email, password: PASSWORD });
  expect([right.status, location(right)]).toEqual([302, '/dashboard']);
  expect(location(await browser.get('/sign-in'))).toBe('/dashboard');

  const copy = browser.cookie;
  expect(location(await browser.submit('/sign-out', {}))).toBe('/sign-in');
  expect(browser.cookie).toBe('');
  browser.cookie = copy;
  expect((await browser.get('/dashboard')).status).toBe(302);
});

test('the sixth wrong password has to wait', async () => {
  const { browser } = dashboard;
  const guess = () => browser.post('/sign-in', { email: 'ada@example.com', password: 'wrong' });
  await Promise.all(Array.from({ length: 5 }, guess));
  const refused = await guess();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
  expect(refused.html).toContain('Try again in 30 seconds.');
});

test('files of the pages are kept for ever under a name that changes with them, and compressed', async () => {
  const { browser } = dashboard;
  const { html } = await browser.get('/setup');
  for (const url of [ASSET_URLS.style, ASSET_URLS.script, ASSET_URLS.icon]) expect(html).toContain(`"${url}"`);
  for (const url of Object.values(ASSET_URLS)) {
    expect(url).toMatch(/^assets\/\w+\.[0-9a-f]{12}\.\w+$/);
    const file = await browser.get(`/${url}`);
    expect(file.status).toBe(200);
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const packed = await dashboard.app.handle(
      new Request(`http://localhost/${url}`, { headers: { 'accept-encoding': 'gzip' } }),
    );
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(new TextDecoder().decode(Bun.gunzipSync(await packed.arrayBuffer()))).toBe(file.html);
    const smaller = await dashboard.app.handle(
      new Request(`http://localhost/${url}`, { headers: { 'accept-encoding': 'gzip, br' } }),
    );
    expect(smaller.headers.get('content-encoding')).toBe('br');
    expect(brotliDecompressSync(await smaller.arrayBuffer()).toString()).toBe(file.html);
  }
  expect((await browser.get('/favicon.ico')).headers.get('content-type')).toBe('image/svg+xml');
  for (const url of ['/assets/style.css', '/assets/..%2f..%2fpackage.json', '/assets/__proto__']) {
    expect((await browser.get(url)).status).toBe(404);
  }
});
