import { expect, test } from 'bun:test';
import { plainFrame } from '../../views/frame.ts';
import { writeChoice, writePlace } from '../../views/why.ts';
import type { ChoiceWhy, PlaceWhy } from '../chat/why.ts';
import { readDecision, renderDecision } from './decision.ts';

const why: ChoiceWhy = {
  ...{ code: 'judged', complexity: 'simple', confidence: 0.92, model: 'acme/small' },
  first: { code: 'cheapest', floor: 0.865, rivals: 47 },
};
const dropped = [{ why: { code: 'no-key', provider: 'bell' }, models: ['bell/other'] }];
const kept = { model: 'small', provider: 'acme', rank: 1, why: why.code === 'judged' ? why.first : null };

test('a decision is kept as codes and numbers, and read in either language', () => {
  const report = readDecision({ strategy: 'cost', why, candidates: [kept], dropped });
  expect(report?.why).toEqual(why);
  expect(writeChoice(plainFrame('en', 0), why)).toBe(
    'Judged as simple work (confidence 92%): acme/small is the cheapest of 47 to reach an expected success of 86.5%.',
  );
  expect(writeChoice(plainFrame('es', 0), why).replaceAll('\u00a0', ' ')).toBe(
    'Parece trabajo sencillo (confianza del 92 %): acme/small es el más barato de 47 con un acierto esperado de al menos el 86,5 %.',
  );
});

test('programs are told the codes and, as ever, English sentences', () => {
  const report = readDecision({ strategy: 'cost', why, isFromCache: true, candidates: [kept], dropped });
  expect(renderDecision(report!)).toMatchObject({
    why,
    reason: expect.stringMatching(/^Answered from the cache\. Judged as simple work/),
    candidates: [{ reason: 'The cheapest of 47 to reach an expected success of 86.5%.' }],
    dropped: [{ why: dropped[0]?.why, reason: 'There is no key for bell.', models: ['bell/other'] }],
  });
});

test('a row of a version that kept sentences still says them', () => {
  const old = {
    ...{ strategy: 'cost', reason: 'Judged as simple work.' },
    candidates: [{ model: 'small', provider: 'acme', rank: 1, reason: 'The cheapest of 2.' }],
    dropped: { 'There is no key for bell.': ['bell/other'] },
  };
  const report = readDecision(old);
  expect(report).toMatchObject({
    ...{ why: null, reason: 'Judged as simple work.' },
    candidates: [{ why: null, reason: 'The cheapest of 2.' }],
    dropped: [{ why: null, reason: 'There is no key for bell.', models: ['bell/other'] }],
  });
  expect(renderDecision(report!)).toMatchObject({ reason: 'Judged as simple work.' });
});

test('a code of a later version costs the sentence, not the page', () => {
  const report = readDecision({ strategy: 'cost', why: { code: 'by-the-stars' }, candidates: [kept] });
  expect(report).toMatchObject({ why: null, candidates: [{ model: 'small' }] });
});

test('every reason has its words in both languages, and no two are the same', () => {
  const [en, es] = [plainFrame('en', 0), plainFrame('es', 0)];
  const reasons: PlaceWhy[] = [
    ...(['only-one', 'spare', 'named', 'named-cheapest-first', 'fallback', 'beaten'] as const).map((code) => ({
      code,
    })),
    ...(['not-allowed', 'unpriced', 'too-dear', 'no-chat', 'unknown-fallback'] as const).map((code) => ({ code })),
    { code: 'nearest', floor: 0.9, complexity: 'expert', rivals: 3 },
    { code: 'likeliest', success: 0.9, rivals: 3 },
    { code: 'fastest', floor: 0.9, rivals: 3, latencyMs: 1200 },
    { code: 'best-weighed', success: 0.9, rivals: 3 },
    { code: 'next-cheapest', floor: 0.9 },
    { code: 'next-likeliest', success: 0.9 },
    { code: 'next-fastest', latencyMs: 1200 },
    { code: 'next-weighed', success: 0.9 },
    { code: 'short', success: 0.8, floor: 0.9, isTried: false },
    { code: 'short', success: 0.8, floor: 0.9, isTried: true },
    { code: 'unrated', isTried: true },
    { code: 'other-dialects', dialects: 'bellish' },
    { code: 'cannot', ability: 'vision' },
    { code: 'may-not-be-able', ability: 'tools' },
    { code: 'one-dialect', dialect: 'bellish' },
    { code: 'too-weak', quality: 40.2, asked: 55 },
    { code: 'too-weak', quality: null, asked: 55 },
    { code: 'too-long', tokens: 12_000, window: 8_000 },
    { code: 'retired', replacement: 'newer' },
    { code: 'retired', replacement: null },
  ];
  const sentences = reasons.flatMap((reason) => [writePlace(en, reason), writePlace(es, reason)]);
  expect(new Set(sentences).size).toBe(sentences.length);
  for (const sentence of sentences) expect(sentence).toMatch(/^\p{Lu}.*\.$/u);
});
