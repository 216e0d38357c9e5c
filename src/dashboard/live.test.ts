import { afterEach, beforeEach, expect, test } from 'bun:test';
import { createTestDashboard } from './fixture.ts';
import { NO_TOTALS } from './fixture-data.ts';

let dashboard: ReturnType<typeof createTestDashboard>;
beforeEach(() => {
  dashboard = createTestDashboard();
});
afterEach(() => {
  dashboard.live.stop();
  expect(dashboard.failures).toEqual([]);
});

/** A tab that has the overview open. */
async function open(path = '/dashboard/live?topic=overview') {
  const { app, browser } = dashboard;
  const response = await app.handle(
    new Request(`http://localhost${path}`, { headers: { cookie: browser.cookie, 'hx-request': 'true' } }),
  );
  const reader = response.body?.getReader();
  const next = async () => {
    const { value } = (await reader?.read()) ?? {};
    return value === undefined ? null : new TextDecoder().decode(value);
  };
  return { response, next, close: () => reader?.cancel() };
}

const withRequests = (requests: number) => {
  dashboard.ledger.totals = { ...NO_TOTALS, requests };
};

test('a tab is told at once how things are, and again when they have changed', async () => {
  await dashboard.signIn('viewer');
  withRequests(1234);
  const tab = await open();
  expect(tab.response.headers.get('content-type')).toBe('text/event-stream');
  const first = (await tab.next()) ?? '';
  expect(first).toStartWith('data: <dl');
  expect(first).toEndWith('\n\n');
  expect(first).toContain('1,234');
  withRequests(1235);
  dashboard.live.publish();
  expect(await tab.next()).toContain('1,235');
});

test('fifty tabs cost one drawing, and tabs in two languages cost two', async () => {
  await dashboard.signIn('admin');
  const { cookie } = dashboard.browser;
  const tabs = await Promise.all(Array.from({ length: 50 }, () => open()));
  dashboard.browser.cookie = `${cookie}; gateway_language=es`;
  tabs.push(await open());
  await Promise.all(tabs.map((tab) => tab.next()));

  const drawn = dashboard.ledger.drawn();
  dashboard.live.publish();
  dashboard.live.publish();
  const frames = await Promise.all(tabs.map((tab) => tab.next()));
  expect(dashboard.ledger.drawn() - drawn).toBe(2);
  expect(new Set(frames.slice(0, 50)).size).toBe(1);
  expect(frames[50]).toContain('Peticiones');
});

test('a tab that does not read gets the newest when it does, and is dropped when it never does', async () => {
  await dashboard.signIn('admin');
  const [slow, dead, watcher] = [await open(), await open(), await open()];
  await watcher.next();
  for (const requests of [2, 3]) {
    withRequests(requests);
    dashboard.live.publish();
    await watcher.next();
  }
  expect(await slow.next()).toContain('>3<');
  dashboard.clock.ms += 46_000;
  await dashboard.live.beat();
  expect(dashboard.live.openCount()).toBe(2);
  expect(await dead.next()).toBeNull();
  expect(await watcher.next()).toBe(': \n\n');
});

test('signing out ends the tabs of the session, and so does losing the account', async () => {
  await dashboard.signIn('admin');
  const tab = await open();
  await tab.next();
  const other = await open();
  await other.next();
  await dashboard.accounts.signOutEverywhere('admin');
  await dashboard.live.beat();
  expect(await tab.next()).toContain('event: signed-out');
  expect(await tab.next()).toBeNull();

  await dashboard.signIn('viewer');
  const last = await open();
  await last.next();
  await dashboard.browser.submit('/sign-out', {});
  expect(await last.next()).toContain('event: signed-out');
  expect(dashboard.live.openCount()).toBe(0);
});

test('a tab that is closed is forgotten, and none is left at a stop', async () => {
  await dashboard.signIn('admin');
  const [one, two] = [await open(), await open()];
  await one.close();
  expect(dashboard.live.openCount()).toBe(1);
  await two.next();
  dashboard.live.stop();
  expect(await two.next()).toBeNull();
  expect((await open()).response.status).toBe(503);
});

test('a topic that is not there is 404, and without a session there is nothing to hear', async () => {
  expect((await open()).response.headers.get('hx-redirect')).toBe('/sign-in');
  await dashboard.signIn('admin');
  for (const topic of ['', 'nothing', '__proto__']) {
    expect((await open(`/dashboard/live?topic=${topic}`)).response.status).toBe(404);
  }
});
