import { expect, test } from 'bun:test';
import { createAnthropic } from './index.ts';

const adjust = (body: Record<string, unknown>) => createAnthropic().adjust?.(body);
const text = { type: 'text', text: 'hello' };

test('thoughts that Anthropic did not sign are left out, its own are kept, empty ones too', () => {
  const signed = { type: 'thinking', thinking: '', signature: 'sig' };
  const foreign = { type: 'thinking', thinking: 'hm', signature: '' };
  const messages = [{ role: 'assistant', content: [foreign, signed, text] }];
  expect(adjust({ model: 'm', messages })).toEqual({
    model: 'm',
    messages: [{ role: 'assistant', content: [signed, text] }],
  });
});

test('a body without such blocks is sent as it is', () => {
  const body = {
    model: 'm',
    messages: [
      { role: 'assistant', content: [text] },
      { role: 'user', content: 'hi' },
    ],
  };
  expect(adjust(body)).toBe(body);
});
