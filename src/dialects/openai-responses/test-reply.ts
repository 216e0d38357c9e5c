import type { ChatEvent } from '../../chat/event.ts';
import { NO_USAGE } from '../../chat/usage.ts';

// What the tests of replies share.

export const proof = { dialect: 'another', value: 'sig' };
export const usage = { ...NO_USAGE, input: 50, cacheRead: 30, cacheWriteShort: 20, output: 50, reasoning: 40 };
const citation = { type: 'web', url: 'https://example.com', title: 'A' };
export const token = { token: 'Hi', logprob: -0.5, top: [{ token: 'Hi', logprob: -0.5 }] };

/** An answer of another vendor with all there can be in one. */
export const events: ChatEvent[] = [
  { type: 'start', id: 'msg_9', model: 'claude' },
  { type: 'usage', usage: NO_USAGE },
  { type: 'reasoning-delta', choice: 0, text: 'H' },
  { type: 'reasoning-delta', choice: 0, text: 'm.' },
  { type: 'reasoning-end', choice: 0, signature: proof },
  { type: 'reasoning-end', choice: 0, redacted: { dialect: 'another', value: 'hidden' } },
  { type: 'text-delta', choice: 0, text: 'Hi' },
  { type: 'logprobs', choice: 0, tokens: [token] },
  { type: 'other' },
  { type: 'text-delta', choice: 0, text: ' there' },
  { type: 'citation', choice: 0, citation },
  { type: 'tool-call-start', choice: 0, call: 0, id: 'c1', name: 'look', signature: proof },
  { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '{"a"' },
  { type: 'tool-call-start', choice: 0, call: 1, id: 'c2', name: 'run', isCustom: true },
  { type: 'tool-call-delta', choice: 0, call: 1, argumentsText: 'ls' },
  { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: ':1}' },
  { type: 'tool-call-end', choice: 0, call: 0 },
  { type: 'tool-call-end', choice: 0, call: 1 },
  { type: 'tool-call-start', choice: 0, call: 2, id: 'c3', name: 'wait' },
  { type: 'tool-call-end', choice: 0, call: 2 },
  { type: 'stop', choice: 0, reason: 'tool-calls' },
  { type: 'finish', usage },
];

export const said = (text: string): ChatEvent => ({ type: 'text-delta', choice: 0, text });

export const stopped = (reason: 'stop' | 'length' | 'content-filter' | 'refusal'): ChatEvent[] => [
  { type: 'stop', choice: 0, reason },
  { type: 'finish', usage },
];
