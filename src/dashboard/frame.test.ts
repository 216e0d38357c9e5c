import { beforeEach, expect, test } from 'bun:test';
import { maySee, PAGES, type PageId, pagesFor } from '../../views/pages.ts';
import { createTestDashboard, PASSWORD } from './fixture.ts';
import { REQUEST } from './fixture-data.ts';
import { languageOf } from './visit.ts';

const ROLES = ['admin', 'member', 'viewer'] as const;
const BELOW = { publicUrl: 'https://ai.example/gateway', basePath: '/gateway' };

let dashboard: ReturnType<typeof createTestDashboard>;
beforeEach(() => {
  dashboard = createTestDashboard();
});

/** The page a route belongs to: the one with the longest path it begins with. */
function pageOf(path: string): PageId | null {
  const ids = Object.keys(PAGES).filter((id): id is PageId => id in PAGES);
  const fitting = ids.filter((id) => id !== 'overview' && path.startsWith(`/${PAGES[id].path}`));
  return path === '/dashboard' ? 'overview' : (fitting[0] ?? null);
}

/** Of a page that this role may see: forms of an admin are for nobody else, and nothing here is called `x`. */
function statusOf(role: (typeof ROLES)[number], path: string): number {
  if (/\/(new|own\/:id)$/.test(path) && role !== 'admin') return 403;
  return path.includes(':') ? 404 : 200;
}

test('each role gets the pages listed for it and is refused the others, whatever the route', async () => {
  const routes = dashboard.app.routes.filter(({ path }) => pageOf(path) !== null);
  expect(routes.length).toBeGreaterThanOrEqual(7);
  for (const role of ROLES) {
    await dashboard.signIn(role);
    for (const { method, path } of routes) {
      const url = path.replace(/:\w+/, 'x');
      const page = pageOf(path) ?? 'overview';
      const answer = method === 'GET' ? await dashboard.browser.get(url) : await dashboard.browser.submit(url, {});
      const isRefused = answer.status === 403;
      if (!maySee(role, page)) expect([role, path, isRefused]).toEqual([role, path, true]);
      else if (method === 'GET') expect([role, path, answer.status]).toEqual([role, path, statusOf(role, path)]);
      else expect([role, path, answer.status < 500]).toEqual([role, path, true]);
    }
  }
});

test('the navigation shows what there is for the role, and where one is', async () => {
  for (const role of ROLES) {
    await dashboard.signIn(role);
    const { html } = await dashboard.browser.get('/dashboard/keys');
    const links = [...html.matchAll(/<a href="([^"]+)" data-key/g)].map((match) => match[1]);
    expect(links).toEqual(pagesFor(role).map(({ path }) => path));
    expect(html).toContain('<a href="dashboard/keys" data-key="k" aria-current="page">');
    expect(html.includes('href="dashboard/providers"')).toBe(role !== 'member');
  }
});

