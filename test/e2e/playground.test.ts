import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { createVisitor, type Visitor } from './visit-pages.ts';

const PATH = '/dashboard/playground';
const HOSTILE = `<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">\u202e 🤷🏽‍♀️ \u2028end`;

let gateway: TestGateway;
let keyId = '';

beforeAll(async () => {
  gateway = await startGateway();
  const userId = await gateway.person('admin');
  keyId = (await gateway.services.keys.create({ name: 'mine', userId })).row.id;
});
afterAll(() => gateway.stop());

/** What the page's script does, by hand. */
async function ask(fields: Record<string, string>, { signal }: { signal?: AbortSignal } = {}): Promise<Response> {
  const { sessions, sessionCookie } = gateway.services;
  const cookie = await sessions.start(await gateway.person('admin'));
  const session = await sessions.read(cookie);
  return await fetch(`${gateway.url}${PATH}/stream`, {
    method: 'POST',
    body: new URLSearchParams({ key: keyId, model: 'auto:cost', ...fields }),
    headers: {
      cookie: `${sessionCookie.name}=${cookie}`,
      'form-token': session?.formToken ?? '',
      'sec-fetch-site': 'same-origin',
    },
    ...(signal && { signal }),
  });
}

const eventsOf = (text: string): unknown[] =>
  [...text.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1] ?? ''));

test('an answer is in the ledger as one of the key, and its facts are those of the row', async () => {
  const events = eventsOf(await (await ask({ prompt: 'How tall is a giraffe?', model: 'auto:cost' })).text());
  const row = await gateway.lastRequest();
  expect(row).toMatchObject({
    endpoint: 'playground',
    keyId,
    status: 200,
    strategy: 'cost',
    requestedModel: 'auto:cost',
  });
  const tokens = `${row?.inputTokens} in, ${row?.outputTokens} out`;
  expect(events.at(-1)).toMatchObject({
    failure: '',
    facts: { model: `${row?.provider}/${row?.model}`, cache: 'asked anew', tokens },
    reason: expect.stringContaining(`${row?.provider}/${row?.model}`),
  });
  expect(row?.costNanoUsd).toBeGreaterThan(0);

  const again = eventsOf(await (await ask({ prompt: 'How tall is a giraffe?' })).text());
  expect(again.at(-1)).toMatchObject({ facts: { cache: 'from the cache', cost: expect.stringContaining('$0.00') } });
  const fresh = eventsOf(await (await ask({ prompt: 'How tall is a giraffe?', fresh: 'on' })).text());
  expect(fresh.at(-1)).toMatchObject({ facts: { cache: 'asked anew' } });
});

test('a spent budget, a model the key may not use and one that nobody knows are said in the answer', async () => {
  const { keys } = gateway.services;
  const userId = await gateway.person('member');
  const poor = await keys.create({ name: 'poor', userId, limits: { maxRequestNanoUsd: 1 } });
  const narrow = await keys.create({ name: 'narrow', userId, limits: { allowedModels: ['openai/*'] } });
  const slow = await keys.create({ name: 'slow', userId, limits: { requestsPerMinute: 1 } });
  const failureOf = async (fields: Record<string, string>) =>
    eventsOf(await (await ask({ prompt: 'hello', ...fields })).text()).at(-1);
  expect(await failureOf({ key: poor.row.id })).toMatchObject({ failure: expect.stringContaining('spend') });
  const other = gateway.services.playground.models().find((name) => name.startsWith('anthropic/')) ?? '';
  expect(await failureOf({ key: narrow.row.id, model: other })).toMatchObject({
    failure: expect.stringContaining('may not'),
  });
  expect(await failureOf({ model: 'no-such-model' })).toMatchObject({
    failure: expect.stringContaining('no-such-model'),
  });
  await failureOf({ key: slow.row.id });
  expect(await failureOf({ key: slow.row.id })).toMatchObject({
    failure: expect.stringContaining('minute'),
    facts: {},
  });
});

test('a page that leaves lets the provider go, and the row says so', async () => {
  const leaving = new AbortController();
  const response = await ask(
    { prompt: 'Count. [[sim:chunks=500]] [[sim:gap=20]]', fresh: 'on' },
    { signal: leaving.signal },
  );
  await response.body?.getReader().read();
  leaving.abort();
  while (gateway.services.stages.ledger.openCount() > 0) await Bun.sleep(5);
  expect(await gateway.lastRequest()).toMatchObject({ endpoint: 'playground', outcome: 'aborted', status: 499 });
});

test('a provider that fails in the middle is told in our words, after what had come', async () => {
  const text = await (await ask({ prompt: 'Tell. [[sim:chunks=20]] [[sim:error-mid-stream]]', fresh: 'on' })).text();
  expect(eventsOf(text).at(0)).toMatchObject({ kind: 'text' });
  expect(eventsOf(text).at(-1)).toMatchObject({ failure: expect.stringMatching(/\w/) });
});

