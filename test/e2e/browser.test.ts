import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { startGateway, type TestGateway } from '../gateway.ts';

const person = { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery staple' };

describe.if(hasBrowser())('in a real browser', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    gateway = await startGateway();
    browser = await launchBrowser();
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  test('somebody without an account is told to use the setup link', async () => {
    await page.goto(gateway.url);
    expect(await page.textContent('body')).toMatch(/setup link/i);
  });

  test('the setup link makes the first admin, once', async () => {
    const token = await gateway.services.accounts.issueSetupToken();
    await page.goto(`${gateway.url}/setup?token=${token}`);
    await page.fill('input[name=name]', person.name);
    await page.fill('input[name=email]', person.email);
    await page.fill('input[name=password]', person.password);
    await page.click('main button.primary');
    await page.waitForURL(/\/dashboard/);
    const again = await fetch(`${gateway.url}/setup?token=${token}`, { redirect: 'manual' });
    expect(again.status).not.toBe(200);
  });

  test('a key made on its page is shown once, and works', async () => {
    await page.goto(`${gateway.url}/dashboard/keys`);
    await page.fill('input[name=name]', 'my <b>program</b>');
    await page.click('main form button.primary');
    const text = (await page.textContent('main')) ?? '';
    const key = /gw-[\w-]{43}/.exec(text)?.[0] ?? '';
    expect(text).toContain('my <b>program</b>');
    await page.goto(`${gateway.url}/dashboard/keys`);
    expect(await page.content()).not.toContain(key);

    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'hello from the browser test' }] }),
    });
    expect(response.status).toBe(200);
    await gateway.services.writer.flush();
    await page.goto(`${gateway.url}/dashboard`);
    const overview = (await page.textContent('main')) ?? '';
    expect(overview).toContain('my <b>program</b>');
    expect(overview).toMatch(/simulated/i);
  });

  test('the overview moves within a second of a request, without anybody touching it', async () => {
    const isListening = page.waitForResponse(/dashboard\/live/);
    await page.goto(`${gateway.url}/dashboard`);
    expect((await isListening).status()).toBe(200);
    const ask = (model: string) =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${gateway.key}` },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: `what moves? ${model}` }] }),
      });
    const figure = '.card:has(dt:text-is("Requests")) .value';
    const before = Number(await page.textContent(figure));
    expect((await ask('auto')).status).toBe(200);
    await page.waitForSelector(`${figure}:text-is("${before + 1}")`, { timeout: 1000 });
  });

  test('the language and the theme are switched without a script, and stay', async () => {
    await page.goto(`${gateway.url}/dashboard/keys`);
    await page.click('[popovertarget=account]');
    await page.click('button[name=language][value=es]');
    await page.waitForSelector('html[lang=es]');
    expect(page.url()).toEndWith('/dashboard/keys');
    expect(await page.textContent('h1')).toBe('Claves');
    await page.click('[popovertarget=account]');
    await page.click('button[name=theme][value=dark]');
    await page.waitForSelector('html[data-theme=dark]');
    await page.click('[popovertarget=account]');
    await page.click('button[name=theme][value=system]');
    await page.waitForSelector('html[data-theme=system]');
    await page.click('[popovertarget=account]');
    await page.click('button[name=language][value=en]');
    await page.waitForSelector('html[lang=en]');
  });

  test('revoking asks in a dialog first, and says what it has done', async () => {
    await page.goto(`${gateway.url}/dashboard/keys`);
    await page.click('tbody tr:first-child button[command=show-modal]');
    await page.click('dialog[open] button.danger');
    await page.waitForURL(/done=key-revoked/);
    expect(await page.textContent('.note')).toStartWith('The key is revoked. This can be undone until');
  });

  test('signing out ends the session, and signing in opens another', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${gateway.url}/dashboard`);
    await page.click('[popovertarget=account]');
    await page.click('form[action="sign-out"] button');
    await page.waitForURL(/sign-in/);
    await page.goto(`${gateway.url}/dashboard`);
    expect(page.url()).toContain('/sign-in');
    await page.fill('input[name=email]', person.email);
    await page.fill('input[name=password]', person.password);
    await page.click('main button.primary');
    await page.waitForURL(/\/dashboard/);
  });

  test('the browser had nothing to complain about', () => {
    expect(complaints).toEqual([]);
    expect(gateway.logged.errors).toEqual([]);
  });
});
