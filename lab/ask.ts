import type { ChatRequest } from '../src/chat/request.ts';

/** A prompt of a data set as the request a program would send: one user turn and nothing else. */
export function requestOf(text: string): ChatRequest {
  return {
    model: 'auto',
    stream: false,
    wantsStreamUsage: false,
    system: [],
    messages: [{ role: 'user', content: [{ type: 'text', text }] }],
    tools: [],
    stop: [],
    choices: 1,
    extras: {},
    original: { dialect: 'openai-chat', body: {}, headers: {} },
  };
}
