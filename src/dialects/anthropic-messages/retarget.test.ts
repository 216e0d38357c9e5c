import { expect, test } from 'bun:test';
import type { JsonObject } from '../../lib/json.ts';
import { retarget } from './retarget.ts';
import { target } from './test-conversation.ts';

test('a body of this dialect keeps its order and its messages; only the model and the stream are ours', () => {
  const messages = [{ role: 'user', content: 'Hi' }];
  const body = { max_tokens: 5, model: 'auto', messages, stream: true, later: { a: 1 } };
  const sent = retarget(body, target({ stream: true }));
  expect(Object.entries(sent)).toEqual(Object.entries({ ...body, model: 'claude-test' }));
  expect(sent.messages).toBe(messages);
  expect(retarget(body, target()).stream).toBe(false);
  expect(Object.keys(retarget({ messages }, target()))).toEqual(['messages', 'model']);
  expect(body.model).toBe('auto');
});

const thinking = { type: 'enabled', budget_tokens: 2048 };
const use = { type: 'tool_use', id: 'a', name: 'look', input: {} };
const answered = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'ok' }] };
const question = { role: 'user', content: 'Hi' };

/** The request in the middle of a turn that began with these blocks. */
function midTurn(...blocks: JsonObject[]): JsonObject {
  return { thinking, max_tokens: 4000, messages: [question, { role: 'assistant', content: blocks }, answered] };
}

test.each([
  ['no thoughts, because another vendor made the calls', midTurn(use)],
  ['thoughts of another vendor, which are unsigned', midTurn({ type: 'thinking', thinking: 'a', signature: '' }, use)],
  ['words', midTurn({ type: 'text', text: 'a' }, use)],
])('a turn under way that began with %s goes on without thinking, or it would be refused', (_name, body) => {
  const { thinking: _thinking, ...rest } = body;
  expect<JsonObject>(retarget(body, target())).toEqual({ ...rest, model: 'claude-test' });
});

test.each([
  ['signed thoughts', midTurn({ type: 'thinking', thinking: '', signature: 's' }, use)],
  ['redacted thoughts', midTurn({ type: 'redacted_thinking', data: 'd' }, use)],
])('a turn that began with %s goes on as it is', (_name, body) => {
  expect(retarget(body, target())).toEqual({ ...body, model: 'claude-test' });
});

test('a turn that is over, and one of a model that decides itself, are left as they are', () => {
  const asked = { ...midTurn(use), messages: [question, { role: 'assistant', content: [use] }, answered, question] };
  const mixed = { ...answered, content: [...answered.content, { type: 'text', text: 'Also?' }] };
  const adaptive = { ...midTurn(use), thinking: { type: 'adaptive' } };
  expect(retarget({ ...asked, messages: [question] }, target()).thinking).toEqual(thinking);
  expect(
    retarget({ ...asked, messages: [question, { role: 'assistant', content: 'A' }, question] }, target()),
  ).toHaveProperty('thinking');
  expect(retarget(adaptive, target()).thinking).toEqual({ type: 'adaptive' });
  expect(
    retarget({ ...asked, messages: [question, { role: 'assistant', content: [use] }, mixed] }, target()),
  ).not.toHaveProperty('thinking');
});

test('a strange body is left for the provider to refuse', () => {
  for (const messages of [undefined, 'a', [], [null, 5], [{ role: 'assistant' }, answered], [answered]]) {
    expect(retarget({ thinking, messages }, target())).toEqual({ thinking, messages, model: 'claude-test' });
  }
});
