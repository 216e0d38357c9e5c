import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';
import type { TestGateway } from '../gateway.ts';
import type { VisitedPage } from './page-list.ts';

const SCREENSHOTS = 'test/screenshots';

/** How a page is looked at. The width is that of a desk or a phone. */
export interface Look {
  width: 1440 | 390;
  theme: 'light' | 'dark';
  language: 'en' | 'es';
}

export const LOOKS: readonly Look[] = [1440, 390].flatMap((width) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    (['en', 'es'] as const).map((language) => ({ width: width === 390 ? 390 : 1440, theme, language }) as const),
  ),
);

/** Somebody who is signed in, and what their browser has complained about: errors of scripts, of the policy, of loading. */
export interface Visitor {
  context: BrowserContext;
  page: Page;
  complaints: string[];
}

/** A person of this role with a session, without the cost of a password; null = nobody. */
export async function createVisitor(
  browser: Browser,
  gateway: TestGateway,
  role: 'admin' | 'member' | 'viewer' | null,
): Promise<Visitor> {
  const context = await browser.newContext();
  if (role) {
    const { sessions, sessionCookie } = gateway.services;
    const value = await sessions.start(await gateway.person(role));
    await context.addCookies([{ name: sessionCookie.name, value, url: gateway.url }]);
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${page.url()} ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`${page.url()} ${error.message}`));
  return { context, page, complaints };
}

const violations = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ target: z.array(z.unknown()), failureSummary: z.string() })) }),
);

/** Looks at a page, leaves a screenshot, and says what is wrong with it: nothing, in an empty list. */
export async function inspect(
  { context, page }: Visitor,
  gateway: TestGateway,
  { name, path }: VisitedPage,
  { width, theme, language }: Look,
): Promise<string[]> {
  const cookie = (cookieName: string, value: string) => ({ name: cookieName, value, url: gateway.url });
  await context.addCookies([cookie('gateway_language', language), cookie('gateway_theme', theme)]);
  await page.setViewportSize({ width, height: 900 });
  await page.goto(`${gateway.url}${await path(gateway)}`, { waitUntil: 'load' });
  await page.screenshot({ path: `${SCREENSHOTS}/${name}-${width}-${theme}-${language}.png`, fullPage: true });

  const wrong: string[] = [];
  if ((await page.evaluate('document.documentElement.lang')) !== language) wrong.push('is in another language');
  const excess = Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'));
  if (excess > 0) wrong.push(`is ${excess} px too wide`);
  await page.evaluate(axe.source);
  const found = violations.parse(await page.evaluate('axe.run(document).then((result) => result.violations)'));
  for (const { id, nodes } of found) {
    wrong.push(...nodes.slice(0, 3).map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`));
  }
  return wrong;
}
