import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { createVisitor, type Visitor } from './visit-pages.ts';

const ADMIN = { id: '', email: '', name: '', role: 'admin' } as const;

describe.if(hasBrowser())('the routing page, in a real browser', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let admin: Visitor;
  let keyId = '';

  beforeAll(async () => {
    gateway = await startGateway();
    const userId = await gateway.person('admin');
    keyId = (await gateway.services.keys.create({ name: 'mine', userId })).row.id;
    browser = await launchBrowser();
    admin = await createVisitor(browser, gateway, 'admin');
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  test('a prompt that is tried tells who would answer and what became of every other model, and asks nobody', async () => {
    const { page } = admin;
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${gateway.url}/dashboard/routing`);
    await page.fill('#try textarea[name=prompt]', 'Prove that there are infinitely many primes. <script>1</script>');
    await page.selectOption('#try select[name=model]', 'auto:quality');
    await page.click('#try button.primary');
    await page.waitForSelector('#decision');
    const text = (await page.textContent('#decision')) ?? '';
    expect(text).toMatch(/1\. \w+\/[\w.-]+/);
    expect(text).toMatch(/\d+ models not tried, and why/);
    expect(await page.inputValue('#try textarea[name=prompt]')).toContain('<script>1</script>');
    const decision = await gateway.services.playground.decide({
      ...{ keyId, model: 'auto:quality', system: '', prompt: 'Prove it.', temperature: null, maxTokens: null },
      isFresh: false,
    });
    expect(await page.$$eval('#decision tbody tr', (rows) => rows.length)).toBe(decision.candidates.length);
    expect(await gateway.allRequests()).toEqual([]);
    await page.evaluate(axe.source);
    expect(await page.evaluate('axe.run(document).then(({ violations }) => violations.map(({ id }) => id))')).toEqual(
      [],
    );
    await page.screenshot({ path: 'test/screenshots/routing-tried-1440.png', fullPage: true });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'))).toBe(0);
    await page.screenshot({ path: 'test/screenshots/routing-tried-390.png', fullPage: true });
  }, 20_000);

  test('a strategy that is saved holds from the next request on', async () => {
    const { page } = admin;
    await page.goto(`${gateway.url}/dashboard/routing`);
    await page.selectOption('select[aria-label="Strategy of “test key”"]', 'quality');
    await page.click('button[aria-label="Save for “test key”"]');
    await page.waitForURL(/done=strategy-changed/);
    expect(await page.inputValue('select[aria-label="Strategy of “test key”"]')).toBe('quality');
    const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}` },
      body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'hello' }] }),
    });
    expect(answer.headers.get('x-gateway-strategy')).toBe('quality');
  }, 20_000);

  test('a replay of what was asked tells what it would have cost, and its policy becomes the key’s', async () => {
    const ask = (content: string) =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${gateway.key}`, 'x-gateway-strategy': 'quality' },
        body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content }] }),
      });
    for (const content of ['Translate "house".', 'Name a river.']) expect((await ask(content)).status).toBe(200);
    await gateway.services.writer.flush();
    const { page } = admin;
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${gateway.url}/dashboard/routing`);
    await page.click('.segments a:not([aria-current])');
    await page.selectOption('select[name=strategy]', 'cost');
    await page.click('main form button.primary');
    await page.waitForSelector('#run .cards');
    const text = (await page.textContent('#run')) ?? '';
    expect(text).toMatch(/[23] requests of the last 30 days/);
    expect(text).toMatch(/Saved\$0\.\d+/);
    await page.evaluate(axe.source);
    expect(await page.evaluate('axe.run(document).then(({ violations }) => violations.map(({ id }) => id))')).toEqual(
      [],
    );
    await page.screenshot({ path: 'test/screenshots/replay-done-1440.png', fullPage: true });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    expect(Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'))).toBe(0);
    await page.screenshot({ path: 'test/screenshots/replay-done-390.png', fullPage: true });
    await page.selectOption('select[name=saveKey]', keyId);
    await page.click('form[action$=save] button');
    await page.waitForURL(/done=policy-saved/);
    const [row] = (await gateway.services.keys.list(ADMIN)).filter(({ id }) => id === keyId);
    expect(row?.policy).toMatchObject({ strategy: 'cost' });
  }, 20_000);

  test('the browser had nothing to complain about, and neither had we', () => {
    expect(admin.complaints).toEqual([]);
    expect(gateway.logged.errors).toEqual([]);
  });
});
