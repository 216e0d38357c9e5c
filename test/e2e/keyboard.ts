import type { Page } from 'playwright-core';
import { z } from 'zod';

/** More than any page has stops for the Tab key. */
const MOST_STOPS = 250;

const Stop = z.object({
  /** What a person would call it: `button Revoke app`. */
  name: z.string(),
  /** Told apart from others of the same name. */
  mark: z.string(),
  isPage: z.boolean(),
  isAfterLast: z.boolean(),
  isDialogButton: z.boolean(),
  /** What is wrong with it for somebody who looks where they are. */
  wrong: z.array(z.string()),
});
type Stop = z.infer<typeof Stop>;

/** Runs in the page. Says where the keyboard is, and whether that can be seen. */
const LOOK = `(() => {
  const element = document.activeElement;
  const isPage = !element || element === document.body || element === document.documentElement;
  if (isPage) {
    globalThis.lastStop = null;
    return { name: 'page', mark: '', isPage, isAfterLast: true, isDialogButton: false, wrong: [] };
  }
  globalThis.stopCount = (globalThis.stopCount ?? 0) + 1;
  element.dataset.stop ??= String(globalThis.stopCount);
  const label = (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '').trim();
  const wrong = [];
  const style = getComputedStyle(element);
  const hasOutline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  // Within a date the browser marks the part that has the focus.
  const isInPart = element.type?.startsWith('date') && !element.matches(':focus-visible');
  if (!hasOutline && style.boxShadow === 'none' && !isInPart) wrong.push('does not show that it has the focus');
  const box = element.getBoundingClientRect();
  if (box.width < 1 || box.height < 1) wrong.push('has no size');
  const x = Math.min(Math.max(box.left + Math.min(box.width, 400) / 2, 1), innerWidth - 2);
  const y = Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 1), innerHeight - 2);
  const top = document.elementFromPoint(x, y);
  const isSeen = top && (element.contains(top) || top.contains(element) || element.labels?.[0]?.contains(top));
  if (!isSeen) wrong.push('is covered or out of sight, at ' + Math.round(x) + ', ' + Math.round(y));
  if (label === '' && !element.title) wrong.push('has no name');
  if (element.tabIndex > 0) wrong.push('is out of order by its tabindex');
  const last = globalThis.lastStop;
  const isAbove = last?.isConnected && box.bottom < last.getBoundingClientRect().top;
  const part = element.closest('form, section, tr, nav, dialog');
  if (isAbove && part && part === last.closest('form, section, tr, nav, dialog')) wrong.push('stands above the stop before it');
  const isAfterLast = !last || last === element || !last.isConnected || Boolean(last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
  globalThis.lastStop = element;
  const isDialogButton = element.getAttribute('command') === 'show-modal';
  const name = element.tagName.toLowerCase() + ' ' + label.replaceAll(/\\s+/g, ' ').slice(0, 60);
  return { name, mark: element.dataset.stop, isPage, isAfterLast, isDialogButton, wrong };
})()`;

/** Somebody's hands on the keyboard, which is all they have. */
export function createHands(page: Page) {
  const look = async (): Promise<Stop> => Stop.parse(await page.evaluate(LOOK));

  async function tab(back = false): Promise<Stop> {
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
    return await look();
  }

  /** Tabs to what a selector finds. Throws where the keyboard does not get there. */
  async function tabTo(selector: string): Promise<Stop> {
    const passed: string[] = [];
    for (let count = 0; count < MOST_STOPS; count++) {
      const stop = await tab();
      if (stop.wrong.length > 0) throw new Error(`${page.url()}: ${stop.name} ${stop.wrong.join(', ')}`);
      if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return stop;
      passed.push(stop.name);
    }
    throw new Error(`${page.url()}: ${selector} is not reached. Passed: ${passed.slice(0, 60).join(' | ')}`);
  }

  return {
    look,
    tab,
    tabTo,
    press: (key: string) => page.keyboard.press(key),
    type: (text: string) => page.keyboard.type(text),
    /** Tabs to it, and presses Enter. */
    async enter(selector: string): Promise<void> {
      await tabTo(selector);
      await page.keyboard.press('Enter');
    },
  };
}
export type Hands = ReturnType<typeof createHands>;

/** From the first stop of a page to its last: what is wrong on the way, and which stops there were. */
export async function sweep(page: Page): Promise<{ wrong: string[]; stops: Stop[] }> {
  const hands = createHands(page);
  const wrong: string[] = [];
  const stops: Stop[] = [];
  const seen = new Set<string>();
  for (let count = 0; ; count++) {
    const stop = await hands.tab();
    // A date has a stop for each of its parts.
    if (stop.mark === stops.at(-1)?.mark && stop.wrong.length === 0) continue;
    if (stop.isPage || seen.has(stop.mark)) break;
    if (count === MOST_STOPS) wrong.push('does not end');
    if (count === MOST_STOPS) break;
    seen.add(stop.mark);
    stops.push(stop);
    wrong.push(...stop.wrong.map((what) => `${stop.name} ${what}`));
    if (!stop.isAfterLast) wrong.push(`${stop.name} comes too late`);
  }
  return { wrong, stops };
}
