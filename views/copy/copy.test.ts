import { expect, test } from 'bun:test';
import { COPY, explain } from './index.ts';

/** Words that are the same in both languages. */
const SHARED = new Set(['auto', 'p95', 'p95 2', 'Tokens', 'error']);

/** Every text of a dictionary by its path; a function is asked with twos. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String(value(...Array.from({ length: value.length }, () => 2)))]];
  if (typeof value !== 'object' || value === null) throw new TypeError(`${path} is no text`);
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, path === '' ? key : `${path}.${key}`));
}

const english = textsOf(COPY.en);
const spanish = textsOf(COPY.es);

test('both languages have the same keys, in the same order', () => {
  expect(english.length).toBeGreaterThan(100);
  expect(spanish.map(([path]) => path)).toEqual(english.map(([path]) => path));
});

test('no text is empty, and none was left in English', () => {
  const inEnglish = new Map(english);
  for (const [path, text] of [...english, ...spanish])
    expect([path, text.trim() === text && text !== '']).toEqual([path, true]);
  const same = spanish.filter(([path, text]) => inEnglish.get(path) === text && !SHARED.has(text));
  expect(same).toEqual([]);
});

test('one is told from many', () => {
  expect([COPY.en.overview.answers(1, '1'), COPY.en.overview.answers(2, '2')]).toEqual(['1 answer', '2 answers']);
  expect([COPY.es.keys.inDays(1), COPY.es.keys.inDays(30)]).toEqual(['en 1 día', 'en 30 días']);
});

test('a refusal is told in the language of the page, by its code and field, else as it is', () => {
  const wrong = { code: 'invalid_request', message: 'This is not an e-mail address.', param: 'email' };
  expect(explain(wrong, 'en')).toBe('This is not an e-mail address.');
  expect(explain(wrong, 'es')).toBe('Esto no es una dirección de correo.');
  expect(explain({ code: 'rate_limited', message: 'x', retryAfterSeconds: 240 }, 'es')).toContain('4 minutos');
  expect(explain({ code: 'unheard_of', message: 'As it is.' }, 'es')).toBe('As it is.');
});
