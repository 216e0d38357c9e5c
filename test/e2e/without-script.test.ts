import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { COPY } from '../../views/copy/index.ts';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { VISITED_PAGES } from './page-list.ts';

// Scripts are off. Every page is useful, and every form does its job.

const t = COPY.en;
const PASSWORD = 'correct horse battery staple';

describe.if(hasBrowser())('without JavaScript', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let key = '';
  const failures: string[] = [];

  beforeAll(async () => {
    gateway = await startGateway({ env: { SIMULATOR: 'on', REGISTRY_REFRESH: 'off' }, fetchPage: nobodyThere });
    browser = await launchBrowser();
    context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    page.on('response', (response) => {
      if (response.status() >= 400) failures.push(`${response.status()} ${response.url()}`);
    });
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  const open = (path: string) => page.goto(`${gateway.url}${path}`);
  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();
  const text = async () => (await page.textContent('main')) ?? '';

  async function ask(): Promise<number> {
    const body = JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: `hello ${Math.random()}` }] });
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body });
    await response.text();
    return response.status;
  }

  test('the setup link makes the admin, who signs out and in again', async () => {
    await open(`/setup?token=${await gateway.services.accounts.issueSetupToken()}`);
    await page.fill('input[name=name]', 'Ada');
    await page.fill('input[name=email]', 'ada@example.com');
    await page.fill('input[name=password]', PASSWORD);
    await page.click('main button.primary');
    expect(page.url()).toEndWith('/dashboard');
    await page.click('[popovertarget=account]');
    await press(t.frame.signOut);
    expect(page.url()).toContain('/sign-in');
    await page.fill('input[name=email]', 'ada@example.com');
    await page.fill('input[name=password]', PASSWORD);
    await page.click('main button.primary');
    expect(page.url()).toEndWith('/dashboard');
  });

  test('a key is made, shown once and used', async () => {
    await open('/dashboard/keys');
    await page.fill('main input[name=name]', 'by form');
    await press(t.keys.make);
    key = (await page.textContent('#new-key')) ?? '';
    expect(key).toMatch(/^gw-[\w-]{43}$/);
    expect(await page.isVisible('[data-copy]')).toBe(false);
    await page.click('.snippets details:nth-child(4) summary');
    expect(await page.isVisible('#snippet-3')).toBe(true);
    await open('/dashboard/keys');
    expect(await page.content()).not.toContain(key);
    expect(await ask()).toBe(200);
    await gateway.services.writer.flush();
  });

  test('its limits are changed, and what is wrong is said beside the field', async () => {
    await page.getByRole('link', { name: 'by form' }).first().click();
    await page.fill('input[name=dailyBudgetNanoUsd]', 'much');
    await press(t.keys.save);
    expect(await page.textContent('#error-dailyBudgetNanoUsd')).toContain('12.50');
    failures.splice(0);
    await page.fill('input[name=dailyBudgetNanoUsd]', '12.50');
    await press(t.keys.save);
    expect(await text()).toContain('of $12.50');
  });

  test('it is rotated, revoked after a question, and comes back', async () => {
    await press(t.keys.rotate);
    expect(await page.textContent('#new-key')).not.toBe(key);
    expect(await ask()).toBe(200);
    await open('/dashboard/keys');
    await page.locator('tbody tr', { hasText: 'by form' }).locator('.plain-question summary').click();
    await page.click('.plain-question[open] button.danger');
    expect(await ask()).toBe(401);
    await press(t.keys.undo);
    expect(await text()).toContain(t.keys.restoredNotice);
    expect(await ask()).toBe(200);
  });

  test('a request is found by a filter and opened', async () => {
    await gateway.services.writer.flush();
    await open('/dashboard/requests');
    await page.selectOption('select[name=outcome], select[name=status]', { index: 1 });
    await page.click('main form button[type=submit]');
    await page.locator('tbody a[href*="dashboard/requests/0"]').first().click();
    expect(page.url()).toMatch(/dashboard\/requests\/0/);
    expect(await page.locator('main svg rect').count()).toBeGreaterThan(3);
    expect(await text()).toContain('by form');
  });

  test('language and theme are switched', async () => {
    await open('/dashboard/keys');
    await page.click('[popovertarget=account]');
    await press('Español');
    expect(await page.getAttribute('html', 'lang')).toBe('es');
    await page.click('[popovertarget=account]');
    await press(COPY.es.frame.themes.dark);
    expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
    await page.click('[popovertarget=account]');
    await press('English');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
  });

  test('the playground answers with the page', async () => {
    await open('/dashboard/playground');
    await page.fill('textarea[name=prompt]', 'Which is better?');
    await press(t.playground.ask);
    const answers = page.locator('#answers > *');
    expect(await answers.count()).toBe(2);
    for (const at of [0, 1]) expect(await answers.nth(at).textContent()).toMatch(/simulated .*Which is better.*\$/s);
  });

  test('a policy is replayed, and saved for a key', async () => {
    await open('/dashboard/routing/replay');
    await page.selectOption('select[name=strategy]', 'cost');
    await page.click('main form button.primary');
    for (let tries = 0; tries < 50 && (await page.locator('main .table-frame').count()) === 0; tries++) {
      await page.locator('#run a').click();
    }
    await page.selectOption('select[name=saveKey]', { label: await labelOf('select[name=saveKey]', 'by form') });
    await press(t.replay.saveButton);
    expect(await text()).toContain(t.replay.savedNotice);
  });

  async function labelOf(select: string, name: string): Promise<string> {
    const labels = await page.locator(`${select} option`).allTextContents();
    return labels.find((label) => label.includes(name)) ?? '';
  }

  test('a strategy is chosen, and a prompt is tried without being sent', async () => {
    await open('/dashboard/routing');
    const row = page.locator('tr', { hasText: 'test key' });
    await row.locator('select[name=strategy]').selectOption('quality');
    await row.getByRole('button').click();
    expect(await text()).toContain(t.routing.changedNotice);
    await page.fill('textarea[name=prompt]', 'Prove it.');
    await page.locator('form[action*="routing/try"] button[type=submit]').click();
    await page.waitForURL(/routing\/try/);
    expect(await page.locator('#try + section').textContent()).toContain('gpt');
  });

  test('somebody is invited and withdrawn, a setting is changed, a backup comes down', async () => {
    await open('/dashboard/users');
    await page.locator('form[action="dashboard/users"] button[type=submit]').click();
    expect(await text()).toContain('/invite?token=');
    await open('/dashboard/settings');
    await page.fill('input[name=cacheTtlSeconds]', '120');
    await press(t.operations.settings.save);
    expect(await page.inputValue('input[name=cacheTtlSeconds]')).toBe('120');
    await open('/dashboard/status');
    const download = page.waitForEvent('download');
    await page.locator('form[action="dashboard/status/backup"] button').click();
    expect((await download).suggestedFilename()).toContain('.');
    await open('/dashboard/requests');
    const csv = page.waitForEvent('download');
    await page.getByRole('link', { name: 'CSV' }).click();
    expect((await csv).suggestedFilename()).toEndWith('.csv');
  });

  test('a model is pinned and overridden, and the catalogue is updated', async () => {
    await open('/dashboard/models/openai/gpt-6-luna');
    await page.locator('form[action$="/pin"] button').click();
    expect(await text()).toContain(t.models.pinnedNotice);
    await page.locator('form[action$="/unpin"] button').click();
    await open('/dashboard/changelog');
    await press(t.changelog.update);
    expect(await text()).toContain(t.changelog.startedNotice);
    for (let tries = 0; tries < 100 && gateway.services.catalogue.status().isRunning; tries++) await Bun.sleep(20);
    await open('/dashboard/changelog');
    expect(await text()).toContain(t.changelog.outcomes.failed);
  });

  test.each(VISITED_PAGES.map((one) => [one.name, one] as const))('%s is useful', async (name, { path }) => {
    await open(await path(gateway));
    expect((await text()).length).toBeGreaterThan(40);
    // What a chart would show stands there as a table.
    const figures = await page.locator('figure.chart').all();
    for (const figure of figures) expect(await figure.locator('table').isVisible()).toBe(true);
    if (['overview', 'key', 'routing'].includes(name)) expect(figures.length).toBeGreaterThan(0);
    // A button that does something without a form has a popover or a dialog; those need no script.
    const dead = page.locator('main button[type=button]:not([popovertarget]):not([commandfor]):visible');
    expect(await dead.count()).toBe(0);
  });

  test('a provider key is added, weighed, and taken away after a question', async () => {
    await open('/dashboard/providers');
    const form = page.locator('form:has(input[name=key])').first();
    await form.locator('select[name=provider]').selectOption('openai');
    await form.locator('input[name=name]').fill('the account');
    await form.locator('input[name=key]').fill('sk-form-canary');
    await form.locator('button.primary').click();
    const item = page.locator('.vendor-key', { hasText: 'the account' });
    await item.locator('input[name=weight]').fill('3');
    await item.getByRole('button', { name: t.providers.saveWeight }).click();
    expect(await text()).toContain(t.providers.weightNotice);
    await item.locator('.plain-question summary').click();
    await page.click('.plain-question[open] button.danger');
    expect(await text()).toContain(t.providers.removedNotice);
    expect(await page.content()).not.toContain('sk-form-canary');
  });

  test('every session is ended', async () => {
    await open('/dashboard/account');
    await page.locator('main .plain-question summary').last().click();
    await page.click('.plain-question[open] button.danger');
    expect(page.url()).toContain('/sign-in');
    await open('/dashboard');
    expect(page.url()).toContain('/sign-in');
  });

  test('nothing failed on the way', () => {
    expect(failures.filter((failure) => !failure.includes('no-such-page'))).toEqual([]);
    expect(gateway.logged.errors).toEqual([]);
  });
});

const nobodyThere = async (): Promise<Response> => {
  throw new TypeError('nobody is there');
};
