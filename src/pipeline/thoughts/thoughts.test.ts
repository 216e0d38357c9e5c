import { expect, test } from 'bun:test';
import { plainRequest } from '../../chat/fixture.ts';
import type { ChatReply } from '../../chat/reply.ts';
import type { AssistantPart, Message, ToolCallPart } from '../../chat/request.ts';
import { NO_USAGE } from '../../chat/usage.ts';
import { createThoughts } from './index.ts';

const proof = { dialect: 'anthropic-messages', value: 'sig-1' };
const thought: AssistantPart = { type: 'reasoning', text: 'hm', signature: proof };
const call = (id: string): ToolCallPart => ({ type: 'tool-call', id, name: 'look', argumentsText: '{}' });

const replyOf = (...content: AssistantPart[]): ChatReply => ({
  id: 'r',
  model: 'm',
  usage: NO_USAGE,
  choices: [{ content, reason: 'tool-calls', logprobs: [] }],
});

const requestOf = (...messages: Message[]) => plainRequest('', { messages });

const assistant = (...content: AssistantPart[]): Message => ({ role: 'assistant', content });
const remembering = (...content: AssistantPart[]) => {
  const thoughts = createThoughts({ maxCharacters: 10_000 });
  thoughts.remember('anna', replyOf(...content));
  return thoughts;
};

test('thoughts and proofs come back before the calls they led to, in their order', () => {
  const signed = { ...call('c2'), signature: proof };
  const thoughts = remembering(thought, { type: 'text', text: 'Let me see.' }, call('c1'), thought, signed);
  const asked = requestOf(assistant({ type: 'text', text: 'Let me see.' }, call('c1'), call('c2')));
  expect(thoughts.recall('anna', asked).messages[0]?.content).toEqual([
    thought,
    { type: 'text', text: 'Let me see.' },
    call('c1'),
    thought,
    signed,
  ]);
});

test('what the client changed stays changed, and what it added stays last', () => {
  const thoughts = remembering(thought, call('c1'));
  const edited: AssistantPart = { type: 'tool-call', id: 'c1', name: 'look', argumentsText: '{"x":1}' };
  const asked = requestOf(assistant(edited, call('c9')));
  expect(thoughts.recall('anna', asked).messages[0]?.content).toMatchObject([
    thought,
    { argumentsText: '{"x":1}' },
    call('c9'),
  ]);
});

test('a reply without calls is found by its text', () => {
  const text: AssistantPart = { type: 'text', text: 'Four.', signature: proof };
  const asked = requestOf(assistant({ type: 'text', text: 'Four.' }));
  expect(remembering(text).recall('anna', asked).messages[0]?.content).toEqual([text]);
});

test('nobody gets the thoughts of another owner, and strangers are left as they are', () => {
  const asked = requestOf(assistant(call('c1')));
  expect(remembering(thought, call('c1')).recall('bert', asked)).toBe(asked);
  expect(remembering(thought, call('c1')).recall('anna', requestOf(assistant(call('c2')))).messages[0]).toEqual(
    assistant(call('c2')),
  );
});

test('a message without calls that brings its own proofs is left as it is', () => {
  const own: AssistantPart = { type: 'text', text: 'Four.', signature: { ...proof, value: 'own' } };
  const asked = requestOf(assistant(own));
  expect(remembering({ type: 'text', text: 'Four.', signature: proof }).recall('anna', asked)).toBe(asked);
});

test('a message that brings back some of its thoughts gets all of them', () => {
  const second: AssistantPart = { type: 'reasoning', text: 'then', signature: { ...proof, value: 'sig-2' } };
  const asked = requestOf(assistant(second, call('c1')));
  expect(remembering(thought, second, call('c1')).recall('anna', asked).messages[0]?.content).toMatchObject([
    thought,
    second,
    call('c1'),
  ]);
});

test('replies without a proof are not kept, and memory is bounded', () => {
  const thoughts = createThoughts({ maxCharacters: 1000 });
  thoughts.remember('anna', replyOf({ type: 'reasoning', text: 'no proof' }, call('c0')));
  expect(thoughts.stats()).toEqual({ kept: 0, characters: 0 });
  for (let i = 0; i < 50; i++) thoughts.remember('anna', replyOf(thought, call(`c${i}`)));
  expect(thoughts.stats().characters).toBeLessThanOrEqual(1000);
  expect(thoughts.recall('anna', requestOf(assistant(call('c49')))).messages[0]?.content).toHaveLength(2);
  expect(thoughts.recall('anna', requestOf(assistant(call('c0')))).messages[0]?.content).toHaveLength(1);
});
