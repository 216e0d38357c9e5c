import { expect, test } from 'bun:test';
import { collect } from '../../chat/reply.ts';
import { NO_USAGE } from '../../chat/usage.ts';
import type { JsonObject } from '../../lib/json.ts';
import { parseReply } from './parse-reply.ts';
import { renderUsage } from './usage.ts';

function usageOf(usage: unknown, fields: JsonObject = {}) {
  return collect(parseReply({ id: 'i', choices: [{ message: { content: 'a' } }], usage, ...fields })).usage;
}

test('each prompt token is in one class, and sound is not in the text written', () => {
  const usage = usageOf({
    prompt_tokens: 100,
    completion_tokens: 50,
    total_tokens: 150,
    prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10, audio_tokens: 5 },
    completion_tokens_details: { reasoning_tokens: 20, audio_tokens: 8 },
  });
  expect(usage).toEqual({
    ...NO_USAGE,
    input: 25,
    cacheRead: 60,
    cacheWriteShort: 10,
    audioInput: 5,
    output: 42,
    reasoning: 20,
    audioOutput: 8,
  });
});

test('thoughts outside the completion tokens are found in the total', () => {
  expect(usageOf({ prompt_tokens: 30, completion_tokens: 10, total_tokens: 100 })).toMatchObject({
    output: 70,
    reasoning: 60,
  });
  const told = {
    prompt_tokens: 30,
    completion_tokens: 10,
    total_tokens: 100,
    completion_tokens_details: { reasoning_tokens: 60 },
  };
  expect(usageOf(told)).toMatchObject({ input: 30, output: 70, reasoning: 60 });
});

test.each([{ prompt_cache_hit_tokens: 4 }, { num_cached_tokens: 4 }, { cached_tokens: 4 }])(
  '%j are cached tokens',
  (cached) => {
    expect(usageOf({ prompt_tokens: 10, completion_tokens: 1, ...cached })).toMatchObject({ input: 6, cacheRead: 4 });
  },
);

test('counts that cannot be are not believed', () => {
  const wild = {
    prompt_tokens: 5,
    completion_tokens: -3,
    prompt_tokens_details: { cached_tokens: 99, audio_tokens: '7' },
  };
  expect(usageOf(wild)).toEqual({ ...NO_USAGE, cacheRead: 5 });
  expect(usageOf('many')).toEqual(NO_USAGE);
});

test('the tier is that of the reply, and usage apart from its place is found', () => {
  expect(usageOf({ prompt_tokens: 1 }, { service_tier: 'flex' })).toMatchObject({ serviceTier: 'flex' });
  expect(usageOf(undefined, { x_groq: { usage: { prompt_tokens: 3 } } })).toMatchObject({ input: 3 });
});

test('the counts written add up as OpenAI adds them', () => {
  const usage = {
    ...NO_USAGE,
    input: 1,
    cacheRead: 2,
    cacheWriteShort: 3,
    cacheWriteLong: 4,
    audioInput: 5,
    output: 6,
    reasoning: 4,
    audioOutput: 7,
  };
  expect(renderUsage(usage)).toMatchObject({
    prompt_tokens: 15,
    completion_tokens: 13,
    total_tokens: 28,
    prompt_tokens_details: { cached_tokens: 2, cache_write_tokens: 7, audio_tokens: 5 },
    completion_tokens_details: { reasoning_tokens: 4, audio_tokens: 7 },
  });
});
