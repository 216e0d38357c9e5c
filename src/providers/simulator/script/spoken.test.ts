import { expect, test } from 'bun:test';
import { spokenText } from './spoken.ts';

const reminder = '<system-reminder>\nToday is a <b>day</b>.\n</system-reminder>\n';

test.each<[string, string[], string]>([
  ['a text is what was said', ['Hello'], 'Hello'],
  [
    'what a program put beside it is left out',
    [reminder, 'Hello', '<environment_context>x</environment_context>'],
    'Hello',
  ],
  [
    'an element with words around it is said',
    ['Read <a>this</a> now', '<a>that</a> too'],
    'Read <a>this</a> now\n<a>that</a> too',
  ],
  ['where there is nothing else, that was said', [reminder], reminder],
  ['an element that does not end is said', ['<system-reminder> hello'], '<system-reminder> hello'],
])('%s', (_name, texts, expected) => {
  expect(spokenText(texts)).toBe(expected);
});
