import { expect, test } from 'bun:test';
import { estimateOutputTokens, estimatePromptTokens, textTokens } from './estimate.ts';
import { ask, modelOf } from './fixture.ts';

const plain = modelOf({ id: 'plain', provider: 'acme' });
const thinker = modelOf({
  id: 'thinker',
  provider: 'acme',
  more: { reasoning: { supported: true, required: true, efforts: ['low', 'high'] } },
});

test('four Latin letters are about a token, and an ideograph nearly one', () => {
  expect(textTokens('abcd'.repeat(100))).toBe(100);
  expect(textTokens('数据库'.repeat(100))).toBeGreaterThan(200);
  expect(textTokens('')).toBe(0);
});

test('a very long text is estimated from a sample of it', () => {
  const text = 'word '.repeat(2_000_000);
  const timed = (): number => {
    const started = performance.now();
    expect(textTokens(text)).toBeCloseTo(2_500_000, -4);
    return performance.now() - started;
  };
  // The best of a few: on a busy machine any one of them may have had to wait.
  expect(Math.min(...Array.from({ length: 10 }, timed))).toBeLessThan(50);
});

test('images, files, tools and earlier calls all count', () => {
  const small = estimatePromptTokens(ask('auto'));
  const image = { type: 'image', source: { type: 'url', url: 'https://example.org' } } as const;
  const pdf = {
    type: 'file',
    source: { type: 'base64', mediaType: 'application/pdf', data: 'A'.repeat(400_000) },
  } as const;
  const sound = {
    type: 'audio',
    source: { type: 'base64', mediaType: 'audio/mp3', data: 'A'.repeat(40_000) },
  } as const;
  const call = { type: 'tool-call', id: '1', name: 'f', argumentsText: '{"a":"b"}' } as const;
  const of = (...content: unknown[]) =>
    estimatePromptTokens(ask('auto', { messages: [{ role: 'user', content }] as never }));
  expect(of(image)).toBeGreaterThanOrEqual(800);
  expect(of(pdf)).toBeGreaterThan(5_000);
  expect(of(sound)).toBeGreaterThan(100);
  expect(of(call)).toBeGreaterThan(0);
  expect(of({ type: 'tool-result', callId: '1', content: [image], isError: false })).toBeGreaterThan(800);
  const parameters = { type: 'object', properties: { a: {}, b: {} } };
  expect(estimatePromptTokens(ask('auto', { tools: [{ type: 'function', name: 'f', parameters }] }))).toBe(small + 110);
});

test('harder work and thinking models write more, within the limits', () => {
  const simple = estimateOutputTokens(ask('auto'), plain, 'simple');
  const expert = estimateOutputTokens(ask('auto'), plain, 'expert');
  const thought = estimateOutputTokens(ask('auto'), thinker, 'expert');
  expect(expert).toBeGreaterThan(simple);
  expect(thought).toBeGreaterThan(expert);
  expect(estimateOutputTokens(ask('auto', { reasoning: { effort: 'max' } }), thinker, 'expert')).toBeGreaterThan(
    thought,
  );
  expect(estimateOutputTokens(ask('auto', { reasoning: { effort: 'none' } }), thinker, 'expert')).toBeLessThan(thought);
  expect(estimateOutputTokens(ask('auto', { maxOutputTokens: 50 }), thinker, 'expert')).toBe(50);
  expect(estimateOutputTokens(ask('auto', { choices: 3 }), plain, 'simple')).toBe(simple * 3);
});
