import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** False, with a printed reason, where no browser is installed; in continuous integration that is a failure instead. */
export function hasBrowser(): boolean {
  if (CHROMIUM) return true;
  if (process.env.CI === 'true') throw new Error('Chromium is not installed; .ci/run should have brought it.');
  console.log('Skipped: tests in a real browser need Chromium, which is not installed.');
  return false;
}

/** A headless browser that keeps to itself. */
export function launchBrowser() {
  return chromium.launch({
    executablePath: CHROMIUM ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });
}
