import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { Page } from 'playwright-core';
import { parseRegistryFile } from '../../registry/load.ts';
import type { Fetch } from '../../registry/pages.ts';
import { anthropicPanes, anthropicText } from '../../registry/test-later-pages.ts';
import { COPY } from '../../views/copy/index.ts';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { CHAT_END, chatAnswer, chatFrame, eventStream, startUpstream } from '../upstream.ts';

// One person's way through the house, in both languages: from the setup link to the end of a key.

const SECRET = 'sk-journey-canary';
const PASSWORD = 'correct horse battery staple';

describe.if(hasBrowser())('a person who begins', () => {
  test.each([
    ['en', 'en-US'],
    ['es', 'es-ES'],
  ] as const)(
    'sets up, connects, asks, looks, compares, updates, replays, revokes and leaves, in %s',
    async (language, locale) => {
      const upstream = startUpstream();
      upstream.answers((_, { stream }) =>
        stream ? eventStream({ frames: [chatFrame({ content: 'hello' }), CHAT_END] }) : chatAnswer('hello'),
      );
      const gateway = await startGateway({
        env: { OPENAI_BASE_URL: `${upstream.url}/v1`, SIMULATOR: 'on' },
        fetchPage,
      });
      const browser = await launchBrowser();
      const complaints: string[] = [];
      try {
        const page = await (await browser.newContext({ locale, viewport: { width: 1440, height: 900 } })).newPage();
        page.on('console', (message) => {
          if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
        });
        page.on('pageerror', (error) => complaints.push(error.message));

        await setUp(page, gateway);
        expect(await page.getAttribute('html', 'lang')).toBe(language);
        expect(await page.textContent('h1')).toBe(COPY[language].overview.lastDay);
        await connectProvider(page, gateway);
        const { text, name } = await makeKey(page, gateway);
        await seeItMove({ page, gateway, text });
        expect(upstream.received.at(-1)?.headers.authorization).toBe(`Bearer ${SECRET}`);
        await openRequest(page, name);
        await spendBudget({ page, gateway, text, name, language });
        // What was asked by name stays as it was; only what the gateway chose can be chosen otherwise.
        await ask(gateway, text, 'auto');
        await askStreamed(gateway, text);
        await compare(page, gateway);
        await update(page, gateway, language);
        await replay(page, gateway);
        await revoke(page, gateway, language);
        await expect(ask(gateway, text)).rejects.toMatchObject({ status: 401 });
        expect(await page.content()).not.toContain(SECRET);
        await leaveEverywhere(page, gateway);
        expect(complaints).toEqual([]);
      } finally {
        await browser.close();
        await gateway.stop();
        upstream.stop();
      }
    },
    60_000,
  );
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
  await page.waitForSelector('.card:nth-child(2) .value:text-is("1")', { timeout: 1000 });
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

interface Spending {
  page: Page;
  gateway: TestGateway;
  text: string;
  name: string;
  language: 'en' | 'es';
}

/** A budget that what is spent leaves no room in: the next request is refused, and both pages say why, until it is raised. */
async function spendBudget({ page, gateway, text, name, language }: Spending): Promise<void> {
  const t = COPY[language];
  const setBudget = async (dollars: string): Promise<void> => {
    await page.goto(`${gateway.url}/dashboard/keys`);
    await page.getByRole('link', { name }).first().click();
    await page.fill('input[name=dailyBudgetNanoUsd]', dollars);
    await page.getByRole('button', { name: t.keys.save, exact: true }).click();
    await page.waitForURL(/done=/);
  };
  await setBudget(language === 'es' ? '0,00016' : '0.00016');
  await expect(ask(gateway, text)).rejects.toMatchObject({ status: 402, code: 'insufficient_quota' });

  const bar = page.locator('.bar-meter', { has: page.getByLabel(t.keys.today) });
  expect(await bar.getAttribute('class')).toContain('high');
  expect(await bar.textContent()).toMatch(/0[.,]00015.*0[.,]00016/);
  await page.goto(`${gateway.url}/dashboard`);
  const near = page.locator('.panel', { has: page.getByRole('heading', { name: t.overview.budgets }) });
  expect(await near.textContent()).toContain(name);
  expect(Number(await near.getByRole('progressbar').getAttribute('value'))).toBe(150_000);

  await setBudget('1');
  await ask(gateway, text);
}

async function replay(page: Page, gateway: TestGateway): Promise<void> {
  await gateway.services.writer.flush();
  await page.goto(`${gateway.url}/dashboard/routing/replay`);
  await page.locator('main form button.primary').first().click();
  await page.waitForSelector('main table:has-text("gpt-6-luna")', { timeout: 10_000 });
}

/** With both SDKs, to one model. */
async function askStreamed(gateway: TestGateway, apiKey: string): Promise<void> {
  const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'stream this' }];
  let told = '';
  const chunks = await openai.chat.completions.create({ model: 'gpt-6-luna', messages, stream: true });
  for await (const chunk of chunks) told += chunk.choices[0]?.delta.content ?? '';
  expect(told).toBe('hello');
  const anthropic = new Anthropic({ baseURL: gateway.url, apiKey, maxRetries: 0 });
  const reply = anthropic.messages.stream({ model: 'gpt-6-luna', max_tokens: 50, messages });
  expect(await reply.finalText()).toBe('hello');
}

