import { expect, test } from 'bun:test';
import { anthropicCount, googleCount, responsesCount } from './index.ts';

test('only the model changes on the way to a provider of the same dialect', () => {
  const body = { model: 'a/m', messages: [{ role: 'user' }], novelty: 1 };
  expect(anthropicCount.retarget(body, 'm')).toEqual({ ...body, model: 'm' });
  expect(responsesCount.retarget(body, 'm')).toEqual({ ...body, model: 'm' });
});

test('Google names the model where the client did: not at all, or within a whole request', () => {
  expect(googleCount.retarget({ contents: [] }, 'm')).toEqual({ contents: [] });
  const whole = { generateContentRequest: { model: 'models/google/m', contents: [] }, novelty: 1 };
  expect(googleCount.retarget(whole, 'm')).toEqual({
    generateContentRequest: { model: 'models/m', contents: [] },
    novelty: 1,
  });
});

test('the chat inside is found', () => {
  expect(anthropicCount.chatOf({ messages: [] })).toEqual({ max_tokens: 1, messages: [] });
  expect(googleCount.chatOf({ contents: [1] })).toEqual({ contents: [1] });
  expect(googleCount.chatOf({ generate_content_request: { contents: [1] } })).toEqual({ contents: [1] });
});

test('a count is told and read in each shape', () => {
  expect(anthropicCount.renderCount(7)).toEqual({ input_tokens: 7 });
  expect(responsesCount.renderCount(7)).toEqual({ object: 'response.input_tokens', input_tokens: 7 });
  expect(googleCount.renderCount(7)).toEqual({ totalTokens: 7 });
  for (const format of [anthropicCount, googleCount, responsesCount]) {
    expect(format.parseCount(format.renderCount(7))).toBe(7);
    for (const reply of [null, 'text', [], {}, { input_tokens: '7', totalTokens: -1 }]) {
      expect(format.parseCount(reply)).toBeNull();
    }
  }
});
