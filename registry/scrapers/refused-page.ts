/** Marks of pages that a server sends instead of the one asked for. */
const CHALLENGES = [/_cf_chl_opt/, /challenge-error-text/, /cf-browser-verification/i, /<title>\s*just a moment/i];

/**
 * Why this text cannot be a price page of its vendor, or null. Text of a reader proxy is refused, too: such renderings lose
 * the labels of tabs and may have been edited on the way.
 */
export function findRefusal(text: string): string | null {
  if (text.trim() === '') return 'The page is empty.';
  if (CHALLENGES.some((mark) => mark.test(text)))
    return 'The server asked for a browser check instead of sending the page.';
  if (/^URL Source: /m.test(text.slice(0, 2000)) && /^Markdown Content:/m.test(text.slice(0, 4000))) {
    return 'This is the rendering of a reader proxy, not the page itself.';
  }
  return null;
}
