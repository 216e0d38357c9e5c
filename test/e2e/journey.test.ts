import { describe, expect, test } from 'bun:test';
import OpenAI from 'openai';
import type { Page } from 'playwright-core';
import { COPY } from '../../views/copy/index.ts';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { chatAnswer, startUpstream } from '../upstream.ts';

// One person's way through the house, in both languages: from the setup link to the end of a key.

const SECRET = 'sk-journey-canary';
const PASSWORD = 'correct horse battery staple';

describe.if(hasBrowser())('a person who begins', () => {
  test.each([
    ['en', 'en-US'],
    ['es', 'es-ES'],
  ] as const)('sets up, connects, asks, looks, replays and revokes, in %s', async (language, locale) => {
    const upstream = startUpstream();
    upstream.answers((_, { model }) => (model ? chatAnswer('hello') : new Response('{"data":[]}')));
    const gateway = await startGateway({ env: { OPENAI_BASE_URL: `${upstream.url}/v1` } });
    const browser = await launchBrowser();
    const complaints: string[] = [];
    try {
      const page = await (await browser.newContext({ locale, viewport: { width: 1440, height: 900 } })).newPage();
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));

      await setUp(page, gateway);
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      expect(await page.textContent('h1')).toBe(COPY[language].overview.lastDay);
      await connectProvider(page, gateway);
      const { text, name } = await makeKey(page, gateway);
      await seeItMove({ page, gateway, text });
      expect(upstream.received.at(-1)?.headers.authorization).toBe(`Bearer ${SECRET}`);
      await openRequest(page, name);
      // What was asked by name stays as it was; only what the gateway chose can be chosen otherwise.
      await ask(gateway, text, 'auto');
      await replay(page, gateway);
      await revoke(page, gateway);
      await expect(ask(gateway, text)).rejects.toMatchObject({ status: 401 });
      expect(await page.content()).not.toContain(SECRET);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await gateway.stop();
      upstream.stop();
    }
  });
});

async function setUp(page: Page, gateway: TestGateway): Promise<void> {
  const token = await gateway.services.accounts.issueSetupToken();
  await page.goto(`${gateway.url}/setup?token=${token}`);
  await page.fill('input[name=name]', 'Ada');
  await page.fill('input[name=email]', 'ada@example.com');
  await page.fill('input[name=password]', PASSWORD);
  await page.click('main button.primary');
  await page.waitForURL(/\/dashboard/);
}

async function connectProvider(page: Page, gateway: TestGateway): Promise<void> {
  await page.goto(`${gateway.url}/dashboard/providers`);
  const form = page.locator('form:has(input[name=key])').first();
  await form.locator('select[name=provider]').selectOption('openai');
  await form.locator('input[name=name]').fill('the account');
  await form.locator('input[name=key]').fill(SECRET);
  await form.locator('button.primary').click();
  await page.waitForSelector('text=the account');
}

async function makeKey(page: Page, gateway: TestGateway) {
  const name = 'journey program';
  await page.goto(`${gateway.url}/dashboard/keys`);
  await page.fill('main input[name=name]', name);
  await page.click('main form button.primary');
  const text = /gw-[\w-]{43}/.exec((await page.textContent('main')) ?? '')?.[0] ?? '';
  expect(text).toStartWith('gw-');
  return { text, name };
}

/** With a real SDK. */
async function ask(gateway: TestGateway, apiKey: string, model = 'gpt-6-luna'): Promise<void> {
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: `hello ${Math.random()}` }];
  const reply = await client.chat.completions.create({ model, messages });
  expect(reply.choices[0]?.message.content).toBe('hello');
}

/** The figure moves within a second of the answer, without anybody touching the page. */
async function seeItMove({ page, gateway, text }: { page: Page; gateway: TestGateway; text: string }): Promise<void> {
  const isListening = page.waitForResponse(/dashboard\/live/);
  await page.goto(`${gateway.url}/dashboard`);
  await isListening;
  await ask(gateway, text);
  await page.waitForSelector('.card:nth-child(2) .value:text-is("1")', { timeout: 1500 });
}

/** From the feed: the stages, the tokens and the price row of the one request. */
async function openRequest(page: Page, keyName: string): Promise<void> {
  await page.locator('main a[href*="dashboard/requests/0"]').first().click();
  await page.waitForURL(/dashboard\/requests\/0/);
  const text = (await page.textContent('main')) ?? '';
  for (const fact of [keyName, 'gpt-6-luna', 'openai']) expect(text).toContain(fact);
  // 1000 × $0.10 and 100 × $0.50 a million, as the page writes it in this language.
  expect(text).toMatch(/0[.,]00015/);
  expect(await page.locator('main svg rect').count()).toBeGreaterThan(3);
}

async function replay(page: Page, gateway: TestGateway): Promise<void> {
  await gateway.services.writer.flush();
  await page.goto(`${gateway.url}/dashboard/routing/replay`);
  await page.locator('main form button.primary').first().click();
  await page.waitForSelector('main table:has-text("gpt-6-luna")', { timeout: 10_000 });
}

async function revoke(page: Page, gateway: TestGateway): Promise<void> {
  await page.goto(`${gateway.url}/dashboard/keys`);
  const row = page.locator('tbody tr', { hasText: 'journey program' });
  await row.locator('button[command=show-modal]').click();
  await page.click('dialog[open] button.danger');
  await page.waitForURL(/done=key-revoked/);
}