describe.if(hasBrowser())('in a real browser', () => {
  let browser: Browser;
  let admin: Visitor;

  beforeAll(async () => {
    browser = await launchBrowser();
    admin = await createVisitor(browser, gateway, 'admin');
  }, 30_000);
  afterAll(() => browser.close());

  test('a prompt goes to two models at once, and both answers grow side by side until their cost stands below', async () => {
    const { page } = admin;
    await page.setViewportSize({ width: 1440, height: 1000 });
    await page.goto(`${gateway.url}${PATH}`);
    await page.fill('textarea[name=prompt]', 'Compare tea and coffee. [[sim:chunks=40]] [[sim:gap=50]]');
    await page.click('main button.primary');
    await page.waitForSelector('#answers .answer:nth-child(1)[aria-busy] .answer-text:not(:empty)');
    await page.waitForSelector('#answers .answer:nth-child(2)[aria-busy] .answer-text:not(:empty)');
    const lengths = () =>
      page.$$eval('#answers .answer', (columns) =>
        columns.map((column) => [
          column.getAttribute('aria-busy'),
          column.querySelector('.answer-text')?.textContent?.length ?? 0,
        ]),
      );
    const early = await lengths();
    expect(early.map(([busy]) => busy)).toEqual(['true', 'true']);
    await page.waitForSelector('#answers .answer:nth-child(1):not([aria-busy])');
    await page.waitForSelector('#answers .answer:nth-child(2):not([aria-busy])');
    const late = await lengths();
    for (const [place, [, length]] of late.entries()) expect(length).toBeGreaterThan(Number(early[place]?.[1]));
    const facts = await page.$$eval('#answers .answer', (columns) => columns.map((column) => column.textContent ?? ''));
    for (const text of facts) {
      expect(text).toMatch(/Cost\$0\.\d+ \(simulated\)/);
      expect(text).toMatch(/Tokens used\d+ in, \d+ out/);
    }
    await page.click('#answers .answer:nth-child(1) summary');
    expect(await page.isVisible('#answers .answer:nth-child(1) .candidates li')).toBe(true);
    await page.screenshot({ path: 'test/screenshots/playground-answers-1440.png', fullPage: true });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: 'test/screenshots/playground-answers-390.png', fullPage: true });
    expect(Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'))).toBe(0);
    expect(await page.inputValue('textarea[name=prompt]')).toContain('tea and coffee');
  }, 20_000);

  test('the stop button ends every answer, and the ledger has them as left', async () => {
    const { page } = admin;
    await page.goto(`${gateway.url}${PATH}`);
    await page.fill('textarea[name=prompt]', 'Never end. [[sim:chunks=900]] [[sim:gap=50]]');
    await page.click('main button.primary');
    await page.waitForSelector('#answers .answer:nth-child(2) .answer-text:not(:empty)');
    await page.click('[data-stop]');
    await page.waitForSelector('#answers [data-slot=status]:text-is("Stopped.")');
    while (gateway.services.stages.ledger.openCount() > 0) await Bun.sleep(5);
    expect(await gateway.lastRequest()).toMatchObject({ outcome: 'aborted' });
    expect(await page.isVisible('[data-stop]')).toBe(false);
  }, 20_000);

  test('hostile prompts and answers stay text', async () => {
    const { page } = admin;
    await page.goto(`${gateway.url}${PATH}`);
    await page.fill('textarea[name=prompt]', `[[sim:say=${HOSTILE}]]`);
    await page.click('main button.primary');
    await page.waitForSelector('#answers .answer:nth-child(2):not([aria-busy])');
    await page.waitForSelector('#answers .answer:nth-child(1):not([aria-busy])');
    expect(await page.textContent('#answers .answer-text')).toEndWith(HOSTILE);
    expect(await page.$$('#answers script, #answers img')).toEqual([]);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
  }, 20_000);

  test('without a script the page comes back with the answers', async () => {
    const context = await browser.newContext({
      ...{ javaScriptEnabled: false, storageState: await admin.context.storageState() },
    });
    const page = await context.newPage();
    await page.goto(`${gateway.url}${PATH}`);
    await page.fill('textarea[name=prompt]', 'Compare salt and pepper.');
    await page.click('main button.primary');
    await page.waitForSelector('#answers .answer:nth-child(2)');
    const text = (await page.textContent('#answers')) ?? '';
    expect(text).toMatch(/Cost\$0\.\d+ \(simulated\).*Cost\$0\.\d+ \(simulated\)/s);
    expect(await page.inputValue('textarea[name=prompt]')).toBe('Compare salt and pepper.');
    await context.close();
  }, 20_000);

  test('the browser had nothing to complain about, and neither had we', () => {
    expect(admin.complaints).toEqual([]);
    expect(gateway.logged.errors).toEqual([]);
  });
});
