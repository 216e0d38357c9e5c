import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { parseRegistryFile } from '../../registry/load.ts';
import { anthropicPanes, anthropicText } from '../../registry/test-later-pages.ts';
import { UPDATE_SOURCES } from '../../registry/update.ts';
import { COPY } from '../../views/copy/index.ts';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { startGateway } from '../gateway.ts';
import { createVisitor } from './visit-pages.ts';

// `Update now` as somebody sees it who stays on the page: a vendor that answers slowly, and prices that nobody believes.

const CATALOGUE = join(import.meta.dir, '../../registry/models.json');
const ACCEPTED = { name: 'Claude Sonnet 5.5', id: 'claude-sonnet-5-5', output: 12 };
const DOUBTED = { name: 'Claude Haiku 4.5', id: 'claude-haiku-4-5', output: 45 };
const ABSURD = { name: 'Claude Opus 5', id: 'claude-opus-5', output: 500 };

describe.if(hasBrowser())('an update of the catalogue', () => {
  test.each(['en', 'es'] as const)(
    'is watched, compared and decided on, in %s',
    async (language) => {
      const vendors = await startVendors();
      const gateway = await startGateway({
        fetchPage: (url, init) => fetch(vendors.url + encodeURIComponent(url), init),
      });
      const browser = await launchBrowser();
      try {
        const { page, context, complaints } = await createVisitor(browser, gateway, 'admin');
        await context.addCookies([{ name: 'gateway_language', value: language, url: gateway.url }]);
        const t = COPY[language].changelog;
        const outputOf = (id: string) =>
          gateway.services.catalogue
            .registry()
            .find(id)
            ?.prices.find(({ tier, until, promptOver }) => tier === 'standard' && until === null && promptOver === 0)
            ?.rates.output;
        const [acceptedBefore, absurdBefore] = [outputOf(ACCEPTED.id), outputOf(ABSURD.id)];

        const isListening = page.waitForResponse(/dashboard\/live/);
        await page.goto(`${gateway.url}/dashboard/changelog`);
        await isListening;
        await page.getByRole('button', { name: t.update }).click();
        await page.waitForURL(/done=update-started/);
        await see(page, t.startedNotice);

        // The vendor's price page is slow: everybody else is done, and the bar says so by itself.
        const bar = page.getByRole('progressbar', { name: t.running });
        await page.waitForSelector('#update progress:not([value="0"])');
        const half = await bar.evaluate((element) => Number(element.getAttribute('value')));
        expect(half).toBeLessThan(1);
        expect(await page.locator('#update li').count()).toBe(UPDATE_SOURCES.length);
        const slow = page.locator('#update li', { hasText: 'anthropic/prices' });
        await slow.filter({ hasText: t.sourceStates.reading }).waitFor();
        await page.screenshot({ path: `test/screenshots/update-running-${language}.png` });
        vendors.answerSlowly();

        // Nobody touches the page: the bar goes, and what has changed comes, old beside new.
        await see(page, t.lastUpdate);
        await bar.waitFor({ state: 'detached' });
        const change = page
          .locator('#update tr', { hasText: ACCEPTED.id })
          .filter({ hasText: COPY[language].request.rates.output })
          .first();
        expect(await change.textContent()).toMatch(
          language === 'en' ? /\$10\.00 → \$12\.00 × 1\.2/ : /10,00.US\$ → 12,00.US\$ × 1,2/,
        );
        expect(acceptedBefore).toBe(10);
        expect(outputOf(ACCEPTED.id)).toBe(ACCEPTED.output);
        await page.screenshot({ path: `test/screenshots/update-done-${language}.png`, fullPage: true });

        // What was not believed is one click away, with the new price beside the old one.
        await page.click('#update a[href*="#waiting"]');
        await page.waitForURL(/#waiting/);
        const held = page.locator('#waiting tr', { hasText: DOUBTED.id });
        expect(await held.first().textContent()).toContain(t.verdicts.held);
        await page.screenshot({ path: `test/screenshots/update-held-${language}.png`, fullPage: true });
        const before = outputOf(DOUBTED.id);
        expect(before).toBeLessThan(DOUBTED.output);
        await page.getByRole('button', { name: `${t.approve} anthropic/${DOUBTED.id}` }).click();
        await page.waitForURL(/done=update-started/);
        const output = COPY[language].request.rates.output;
        await page.waitForSelector(`#update tr:has-text("${DOUBTED.id}"):has-text("${output}")`);
        expect(outputOf(DOUBTED.id)).toBe(DOUBTED.output);

        await page.click('#update a[href*="#waiting"]');
        await page.waitForURL(/#waiting/);
        expect(await page.locator('#waiting tr', { hasText: DOUBTED.id }).count()).toBe(0);
        expect(await page.textContent('#waiting')).toContain(t.verdicts.quarantined);
        await page.getByRole('button', { name: `${t.reject} anthropic/${ABSURD.id}` }).click();
        await page.locator('dialog[open] button.danger').click();
        await see(page, t.rejectedNotice);
        expect(outputOf(ABSURD.id)).toBe(absurdBefore);
        expect(await page.locator('#waiting').count()).toBe(0);
        expect(complaints).toEqual([]);
        expect(gateway.logged.errors).toEqual([]);
      } finally {
        vendors.stop();
        await browser.close();
        await gateway.stop();
      }
    },
    60_000,
  );
});

const see = (page: Page, text: string) => page.getByText(text).first().waitFor();

/** A server in place of the vendors': one of them has news, and takes its time until it is told to answer. */
async function startVendors() {
  const file = parseRegistryFile(await Bun.file(CATALOGUE).text(), CATALOGUE);
  const panes = anthropicPanes(file, '2026-12-01');
  const moved = [ACCEPTED, DOUBTED, ABSURD];
  const standard = panes.standard?.map((cells) => {
    const now = moved.find(({ name }) => name === cells[0]);
    return now ? cells.map((cell, at) => (at === cells.length - 1 ? `$${now.output} / MTok` : cell)) : cells;
  });
  const text = anthropicText({ ...panes, ...(standard && { standard }) });
  const { promise: isTime, resolve: answerSlowly } = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      if (!decodeURIComponent(request.url).includes('about-claude/pricing.md'))
        return new Response('', { status: 404 });
      await isTime;
      return new Response(text);
    },
  });
  return { url: `http://127.0.0.1:${server.port}/`, answerSlowly, stop: () => server.stop(true) };
}
