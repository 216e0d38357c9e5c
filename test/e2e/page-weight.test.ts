import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { DOORS, VISITED_PAGES, type VisitedPage } from './page-list.ts';
import { createVisitor } from './visit-pages.ts';

const MOST_BYTES = 250_000;
const MOST_PAINT_MS = 200;
/** The best counts: what else runs on the machine makes a paint later, never sooner. */
const MOST_TRIES = 10;
/** Where even a bare page is late, the machine is busy: then this much more than the bare page is as good. */
const MOST_BEYOND_BARE_MS = 100;

/** What a page weighed and how soon it was seen, by somebody whose browser has never been here. */
interface Arrival {
  bytes: number;
  paintMs: number;
  complaints: string[];
}

describe.if(hasBrowser())('a page, on its first visit', () => {
  let gateway: TestGateway;
  let browser: Browser;
  type Guest = Awaited<ReturnType<typeof visitorOf>>;
  let guests: Record<'admin' | 'nobody', Guest>;

  beforeAll(async () => {
    gateway = await startGateway();
    browser = await launchBrowser();
    const headers = { authorization: `Bearer ${gateway.key}` };
    for (const content of ['hello', 'hello', 'Prove that there are infinitely many primes.']) {
      const body = JSON.stringify({ model: 'auto', messages: [{ role: 'user', content }] });
      await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body });
    }
    await gateway.services.writer.flush();
    guests = { admin: await visitorOf('admin'), nobody: await visitorOf(null) };
    await arrive({ name: 'warm-up', path: () => '/dashboard' }, guests.admin);
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  async function visitorOf(role: 'admin' | null) {
    const visitor = await createVisitor(browser, gateway, role);
    const devtools = await visitor.context.newCDPSession(visitor.page);
    const weight = { bytes: 0 };
    await devtools.send('Network.enable');
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
      weight.bytes += encodedDataLength;
    });
    return { ...visitor, devtools, weight };
  }

  async function arrive({ path }: VisitedPage, { page, devtools, weight, complaints }: Guest): Promise<Arrival> {
    await page.goto('about:blank');
    await devtools.send('Network.clearBrowserCache');
    weight.bytes = 0;
    await page.goto(`${gateway.url}${await path(gateway)}`, { waitUntil: 'load' });
    const paintMs = Number(await page.evaluate(FIRST_CONTENTFUL_PAINT));
    return { bytes: weight.bytes, paintMs, complaints: complaints.splice(0) };
  }

  const cases = [
    ...VISITED_PAGES.map((page) => [page.name, page, 'admin'] as const),
    ...DOORS.map((page) => [page.name, page, 'nobody'] as const),
  ];

  test.each(cases)(
    `%s: less than ${MOST_BYTES / 1000} kB in all, seen within ${MOST_PAINT_MS} ms, nothing to complain about`,
    async (name, page, who) => {
      const seen: string[] = [];
      let isQuick = false;
      for (let tries = 0; tries < MOST_TRIES && !isQuick; tries++) {
        const { bytes, paintMs, complaints } = await arrive(page, guests[who]);
        isQuick = paintMs < MOST_PAINT_MS;
        if (isQuick) {
          seen.push(`${Math.round(paintMs)} ms`);
        } else {
          const bare = await arrive({ name: 'bare', path: () => '/health' }, guests[who]);
          isQuick = paintMs - bare.paintMs < MOST_BEYOND_BARE_MS;
          seen.push(`${Math.round(paintMs)} ms, when a bare page took ${Math.round(bare.paintMs)} ms`);
        }
        expect(bytes).toBeGreaterThan(2000);
        expect(bytes).toBeLessThan(MOST_BYTES);
        const expected = name === 'not-found' ? [expect.stringContaining('404')] : [];
        expect(complaints).toEqual(expected);
        console.log(`${name}: ${Math.round(bytes / 1000)} kB, first contentful paint after ${seen.at(-1)}`);
      }
      expect([isQuick, seen]).toEqual([true, seen]);
    },
    30_000,
  );
});

const FIRST_CONTENTFUL_PAINT = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const paint = list.getEntriesByName('first-contentful-paint')[0];
    if (paint) resolve(paint.startTime);
  }).observe({ type: 'paint', buffered: true });
})`;
