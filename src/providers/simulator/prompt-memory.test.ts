import { describe, expect, test } from 'bun:test';
import { countTokens, createPromptMemory, segment } from './prompt-memory.ts';

const long = segment('word '.repeat(1000));
const tokens = countTokens(long.text);

describe('a prompt cache that works by itself', () => {
  test('finds the longest beginning it has seen, in whole blocks', () => {
    const memory = createPromptMemory();
    expect(memory.measureAutomatic('m', [long, segment('one')], 128)).toMatchObject({ total: tokens + 1, read: 0 });
    expect(memory.measureAutomatic('m', [long, segment('two')], 128).read).toBe(1152);
    expect(memory.measureAutomatic('m', [long, segment('two')], 1).read).toBe(tokens + 1);
  });

  test('knows neither short prompts, nor other models, nor other beginnings', () => {
    const memory = createPromptMemory();
    memory.measureAutomatic('m', [segment('short')], 1);
    memory.measureAutomatic('m', [long], 1);
    expect(memory.measureAutomatic('m', [segment('short')], 1).read).toBe(0);
    expect(memory.measureAutomatic('other', [long], 1).read).toBe(0);
    expect(memory.measureAutomatic('m', [segment('x'), long], 1).read).toBe(0);
  });
});

describe('a prompt cache that keeps what is marked', () => {
  test('writes up to the last mark, then reads it and writes what is new', () => {
    const memory = createPromptMemory();
    const marked = { ...long, cache: 'short' as const };
    expect(memory.measureMarked('m', [marked, segment('tail')])).toEqual({
      total: tokens + 1,
      read: 0,
      writtenShort: tokens,
      writtenLong: 0,
    });
    const more = { ...segment('more '.repeat(40)), cache: 'short' as const };
    expect(memory.measureMarked('m', [long, more])).toEqual({
      total: tokens + 50,
      read: tokens,
      writtenShort: 50,
      writtenLong: 0,
    });
  });

  test('tells long-lived writes from short-lived ones', () => {
    const memory = createPromptMemory();
    const first = { ...long, cache: 'long' as const };
    const second = { ...segment('x'.repeat(400)), cache: 'short' as const };
    expect(memory.measureMarked('m', [first, second])).toMatchObject({ writtenLong: tokens, writtenShort: 100 });
  });

  test('does nothing without a mark', () => {
    const memory = createPromptMemory();
    memory.measureMarked('m', [long]);
    expect(memory.measureMarked('m', [long])).toEqual({ total: tokens, read: 0, writtenShort: 0, writtenLong: 0 });
  });
});

test('a file counts the same, however large it is', () => {
  const memory = createPromptMemory();
  const image = (size: number) => segment({ data: 'A'.repeat(size) });
  const { total } = memory.measureAutomatic('m', [image(5000)], 1);
  expect(memory.measureAutomatic('m', [image(500_000)], 1).total).toBe(total);
});
