import { withoutDirectives } from './directives.ts';

const SUBJECT_CHARACTERS = 90;
const QUOTE_CHARACTERS = 400;
const COMMON_WORDS = new Set(
  (
    'about above after again against please could would should their there these those where which while with without ' +
    'explain describe write answer question tell give using what when have this that from into your make need want ' +
    'help between because simple short first second other using every being does doing them then than they'
  ).split(' '),
);

/** Sentences about a topic, none of which claims to know anything. */
const SENTENCES = [
  (topic: string) => `A good first step is to say exactly what you need to know about ${topic}.`,
  (topic: string) => `Start with the simplest version of ${topic} that could work, and measure it.`,
  (topic: string) =>
    `Most questions about ${topic} come down to a trade-off, so decide which side matters more to you.`,
  (topic: string) => `Write down what you already know about ${topic}, then test the assumption the rest stands on.`,
  (topic: string) => `If ${topic} turns out to be the hard part, split it in two and do the smaller half first.`,
  (topic: string) => `Comparing two concrete examples of ${topic} usually shows the rule behind them.`,
  (topic: string) => `Someone who meets ${topic} for the first time is best served by one short example.`,
  (topic: string) => `Keep a note of every decision you take on ${topic}, because the reasons are forgotten first.`,
  (topic: string) => `Ask what would have to be true for ${topic} to matter less than it seems to.`,
];
const CLOSING = 'This answer was made up by the simulator; with a provider key the model itself will reply.';

/** A helpful-sounding paragraph about what the user wrote: the same for the same text, longer for a longer one. */
export function writeProse(userText: string): string {
  const words = withoutDirectives(userText).replaceAll(/\s+/g, ' ').trim();
  const subject = subjectOf(words);
  if (subject === '') return `You sent no words, so there is little to answer. ${CLOSING}`;

  const topics = topicsOf(words, subject);
  const count = Math.min(3 + Math.floor(words.length / 200), SENTENCES.length);
  const first = words.length % SENTENCES.length;
  const sentences = [`You asked: “${subject}”.`];
  for (let index = 0; index < count; index++) {
    const sentence = SENTENCES[(first + index) % SENTENCES.length];
    const topic = topics[index % topics.length];
    if (sentence && topic) sentences.push(sentence(topic));
  }
  return [...sentences, CLOSING].join(' ');
}

/** What the model thinks before it answers, or goes on after its tools have. */
export function writeThoughts(userText: string, [result]: readonly { name: string; text: string }[]): string {
  if (result)
    return `I have what the tools returned, such as “${shorten(result.text, SUBJECT_CHARACTERS)}”, and can answer.`;
  const subject = subjectOf(withoutDirectives(userText).replaceAll(/\s+/g, ' ').trim());
  return `The user writes: “${subject}”. I should find out what matters most in it and answer that in a few plain sentences.`;
}

/** An answer that passes on what tools have found. */
export function quoteResults(results: readonly { name: string; text: string }[]): string {
  const quotes = results.map(({ name, text }) => `${name || 'The tool'} returned: ${shorten(text, QUOTE_CHARACTERS)}`);
  return `${quotes.join('\n')}\n${CLOSING}`;
}

function subjectOf(words: string): string {
  const sentence = words.slice(0, 500).match(/^.*?[.?!](?= |$)/)?.[0] ?? words;
  return shorten(sentence.replaceAll(/[“”]/g, '"').replace(/[.?!]$/, ''), SUBJECT_CHARACTERS);
}

function topicsOf(words: string, subject: string): string[] {
  const candidates = words.slice(0, 2000).match(/\p{L}[\p{L}\d'-]{4,30}/gu) ?? [];
  const topics = [...new Set(candidates)].filter((word) => !COMMON_WORDS.has(word.toLowerCase())).slice(0, 6);
  return topics.length > 0 ? topics : [`“${subject}”`];
}

/** Cut between characters, never inside one. */
function shorten(text: string, limit: number): string {
  const characters = [...text.slice(0, limit * 2)];
  return characters.length <= limit && text.length <= limit * 2
    ? text
    : `${characters.slice(0, limit).join('').trimEnd()}…`;
}
