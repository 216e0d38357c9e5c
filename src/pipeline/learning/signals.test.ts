import { beforeEach, expect, test } from 'bun:test';
import type { ChatRequest, Message } from '../../chat/request.ts';
import { createSignals, type Signal } from './index.ts';

const MINUTE_MS = 60_000;

let told: string[];
let isOn: boolean;
let at: number;
let signals: ReturnType<typeof createSignals>;
beforeEach(() => {
  told = [];
  isOn = true;
  at = Date.UTC(2026, 0, 1);
  signals = createSignals({
    isOn: () => isOn,
    onSignal: ({ source, about }: Signal) => void told.push(`${source} ${about.requestId}`),
  });
});

const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const assistant = (text: string): Message => ({ role: 'assistant', content: [{ type: 'text', text }] });

function requestOf(messages: Message[], more: Partial<ChatRequest> = {}): ChatRequest {
  return {
    ...{ model: 'auto', stream: false, wantsStreamUsage: false, system: [], messages, tools: [], stop: [], choices: 1 },
    ...{ extras: {}, original: { dialect: 'x', body: {}, headers: {} } },
    ...more,
  };
}

interface Ask {
  ownerId?: string;
  named?: { model: string; strength: number } | null;
  by?: { model: string; strength: number };
  calls?: { id: string; name: string; text: string }[];
}

/** Asks and is answered; gives what was told of earlier answers because of it. */
async function ask(id: string, request: ChatRequest, { ownerId = 'ada', named = null, by, calls = [] }: Ask = {}) {
  const listener = signals.hear({ request, ownerId, named, at });
  const { model, strength } = by ?? named ?? { model: 'small', strength: 0.2 };
  calls.forEach(({ id: callId, name, text }, call) => {
    listener?.see({ type: 'tool-call-start', choice: 0, call, id: callId, name });
    for (const piece of text) listener?.see({ type: 'tool-call-delta', choice: 0, call, argumentsText: piece });
  });
  listener?.end({ requestId: id, ownerId, keyId: 'key', provider: 'acme', model, strength, stored: '', at });
  at += 1_000;
  await Promise.resolve();
  return told.splice(0);
}

test('the same question again, of the gateway or of the same model, is a complaint about the first answer, once', async () => {
  const question = requestOf([user('Why is the sky blue?')]);
  expect(await ask('one', question)).toEqual([]);
  expect(await ask('two', question)).toEqual(['regenerate one']);
  expect(await ask('three', question, { named: { model: 'small', strength: 0.2 } })).toEqual(['regenerate two']);
});

test('the same question of a stronger model says so; of a weaker one it is a comparison', async () => {
  const question = requestOf([user('Why is the sky blue?')]);
  await ask('one', question);
  expect(await ask('two', question, { named: { model: 'large', strength: 0.9 } })).toEqual(['retry-stronger one']);
  expect(await ask('three', question, { named: { model: 'small', strength: 0.2 } })).toEqual([]);
});

test('later, of somebody else, or in another conversation it says nothing', async () => {
  const question = requestOf([user('Why is the sky blue?')]);
  await ask('one', question);
  expect(await ask('two', question, { ownerId: 'bob' })).toEqual([]);
  expect(await ask('three', requestOf([user('Why is the sky red?')]))).toEqual([]);
  at += 11 * MINUTE_MS;
  expect(await ask('four', question)).toEqual([]);
});

test('a conversation that goes on speaks for the answer before', async () => {
  await ask('one', requestOf([user('Hello')]));
  expect(await ask('two', requestOf([user('Hello'), assistant('Hi'), user('And now?')]))).toEqual(['went-on one']);
});

test('a tool result that is an error is a complaint about the answer that made the call, and the loop going on is none', async () => {
  const question = [user('What is in the file?')];
  await ask('one', requestOf(question), { calls: [{ id: 'call-1', name: 'read', text: '{"path":"a"}' }] });
  const result: Message = {
    role: 'user',
    content: [
      { type: 'tool-result', callId: 'call-1', isError: true, content: [{ type: 'text', text: 'no such file' }] },
    ],
  };
  expect(await ask('two', requestOf([...question, assistant(''), result]))).toEqual(['tool-failure one']);
});

test('arguments that are no JSON, or lack what the tool asks for, are told at once', async () => {
  const tools = [{ type: 'function' as const, name: 'read', parameters: { required: ['path'] } }];
  const request = (text: string) => requestOf([user(text)], { tools });
  const call = (text: string) => ({ calls: [{ id: `call ${text}`, name: 'read', text }] });
  expect(await ask('one', request('a'), call('{"path":'))).toEqual(['tool-failure one']);
  expect(await ask('two', request('b'), call('{"file":"x"}'))).toEqual(['tool-failure two']);
  expect(await ask('three', request('c'), call('{"path":"x"}'))).toEqual([]);
  expect(await ask('four', request('d'), call('[1]'))).toEqual(['tool-failure four']);
});

test('where nobody learns nothing is remembered', async () => {
  isOn = false;
  const question = requestOf([user('Why is the sky blue?')]);
  await ask('one', question);
  isOn = true;
  expect(await ask('two', question)).toEqual([]);
});

test('hostile shapes are no reason to fall over', async () => {
  expect(await ask('one', requestOf([]))).toEqual([]);
  expect(await ask('two', requestOf([{ role: 'user', content: [] }]))).toEqual([]);
  expect(await ask('three', requestOf([user('x'.repeat(1_000_000))]))).toEqual([]);
});