test('no address in any page begins with a slash, but the base', async () => {
  dashboard = createTestDashboard(BELOW);
  const admin = await dashboard.signIn('admin');
  await dashboard.keys.mint(admin, { name: 'app' });
  dashboard.ledger.latest = [REQUEST];
  const pages = [await dashboard.browser.submit('/dashboard/keys', { name: 'x' })];
  for (const { method, path } of dashboard.app.routes) {
    const isPage = method === 'GET' && !/assets|favicon|live|chart\.json|export/.test(path);
    if (isPage) pages.push(await dashboard.browser.get(path.replace('*', 'nothing')));
  }
  const documents = pages.filter(({ html }) => html !== '');
  expect(documents.length).toBeGreaterThanOrEqual(5);
  for (const { html } of documents) {
    expect(html).toContain('<base href="/gateway/">');
    expect(html.match(/ (?:href|src|action|formaction|hx-[\w:-]+|data-src)="\/[^"]*"/g)).toEqual([' href="/gateway/"']);
  }
});

test('under a path every redirect, cookie and snippet carries it', async () => {
  dashboard = createTestDashboard(BELOW);
  const { accounts, browser } = dashboard;
  expect((await browser.get('/')).headers.get('location')).toBe('/gateway/setup');
  const token = (await accounts.issueSetupToken()) ?? '';
  const done = await browser.post('/setup', { token, email: 'ada@example.com', password: PASSWORD });
  expect(done.headers.get('location')).toBe('/gateway/dashboard');
  expect(done.headers.get('set-cookie')).toMatch(/^__Secure-gateway_session=\S+; Path=\/gateway; .*Secure/);
  const made = await browser.submit('/dashboard/keys', { name: 'app' });
  expect(made.html).toContain('https://ai.example/gateway/v1/chat/completions');
});

test('the language is the one chosen, else the one the browser likes best, else English', () => {
  expect(languageOf('es', 'en')).toBe('es');
  expect(languageOf('xx', 'es-MX,en;q=0.5')).toBe('es');
  expect(languageOf(null, 'fr, en;q=0.3, es;q=0.7')).toBe('es');
  expect(languageOf(null, 'es;q=0, fr')).toBe('en');
  for (const odd of [null, '', ';;;', 'q=1', '*', 'es;q=x']) expect(languageOf(null, odd)).toBe('en');
});

test('a switch is kept in a cookie and leads back to the page, and to no other site', async () => {
  const { browser } = dashboard;
  await dashboard.signIn('admin');
  const session = browser.cookie;
  const chosen = await browser.post('/preferences', { language: 'es', theme: 'dark', back: 'dashboard/keys?done=x' });
  expect(chosen.headers.get('location')).toBe('/dashboard/keys?done=x');
  expect(chosen.headers.getSetCookie().map((cookie) => cookie.split(';')[0])).toEqual([
    ...['gateway_language=es', 'gateway_theme=dark'],
  ]);
  browser.cookie = `${session}; gateway_language=es; gateway_theme=dark`;
  const { html } = await browser.get('/dashboard/keys');
  expect(html).toContain('<html lang="es" data-theme="dark">');
  expect(html).toContain('<h1>Claves</h1>');

  for (const back of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    'dashboard\r\nx: y',
    'javascript:1',
    '',
  ]) {
    const odd = await browser.post('/preferences', { language: 'xx', theme: 'pink', back });
    expect([odd.headers.get('location'), odd.headers.get('set-cookie')]).toEqual(['/dashboard', null]);
  }
});

test('refusals are told in the language of the page', async () => {
  await dashboard.signIn('admin');
  dashboard.browser.cookie += '; gateway_language=es';
  const refused = await dashboard.browser.submit('/dashboard/keys', { name: ' ' });
  expect([refused.status, refused.html]).toEqual([400, expect.stringContaining('El nombre hace falta')]);
});

test('the notice of what was done comes from our list, never from the address', async () => {
  await dashboard.signIn('admin');
  expect((await dashboard.browser.get('/dashboard/keys?done=key-revoked')).html).toContain('The key is revoked.');
  for (const word of ['toString', '__proto__', '<b>x</b>', '']) {
    const { html } = await dashboard.browser.get(`/dashboard/keys?done=${encodeURIComponent(word)}`);
    expect(html).not.toContain('class="note good"');
  }
});

test('htmx without a session is led to the sign-in page, and with one it sends the token as a header', async () => {
  const lost = await dashboard.browser.get('/dashboard/keys', { 'hx-request': 'true' });
  expect([lost.status, lost.headers.get('hx-redirect'), lost.html]).toEqual([200, '/sign-in', '']);

  const admin = await dashboard.signIn('admin');
  const { html } = await dashboard.browser.get('/dashboard');
  const header = /hx-headers:inherited="([^"]+)"/.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '{}';
  const headers: Record<string, string> = JSON.parse(header);
  expect((await dashboard.browser.post('/dashboard/keys', { name: 'x' })).status).toBe(403);
  expect((await dashboard.browser.post('/dashboard/keys', { name: 'x' }, headers)).status).toBe(201);
  expect(await dashboard.keys.list(admin)).toHaveLength(1);
});

test('what is not there is told on a page', async () => {
  await dashboard.signIn('viewer');
  const missing = await dashboard.browser.get('/dashboard/no/such/page');
  expect([missing.status, missing.html]).toEqual([404, expect.stringContaining('There is no such page here.')]);
});
