/** One element from the first character to the last: `<system-reminder>…</system-reminder>`. */
const ELEMENT = /^\s*<([a-z][\w-]*)>[\s\S]*<\/\1>\s*$/;

/**
 * What a person said, of the texts of a message. Coding agents put what they want the model to know beside the person's words,
 * in blocks that are each one element; where there is nothing else, that is what was said.
 */
export function spokenText(texts: readonly string[]): string {
  const said = texts.filter((text) => !ELEMENT.test(text));
  return (said.length > 0 ? said : texts).join('\n');
}
