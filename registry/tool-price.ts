import type { Model } from './schema.ts';

/** How often each of a provider's own tools was used, by its name in `toolPrices`. */
export type Calls = Readonly<Record<string, number>>;

const NANO_PER_USD = 1_000_000_000;
/** `1000 calls`, `1000 queries`, `1000 grounded prompts`. */
const PER = /^(\d+) (.+)$/;
/** What is charged by the prompt is charged once, however often the tool was used for it. */
const BY_PROMPT = /prompts$/;

/** What the calls cost, in whole nano-dollars; null as soon as one of them has no price. Free allowances are not taken off. */
export function priceCalls(prices: Model['toolPrices'], calls: Calls): number | null {
  let total = 0;
  for (const [name, count] of Object.entries(calls)) {
    if (count === 0) continue;
    const price = Object.hasOwn(prices, name) ? prices[name] : undefined;
    const [, many, unit = ''] = PER.exec(price?.per ?? '') ?? [];
    if (price === undefined || many === undefined) return null;
    const billed = BY_PROMPT.test(unit) ? 1 : count;
    total += Math.round((billed * Math.round(price.usd * NANO_PER_USD)) / Number(many));
  }
  return total;
}
