import { readIslands, readMdx } from './openai-components.ts';
import { readTables } from './openai-tables.ts';
import { findRefusal } from './refused-page.ts';
import type { Scraper } from './scraper.ts';

const URL = 'https://developers.openai.com/api/docs/pricing';

/**
 * OpenAI's price page, which has changed its shape four times in nine months: tables under loose labels, source text with
 * components, tables with long prompts, and the page itself. The shape whose components were stripped has all the headings
 * and none of the prices; it is no shape here.
 */
export const openai: Scraper = {
  id: 'openai',
  anchors: ['gpt-5.5', 'gpt-5.4-mini', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-4o-mini'],
  sources: () => [
    { url: `${URL}.md`, contentType: 'text/markdown' },
    { url: URL, contentType: 'text/html' },
  ],
  detectShape(text) {
    if (findRefusal(text) !== null) return null;
    if (/<astro-island\b[^>]*component-export="TextTokenPricingTables"/.test(text)) return 'astro-islands';
    if (/<TextTokenPricingTables\b/.test(text)) return 'mdx-components';
    if (/^\| ?Model ?\| ?Short context input ?\|/im.test(text)) return 'long-context-tables';
    return /^Text tokens$/m.test(text) && /^\| ?Model ?\| ?Input ?\| ?Cached input ?\| ?Output ?\|/im.test(text)
      ? 'labelled-tables'
      : null;
  },
  parse(text, shape) {
    if (shape === 'astro-islands') return readIslands(text);
    return shape === 'mdx-components' ? readMdx(text) : readTables(text);
  },
};