/** Two models side by side: both answer, and say what it cost. */
async function compare(page: Page, gateway: TestGateway): Promise<void> {
  await page.goto(`${gateway.url}/dashboard/playground`);
  await page.fill('textarea[name=prompt]', 'Which is better?');
  await page.click('main form button.primary');
  const costs = page.locator('[data-fact=cost]', { hasText: '$' });
  for (let at = 0; at < 2; at++) await costs.nth(at).waitFor({ timeout: 10_000 });
}

/** Update now: the page says how each source went, and the changelog has the one price that moved. */
async function update(page: Page, gateway: TestGateway, language: 'en' | 'es'): Promise<void> {
  await page.goto(`${gateway.url}/dashboard/changelog`);
  await page.click('form[action$="changelog/update"] button');
  await page.waitForURL(/dashboard\/changelog/);
  for (let waited = 0; gateway.services.catalogue.status().isRunning && waited < 5000; waited += 20)
    await Bun.sleep(20);
  await page.goto(`${gateway.url}/dashboard/changelog`);
  const text = (await page.textContent('main')) ?? '';
  expect(text).toContain(COPY[language].changelog.title);
  expect(text).toContain('claude-sonnet-5-5');
  const model = gateway.services.catalogue.registry().find('claude-sonnet-5-5');
  const open = model?.prices.find(
    ({ tier, until, promptOver }) => tier === 'standard' && until === null && promptOver === 0,
  );
  expect(open?.rates.output).toBe(12);
  const changes = await gateway.services.catalogue.changelog({ model: 'claude-sonnet-5-5' });
  expect(JSON.stringify(changes)).toContain('price_changed');
}

/** The vendor's page of today with one price that moved; the other vendors are not there. */
const fetchPage: Fetch = async (url) => {
  if (!url.includes('about-claude/pricing.md')) throw new TypeError('nobody is there');
  const path = join(import.meta.dir, '../../registry/models.json');
  const file = parseRegistryFile(await Bun.file(path).text(), path);
  const panes = anthropicPanes(file, '2026-12-01');
  const standard = panes.standard?.map((cells) =>
    cells[0] === 'Claude Sonnet 5.5' ? cells.map((cell, at) => (at === 5 ? '$12 / MTok' : cell)) : cells,
  );
  return new Response(anthropicText({ ...panes, ...(standard && { standard }) }));
};

/** The first time is taken back, and the key works again; the second time is for good. */
async function revoke(page: Page, gateway: TestGateway, language: 'en' | 'es'): Promise<void> {
  const end = async (): Promise<void> => {
    await page.goto(`${gateway.url}/dashboard/keys`);
    const row = page.locator('tbody tr', { hasText: 'journey program' });
    await row.locator('button[command=show-modal]').click();
    await page.click('dialog[open] button.danger');
    await page.waitForURL(/done=key-revoked/);
  };
  await end();
  await page.click(`.note button:has-text("${COPY[language].keys.undo}")`);
  await page.waitForURL(/done=key-restored/);
  await end();
}

/** Every session ends, this one too. */
async function leaveEverywhere(page: Page, gateway: TestGateway): Promise<void> {
  await page.goto(`${gateway.url}/dashboard/account`);
  await page.click('button[commandfor=end-sessions]');
  await page.click('dialog[open] button.danger');
  await page.waitForURL(/sign-in/);
  await page.goto(`${gateway.url}/dashboard`);
  expect(page.url()).toContain('/sign-in');
}
