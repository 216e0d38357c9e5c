import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { findGatewayKey } from '../../src/db/queries/gateway-keys.ts';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { DOORS, VISITED_PAGES } from './page-list.ts';
import { createVisitor, inspect, LOOKS, type Visitor } from './visit-pages.ts';

describe.if(hasBrowser())('every page, in a real browser', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let admin: Visitor;
  let nobody: Visitor;

  beforeAll(async () => {
    gateway = await startGateway({ env: { SHADOW_SHARE_PERCENT: '100', SHADOW_JUDGE_MODEL: 'gemini-3.8-flash' } });
    browser = await launchBrowser();
    admin = await createVisitor(browser, gateway, 'admin');
    nobody = await createVisitor(browser, gateway, null);
    await useIt(gateway);
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  const named = (pages: typeof DOORS) => pages.map((page) => [page.name, page] as const);

  test.each(named(VISITED_PAGES))(
    '%s: fits, can be read by everybody, and has nothing to complain about',
    async (_, page) => {
      for (const look of LOOKS) expect([look, await inspect(admin, gateway, page, look)]).toEqual([look, []]);
      const expected = page.name === 'not-found' ? [expect.stringContaining('404')] : [];
      expect(admin.complaints.splice(0).slice(0, 1)).toEqual(expected);
    },
    60_000,
  );

  test.each(named(DOORS))(
    '%s: the same for somebody at the door',
    async (_, page) => {
      for (const look of LOOKS) expect([look, await inspect(nobody, gateway, page, look)]).toEqual([look, []]);
      expect(nobody.complaints.splice(0)).toEqual([]);
    },
    60_000,
  );

  test('on a phone the menu opens without a script, and leads on', async () => {
    const context = await browser.newContext({
      ...{ javaScriptEnabled: false, viewport: { width: 390, height: 844 } },
      storageState: await admin.context.storageState(),
    });
    const page = await context.newPage();
    await page.goto(`${gateway.url}/dashboard`);
    expect(await page.isVisible('nav a[data-key=k]')).toBe(false);
    await page.click('.bar button');
    await page.screenshot({ path: 'test/screenshots/menu-390.png' });
    await page.click('nav a[data-key=k]');
    expect(page.url()).toEndWith('/dashboard/keys');
    await context.close();
  });

  test('without a script a question unfolds in the page, and a key is revoked all the same', async () => {
    const { row } = await gateway.services.keys.create({ name: 'to end', userId: await gateway.person('admin') });
    const context = await browser.newContext({
      ...{ javaScriptEnabled: false, storageState: await admin.context.storageState() },
    });
    const page = await context.newPage();
    await page.goto(`${gateway.url}/dashboard/keys/${row.id}`);
    expect(await page.isVisible('button[commandfor=revoke]')).toBe(false);
    await page.click('.plain-question summary');
    await page.click('.plain-question form button');
    await page.waitForURL(/done=key-revoked/, { waitUntil: 'commit' });
    expect((await findGatewayKey(gateway.services.db, { id: row.id, userId: null }))?.revokedAt).toBeNumber();
    await context.close();
  }, 30_000);

  test('behind a proxy that puts us under a path, pages, files, forms and live parts still find their way', async () => {
    let target = '';
    const proxy = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      idleTimeout: 0,
      fetch(request) {
        const url = new URL(request.url);
        if (!url.pathname.startsWith('/gateway/')) return new Response('not us', { status: 404 });
        const { method, headers, body } = request;
        return fetch(target + url.pathname.slice('/gateway'.length) + url.search, {
          ...{ method, headers, body, redirect: 'manual', decompress: false },
        });
      },
    });
    const below = await startGateway({ env: { PUBLIC_URL: `http://127.0.0.1:${proxy.port}/gateway` } });
    target = below.url;
    const visitor = await createVisitor(browser, below, 'admin');
    const { page } = visitor;
    const isListening = page.waitForResponse(/gateway\/dashboard\/live/);
    await page.goto(`http://127.0.0.1:${proxy.port}/gateway/`);
    expect((await isListening).status()).toBe(200);
    await page.click('nav a[data-key=k]');
    await page.fill('input[name=name]', 'below');
    await page.click('main button.primary');
    await page.waitForSelector('#new-key');
    await page.click('[popovertarget=account]');
    await page.click('button[name=language][value=es]');
    await page.waitForSelector('html[lang=es]');
    await page.click('[popovertarget=account]');
    await page.click('form[action="sign-out"] button');
    await page.waitForURL(/\/gateway\/sign-in$/);
    expect(visitor.complaints).toEqual([]);
    await below.stop();
    await proxy.stop(true);
  }, 20_000);

  test('the keyboard leads: the skip link first, `g k` to the keys', async () => {
    const { page } = admin;
    await page.goto(`${gateway.url}/dashboard`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(page.url()).toEndWith('/dashboard#content');
    await page.keyboard.press('g');
    await page.keyboard.press('k');
    await page.waitForURL(/dashboard\/keys$/);
  });
});

/** A few requests and keys, so that there is something to see. */
async function useIt({ url, key, services, person }: TestGateway): Promise<void> {
  await services.keys.create({ name: 'support bot', userId: null, strategy: 'cost' });
  await services.keys.create({
    name: 'nightly report',
    userId: null,
    strategy: 'quality',
    limits: { requestsPerMinute: 60 },
  });
  const userId = await person('admin');
  const arms = [
    { name: 'new model', percent: 50, allowedModels: ['gpt-6.1-terra'] },
    { name: 'cautious', percent: 20 },
  ];
  const policy = { rules: [], experiment: { name: 'canary of November', stickyBy: 'conversation', arms } };
  const own = await services.keys.create({ name: 'of my own', userId, policy });
  for (const content of ['hello', 'hello', 'Prove that there are infinitely many primes.', 'Translate "house".']) {
    const body = JSON.stringify({ model: 'auto', messages: [{ role: 'user', content }] });
    await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body });
  }
  for (let conversation = 0; conversation < 12; conversation++) {
    const body = JSON.stringify({
      model: 'auto',
      messages: [{ role: 'user', content: `Name river ${conversation}.` }],
    });
    const headers = { authorization: `Bearer ${own.key}` };
    const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body });
    const said = { request_id: answer.headers.get('x-gateway-request-id'), passed: conversation % 3 > 0 };
    await fetch(`${url}/v1/feedback`, { method: 'POST', headers, body: JSON.stringify(said) });
  }
  await services.stages.shadow?.idle();
  await services.writer.flush();
}
