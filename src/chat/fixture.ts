import type { ChatRequest } from './request.ts';

/** A request that asks one thing in one turn, for tests and measurements, with `fields` in place of its own. */
export function plainRequest(text: string, fields: Partial<ChatRequest> = {}): ChatRequest {
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
    original: { dialect: 'another', body: {}, headers: {} },
    ...fields,
  };
}
