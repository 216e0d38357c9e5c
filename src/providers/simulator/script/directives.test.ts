import { describe, expect, test } from 'bun:test';
import { readDirectives, withoutDirectives } from './directives.ts';

describe('directives', () => {
  test('are read from anywhere in a text', () => {
    const text = 'a [[sim:delay=800]] b [[sim:chunks=50]][[sim:gap=20]] [[sim:length]] c [[sim:break]]';
    expect(readDirectives(text, 'm')).toMatchObject({
      delayMs: 800,
      chunks: 50,
      gapMs: 20,
      isTruncated: true,
      breaks: true,
    });
    expect(withoutDirectives(text)).toBe('a  b   c ');
  });

  test('name an error by its status or by its kind', () => {
    expect(readDirectives('[[sim:error=529]]', 'm').error).toEqual({ kind: 529, retryAfterSeconds: 1 });
    expect(readDirectives('[[sim:error=429 retry=20]]', 'm').error).toEqual({ kind: 429, retryAfterSeconds: 20 });
    expect(readDirectives('[[sim:error=quota]]', 'm').error).toMatchObject({ kind: 'quota' });
  });

  test('strike only the model they are meant for', () => {
    const text = '[[sim:error=503 for=gpt-5.4]] [[sim:error=429 for=claude-*]]';
    expect(readDirectives(text, 'gpt-5.4').error).toMatchObject({ kind: 503 });
    expect(readDirectives(text, 'claude-sonnet-5').error).toMatchObject({ kind: 429 });
    expect(readDirectives(text, 'gpt-5.4-mini').error).toBeNull();
  });

  test('say a text that may hold lines, spaces and signs', () => {
    expect(readDirectives('[[sim:say={"a": [1]}\nfor=x]]', 'm').say).toBe('{"a": [1]}\nfor=x');
    expect(readDirectives('[[sim:say=]]', 'm').say).toBe('');
    expect(readDirectives('[[sim:silent]]', 'm').isSilent).toBe(true);
    expect(readDirectives('[[sim:silent]] [[sim:say=a]]', 'm')).toMatchObject({ isSilent: false, say: 'a' });
  });

  test('without sense are ignored', () => {
    const nothing = readDirectives('', 'm');
    for (const text of [
      '[[sim:error=200]]',
      '[[sim:error]]',
      '[[sim:delay=999999]]',
      '[[sim:chunks=0]]',
      '[[sim:x]]',
      '[[sim:delay=5',
    ]) {
      expect(readDirectives(text, 'm')).toEqual(nothing);
    }
  });

  test('cost one pass, however many brackets there are', () => {
    const started = performance.now();
    readDirectives('[[sim:error='.repeat(100_000), 'm');
    readDirectives('[[sim:say=]]'.repeat(50_000), 'm');
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
