const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/**
 * Follows JSON text as it comes and tells when the object or list in it is complete, looking at every character once. It
 * counts brackets, so text that is no JSON may seem complete.
 */
export function createJsonEnd() {
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  let hasBegun = false;

  function push(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const char = text.charCodeAt(at);
      if (isInString) {
        isInString = isEscaped || char !== QUOTE;
        isEscaped = !isEscaped && char === BACKSLASH;
      } else if (char === QUOTE) {
        isInString = true;
      } else if (OPENING.has(char)) {
        depth++;
        hasBegun = true;
      } else if (CLOSING.has(char)) depth--;
    }
  }

  return { push, isWhole: () => hasBegun && depth <= 0 };
}
export type JsonEnd = ReturnType<typeof createJsonEnd>;
