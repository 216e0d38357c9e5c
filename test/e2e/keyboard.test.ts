import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { Secret } from '../../src/lib/secret.ts';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { createHands, type Hands, sweep } from './keyboard.ts';
import { DOORS, VISITED_PAGES } from './page-list.ts';
import { createVisitor, type Visitor } from './visit-pages.ts';

// Nobody here has a mouse: Tab, Enter, Space, arrows and Escape do everything.

const person = { email: 'ada@example.com', password: 'correct horse battery staple' };

describe.if(hasBrowser())('with the keyboard alone', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;
  let hands: Hands;
  /** Pages whose dialogs were opened and closed. */
  const tried = new Set<string>();

  beforeAll(async () => {
    gateway = await startGateway();
    const token = (await gateway.services.accounts.issueSetupToken()) ?? '';
    await gateway.services.accounts.setup({ token, name: 'Ada', ...person });
    for (const name of ['support bot', 'nightly report']) await gateway.services.keys.create({ name, userId: null });
    await gateway.person('member');
    for (const content of ['hello', 'Prove that there are infinitely many primes.']) await ask(content);
    await gateway.services.writer.flush();
    browser = await launchBrowser();
    visitor = await createVisitor(browser, gateway, null);
    page = visitor.page;
    await page.setViewportSize({ width: 1440, height: 900 });
    await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: gateway.url });
    hands = createHands(page);
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  const vault = () => gateway.services.vault;

  async function ask(content: string): Promise<void> {
    const body = JSON.stringify({ model: 'auto', messages: [{ role: 'user', content }] });
    const headers = { authorization: `Bearer ${gateway.key}` };
    await (await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body })).text();
  }

  test('somebody signs in: the first field has the focus already', async () => {
    await page.goto(`${gateway.url}/sign-in`);
    expect((await hands.look()).name).toMatch(/^input/);
    await hands.type(person.email);
    await hands.tab();
    await hands.type(person.password);
    await hands.press('Enter');
    await page.waitForURL(/\/dashboard$/);
  });

  test('skips what every page begins with, and scrolls on from the content', async () => {
    expect((await hands.tab()).name).toBe('a Skip to content');
    await hands.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    expect(await page.evaluate(`document.activeElement.contains(document.activeElement)`)).toBe(true);
    const next = await hands.tab();
    expect(await page.evaluate(`document.querySelector('main').contains(document.activeElement)`)).toBe(true);
    expect(next.wrong).toEqual([]);
  });

  test('makes a key and copies it', async () => {
    await hands.enter('nav a[data-key=k]');
    await page.waitForURL(/dashboard\/keys$/);
    await hands.tabTo('main input[name=name]');
    await hands.type('by hand');
    await hands.press('Enter');
    await page.waitForSelector('#new-key');
    await hands.enter('[data-copy=new-key]');
    const copied = String(await page.evaluate('navigator.clipboard.readText()'));
    expect(copied).toMatch(/^gw-[\w-]{43}$/);
    expect(copied).toBe((await page.textContent('#new-key')) ?? '');
    // The snippets are folded; the arrow of another one opens it.
    await hands.tabTo('.snippets details:nth-child(8) summary');
    await hands.press('Enter');
    expect(await page.isVisible('#snippet-7')).toBe(true);
    await hands.tabTo('[data-copy=snippet-7]');
    await hands.press(' ');
    expect(String(await page.evaluate('navigator.clipboard.readText()'))).toContain('ANTHROPIC_AUTH_TOKEN');
  });

  test('filters the requests and opens one', async () => {
    await page.goto(`${gateway.url}/dashboard/requests`);
    await hands.enter('main form summary');
    await hands.tabTo('select[name=cache]');
    await hands.press('ArrowDown');
    await hands.enter('main form button[type=submit]');
    await page.waitForURL(/cache=hit/);
    expect(await page.locator('.empty').count()).toBe(1);
    await hands.tabTo('select[name=cache]');
    await hands.press('ArrowDown');
    await hands.enter('main form button[type=submit]');
    await page.waitForURL(/cache=miss/);
    await hands.enter('tbody a[href*="dashboard/requests/0"]');
    await page.waitForURL(/dashboard\/requests\/0/);
    expect(await page.textContent('h1')).not.toBe('');
  });

  test('filters a list while it is typed, and keeps the focus', async () => {
    await page.goto(`${gateway.url}/dashboard/models`);
    await hands.press('/');
    await hands.type('haiku');
    await page.waitForURL(/=haiku/);
    const about = '[document.activeElement.type, document.activeElement.value].join()';
    expect(String(await page.evaluate(about))).toBe('search,haiku');
    await hands.enter('tbody a');
    await page.waitForURL(/dashboard\/models\/.*haiku/);
  });

  test('switches theme and language', async () => {
    const choose = async (button: string): Promise<void> => {
      await hands.enter('[popovertarget=account]');
      await hands.enter(button);
    };
    await choose('button[name=theme][value=dark]');
    await page.waitForSelector('html[data-theme=dark]');
    await choose('button[name=language][value=es]');
    await page.waitForSelector('html[lang=es]');
    await choose('button[name=language][value=en]');
    await page.waitForSelector('html[lang=en]');
    await hands.enter('[popovertarget=account]');
    expect(await page.isVisible('#account')).toBe(true);
    await hands.press('Escape');
    expect(await page.isVisible('#account')).toBe(false);
    expect((await hands.look()).name).toContain('Ada');
  });

  test('asks in the playground', async () => {
    await page.goto(`${gateway.url}/dashboard/playground`);
    await hands.tabTo('textarea[name=prompt]');
    await hands.type('Which is better?');
    await hands.enter('main form button.primary');
    for (const at of [0, 1]) await page.locator('[data-fact=cost]', { hasText: '$' }).nth(at).waitFor();
  });

  test('replays a policy', async () => {
    await page.goto(`${gateway.url}/dashboard/routing/replay`);
    await hands.enter('main form button.primary');
    await page.waitForSelector('main .table-frame');
  });

  test.each([...VISITED_PAGES.map((one) => [one.name, one] as const)])(
    '%s: every stop is seen and in order, no dialog is a trap',
    async (name, { path }) => {
      // From now on the vendor is asked itself, so nobody may ask any more.
      if (name === 'providers') await vault().add({ provider: 'openai', name: 'main', key: new Secret('sk-canary') });
      await page.goto(gateway.url + (await path(gateway)));
      const { wrong, stops } = await sweep(page);
      expect(wrong).toEqual([]);
      expect(stops[0]?.name).toBe(name === 'not-found' ? 'a Back to the dashboard' : 'a Skip to content');
      for (const { mark } of stops.filter(({ isDialogButton }) => isDialogButton)) {
        expect(await tryDialog(mark)).toEqual([]);
        tried.add(name);
      }
    },
    60_000,
  );

  test.each(DOORS.map((one) => [one.name, one] as const))('%s: the same at the door', async (_, { path }) => {
    const nobody = await createVisitor(browser, gateway, null);
    await nobody.page.goto(gateway.url + (await path(gateway)));
    await nobody.page.evaluate('document.activeElement.blur()');
    expect((await sweep(nobody.page)).wrong).toEqual([]);
    await nobody.context.close();
  });

  /** Enter opens it and the focus is inside; Tab stays inside; Escape closes it, and the focus is back where it was. */
  async function tryDialog(mark: string): Promise<string[]> {
    const wrong: string[] = [];
    const button = `[data-stop="${mark}"]`;
    const isInside = () =>
      page.evaluate(`document.querySelector('dialog[open]')?.contains(document.activeElement) ?? false`);
    await page.focus(button);
    await hands.press('Enter');
    if (!(await isInside())) wrong.push(`${button} opens no dialog with the focus in it`);
    for (let count = 0; count < 4; count++) {
      const stop = await hands.tab();
      // The browser's own bar is part of the round.
      if (!stop.isPage && !(await isInside())) wrong.push(`${stop.name} is reached behind the dialog`);
      wrong.push(...stop.wrong.map((what) => `${stop.name} ${what}`));
    }
    await hands.press('Escape');
    if (await page.evaluate(`document.querySelector('dialog[open]') !== null`)) wrong.push(`${button} stays open`);
    if (!(await page.evaluate(`document.activeElement?.matches('${button}')`))) wrong.push(`${button} lost the focus`);
    return wrong;
  }

  test('every page that asks before it acts was asked', () => {
    expect([...tried]).toEqual(['keys', 'key', 'user', 'account', 'providers', 'routing']);
  });

  test('the browser had nothing to complain about', () => {
    expect(visitor.complaints.filter((text) => !text.includes('404'))).toEqual([]);
    expect(gateway.logged.errors).toEqual([]);
  });
});
