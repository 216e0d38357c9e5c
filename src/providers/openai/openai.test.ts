import { expect, test } from 'bun:test';
import { createOpenAi } from './index.ts';

const adjust = (body: Record<string, unknown>) => createOpenAi().adjust?.(body);

test('what another vendor’s turn left in a message does not reach OpenAI', () => {
  const call = { id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } };
  const messages = [
    { role: 'user', content: 'hi', extra_content: 'the client’s own' },
    {
      role: 'assistant',
      content: null,
      reasoning_content: 'hm',
      tool_calls: [{ ...call, extra_content: { format: 'x' } }],
    },
  ];
  expect(adjust({ model: 'm', messages })).toEqual({
    model: 'm',
    messages: [messages[0], { role: 'assistant', content: null, tool_calls: [call] }],
  });
});

test('a body without such marks is sent as it is', () => {
  const body = { model: 'm', messages: [{ role: 'assistant', content: 'hello' }] };
  expect(adjust(body)).toBe(body);
  expect(adjust({ model: 'm', input: 'hi' })).toEqual({ model: 'm', input: 'hi' });
});
