import { beforeEach, expect, test } from 'bun:test';
import { createTestDashboard } from './fixture.ts';
import { PUBLIC_PATHS } from './index.ts';

const publicPaths: readonly string[] = PUBLIC_PATHS;
let dashboard: ReturnType<typeof createTestDashboard>;
beforeEach(() => {
  dashboard = createTestDashboard();
});

/** Every route there is, as `[method, path]`; a new page is in here without anybody thinking of it. */
const routes = () => dashboard.app.routes.map(({ method, path }) => ({ method, path, url: path.replace(/:\w+/, 'x') }));
const call = (method: string, url: string) =>
  method === 'POST' ? dashboard.browser.post(url, {}) : dashboard.browser.get(url);

test('without a session every route but the public ones leads to the sign-in page', async () => {
  const guarded = routes().filter(({ path }) => !publicPaths.includes(path));
  expect(guarded.length).toBeGreaterThanOrEqual(8);
  for (const cookie of ['', 'gateway_session=', 'gateway_session=a.b.c']) {
    dashboard.browser.cookie = cookie;
    for (const { method, path, url } of guarded) {
      const { status, headers, html } = await call(method, url);
      expect([method, path, status, headers.get('location'), html]).toEqual([method, path, 302, '/sign-in', '']);
    }
  }
});

test('HEAD is guarded like GET', async () => {
  const response = await dashboard.app.handle(new Request('http://localhost/dashboard', { method: 'HEAD' }));
  expect(response.status).toBe(302);
});

test('a POST from another origin is refused on every route, signed in or not', async () => {
  const changes = routes().filter(({ method }) => method !== 'GET');
  expect(changes.length).toBeGreaterThanOrEqual(7);
  for (const isSignedIn of [false, true]) {
    if (isSignedIn) await dashboard.signIn('admin');
    for (const { path, url } of changes) {
      for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
        expect([path, (await dashboard.browser.post(url, {}, headers)).status]).toEqual([path, 403]);
      }
    }
  }
});

test('over plain HTTP, where browsers tell the origin alone, another origin is refused as well', async () => {
  await dashboard.signIn('admin');
  const { html } = await dashboard.browser.get('/dashboard/keys');
  const token = /name="form-token" value="(\w+)"/.exec(html)?.[1] ?? '';
  const post = (origin: string) =>
    dashboard.app.handle(
      new Request('http://localhost/dashboard/keys', {
        method: 'POST',
        headers: { cookie: dashboard.browser.cookie, origin, 'content-type': 'application/x-www-form-urlencoded' },
        body: `name=x&form-token=${token}`,
      }),
    );
  expect((await post('http://evil.example')).status).toBe(403);
  expect((await post('null')).status).toBe(403);
  expect((await post('http://localhost')).status).toBe(201);
});

test('a form without the token of its session changes nothing', async () => {
  await dashboard.signIn('member');
  const stolen = /name="form-token" value="(\w+)"/.exec((await dashboard.browser.get('/dashboard')).html)?.[1] ?? '';
  const admin = await dashboard.signIn('admin');
  const forms: Record<string, string>[] = [{}, { 'form-token': '' }, { 'form-token': stolen }];
  for (const fields of forms) {
    expect((await dashboard.browser.post('/dashboard/keys', { name: 'x', ...fields })).status).toBe(403);
  }
  expect(await dashboard.keys.list(admin)).toEqual([]);
  expect((await dashboard.browser.submit('/dashboard/keys', { name: 'x' })).status).toBe(201);
});

test('what is no form of ours is refused before anything is done', async () => {
  await dashboard.signIn('admin');
  const post = (headers: Record<string, string>, body = 'x') =>
    dashboard.browser.post('/dashboard/keys', { body }, headers);
  expect((await post({ 'content-type': 'text/plain' })).status).toBe(400);
  expect((await post({ 'content-type': 'multipart/form-data; boundary=x' })).status).toBe(400);
  expect((await post({ 'content-type': 'application/json' })).status).toBe(400);
  expect((await post({}, 'x'.repeat(70_000))).status).toBe(413);
});

test('every answer carries the security headers, and no page holds inline script or style', async () => {
  await dashboard.signIn('admin');
  for (const { method, url } of routes()) {
    const { headers, html } = await call(method, url);
    const policy = headers.get('content-security-policy') ?? '';
    expect([url, policy]).toEqual([url, expect.stringContaining("default-src 'none'")]);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    if (headers.get('content-type')?.startsWith('text/html')) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(html).toStartWith('<!doctype html><html lang="en" data-theme="system">');
      expect(html).not.toMatch(/<script(?! src=)|<style| style=| on\w+=/);
    }
  }
});

test('a session is renewed when half of it is spent, and ends with the person', async () => {
  await dashboard.signIn('admin');
  expect((await dashboard.browser.get('/dashboard')).headers.get('set-cookie')).toBeNull();
  dashboard.clock.ms += 7 * 3_600_000;
  const renewed = await dashboard.browser.get('/dashboard');
  expect(renewed.headers.get('set-cookie')).toMatch(
    /^gateway_session=\S+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/,
  );
  dashboard.clock.ms += 7 * 3_600_000;
  expect((await dashboard.browser.get('/dashboard')).status).toBe(200);
  await dashboard.accounts.signOutEverywhere('admin');
  expect((await dashboard.browser.get('/dashboard')).status).toBe(302);
});
