import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser, CDPSession } from 'playwright-core';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { VISITED_PAGES } from './page-list.ts';
import { createVisitor, type Visitor } from './visit-pages.ts';

// People who magnify, whose letters are large, who choose their own colours, or whom movement makes sick.

const EXCESS = 'document.documentElement.scrollWidth - window.innerWidth';

describe.if(hasBrowser())('with other eyes', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let visitor: Visitor;
  let devtools: CDPSession;

  beforeAll(async () => {
    gateway = await startGateway();
    const limits = { dailyBudgetNanoUsd: 1_000_000 };
    await gateway.services.keys.create({ name: 'support bot', userId: null, limits });
    const body = JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'hello' }] });
    const headers = { authorization: `Bearer ${gateway.key}` };
    await (await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body })).text();
    await gateway.services.writer.flush();
    browser = await launchBrowser();
    visitor = await createVisitor(browser, gateway, 'admin');
    devtools = await visitor.context.newCDPSession(visitor.page);
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  const pages = VISITED_PAGES.map((page) => [page.name, page] as const);
  const setLetters = (standard: number) =>
    devtools.send('Page.setFontSizes', { fontSizes: { standard, fixed: standard } });

  test.each(pages)('%s: fits when it is magnified four times, and with letters twice as large', async (_, { path }) => {
    const { page, context } = visitor;
    const address = gateway.url + (await path(gateway));
    for (const language of ['en', 'es']) {
      await context.addCookies([{ name: 'gateway_language', value: language, url: gateway.url }]);
      // 1280 pixels of a screen, four times as large each.
      await page.setViewportSize({ width: 320, height: 256 });
      await page.goto(address);
      expect([language, Number(await page.evaluate(EXCESS))]).toEqual([language, 0]);
      await page.setViewportSize({ width: 1280, height: 900 });
      await setLetters(32);
      await page.goto(address);
      expect([language, Number(await page.evaluate(EXCESS))]).toEqual([language, 0]);
      await setLetters(16);
    }
  });

  test.each(pages)('%s: nothing moves for those who asked for that', async (_, { path }) => {
    const { page } = visitor;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(gateway.url + (await path(gateway)));
    const moving = await page.evaluate(`[...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      return animationName !== 'none' || transitionDuration.split(',').some((time) => parseFloat(time) > 0);
    }).length`);
    await page.emulateMedia({ reducedMotion: null });
    expect(moving).toBe(0);
  });

  test('colours of their own still show which page this is, how much of a budget is spent, and the parts of a chart', async () => {
    const { page } = visitor;
    await page.emulateMedia({ forcedColors: 'active' });
    await page.goto(`${gateway.url}/dashboard/keys`);
    const styleOf = (selector: string, property: string) =>
      page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`);
    expect(await styleOf('nav a[aria-current]', 'outlineStyle')).toBe('solid');
    expect(await styleOf('nav a[data-key=o]', 'outlineStyle')).toBe('none');
    expect(await styleOf('main progress', 'borderTopStyle')).toBe('solid');
    await page.goto(`${gateway.url}/dashboard`);
    await page.waitForSelector('canvas:not([hidden])');
    await page.screenshot({ path: 'test/screenshots/forced-colours.png' });
    await page.emulateMedia({ forcedColors: null });
  });

  test('the browser had nothing to complain about', () => {
    expect(visitor.complaints.filter((text) => !text.includes('404'))).toEqual([]);
  });
});
