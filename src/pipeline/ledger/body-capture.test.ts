import { expect, test } from 'bun:test';
import type { ChatRequest } from '../../chat/request.ts';
import { createBodyCapture, MAX_BODY_BYTES } from './body-capture.ts';

const request: ChatRequest = {
  ...{ model: 'auto', stream: false, wantsStreamUsage: false, tools: [], stop: [], choices: 1, extras: {} },
  original: { dialect: 'x', body: {}, headers: {} },
  system: [{ type: 'text', text: 'Be brief.' }],
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } },
      ],
    },
    { role: 'assistant', content: [{ type: 'tool-call', id: 'c', name: 'look', argumentsText: '{"x":1}' }] },
  ],
};

test('a prompt is told turn by turn, and media by their kind', () => {
  const capture = createBodyCapture();
  capture.hear(request);
  expect(capture.read()).toMatchObject({
    prompt: '[system]\nBe brief.\n\n[user]\nWhat is this?\n[image]\n\n[assistant]\n[tool call: look] {"x":1}',
    isPromptCut: false,
  });
});

test('an answer is told in the order it came in, under headings', () => {
  const capture = createBodyCapture();
  capture.see({ type: 'reasoning-delta', choice: 0, text: 'Hm' });
  capture.see({ type: 'reasoning-delta', choice: 0, text: '.' });
  capture.see({ type: 'text-delta', choice: 0, text: 'A ' });
  capture.see({ type: 'text-delta', choice: 0, text: 'cat.' });
  capture.see({ type: 'tool-call-start', choice: 0, call: 0, id: 'c', name: 'feed' });
  capture.see({ type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '{}' });
  expect(capture.read().answer).toBe('[reasoning]\nHm.\n\n[answer]\nA cat.\n\n[tool call: feed]\n{}');
});

test('whatever is said, no more than the beginning of it is kept, whole characters only', () => {
  for (const text of ['a', 'é', '猫', '👩‍👩‍👧']) {
    const capture = createBodyCapture();
    for (let n = 0; n < 3; n++) capture.see({ type: 'text-delta', choice: 0, text: text.repeat(30_000) });
    const { answer, isAnswerCut } = capture.read();
    expect(isAnswerCut).toBe(true);
    expect(Buffer.byteLength(answer)).toBeLessThanOrEqual(MAX_BODY_BYTES);
    expect(Buffer.byteLength(answer)).toBeGreaterThan(MAX_BODY_BYTES - 4);
    expect(answer.isWellFormed()).toBe(true);
  }
});
