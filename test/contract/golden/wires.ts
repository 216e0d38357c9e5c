import type { WireId } from '../../hostile/fixtures/index.ts';
import type { Golden } from './golden.ts';

// Replies as the vendors send them, with nothing in them but the usage to tell one from the other.

type Json = Record<string, unknown>;

/** What the provider sends for a case: a body, or the frames of a stream. */
export function replyOf(golden: Golden, isStream: boolean): Response {
  if (!isStream) return Response.json(BODIES[golden.wire](golden));
  const headers = { 'content-type': 'text/event-stream' };
  return new Response(FRAMES[golden.wire](golden).join(''), { headers });
}

const BODIES: Record<WireId, (golden: Golden) => Json> = {
  'openai-chat': ({ usage, reply }) => ({
    ...chat('chat.completion'),
    choices: [{ index: 0, message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'stop' }],
    usage,
    ...reply,
  }),
  'openai-responses': ({ usage, reply, items = [] }) => response('completed', { items, usage, reply }),
  'anthropic-messages': ({ usage, reply }) => ({
    ...message,
    content: [{ type: 'text', text: 'Yes.' }],
    stop_reason: 'end_turn',
    usage,
    ...reply,
  }),
  'google-generate': ({ usage, reply }) => ({ ...google('Yes.', 'STOP'), ...reply, usageMetadata: usage }),
};

const FRAMES: Record<WireId, (golden: Golden) => string[]> = {
  'openai-chat': ({ usage, reply, isUsageLast = true }) => {
    const chunk = (fields: Json) => data({ ...chat('chat.completion.chunk'), ...reply, ...fields });
    const said = chunk({ choices: [{ index: 0, delta: { content: 'Yes.' }, finish_reason: null }], usage: null });
    const stop = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
    const end = isUsageLast
      ? [chunk({ ...stop, usage: null }), chunk({ choices: [], usage })]
      : [chunk({ ...stop, usage })];
    return [said, ...end, 'data: [DONE]\n\n'];
  },
  'openai-responses': ({ usage, reply, items = [] }) => {
    const begun = { response: response('in_progress', { items: [], usage: null, reply }) };
    const part = { output_index: items.length, item_id: 'msg_1', content_index: 0, delta: 'Yes.' };
    return [
      named('response.created', begun),
      ...items.map((item, output_index) => named('response.output_item.done', { output_index, item })),
      named('response.output_text.delta', part),
      named('response.completed', { response: response('completed', { items, usage, reply }) }),
    ];
  },
  'anthropic-messages': ({ usage, start, end }) => [
    named('message_start', { message: { ...message, content: [], usage: start ?? { ...usage, output_tokens: 1 } } }),
    named('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    named('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Yes.' } }),
    named('content_block_stop', { index: 0 }),
    named('message_delta', { delta: { stop_reason: 'end_turn' }, usage: end ?? lastUsage(usage) }),
    named('message_stop', {}),
  ],
  'google-generate': ({ usage, reply }) => {
    const first = { ...usage, candidatesTokenCount: 1 };
    return [
      `data: ${JSON.stringify({ ...google('Y'), usageMetadata: first })}\r\n\r\n`,
      `data: ${JSON.stringify({ ...google('es.', 'STOP'), ...reply, usageMetadata: usage })}\r\n\r\n`,
    ];
  },
};

const chat = (object: string): Json => ({ id: 'chatcmpl-1', object, created: 1_764_000_000, model: 'gold' });
const message: Json = { id: 'msg_1', type: 'message', role: 'assistant', model: 'gold', stop_reason: null };

function response(
  status: string,
  { items, usage, reply }: { items: Json[]; usage: unknown; reply?: Json | undefined },
): Json {
  const text = { type: 'output_text', text: 'Yes.', annotations: [] };
  const said = { id: 'msg_1', type: 'message', role: 'assistant', status, content: [text] };
  const output = status === 'completed' ? [...items, said] : [];
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_764_000_000,
    model: 'gold',
    status,
    output,
    usage,
    ...reply,
  };
}

function google(text: string, finishReason?: string): Json {
  const candidate = { content: { role: 'model', parts: [{ text }] }, index: 0, ...(finishReason && { finishReason }) };
  return { candidates: [candidate], modelVersion: 'gold', responseId: 'r1' };
}

/** What `message_delta` repeats: neither the split of the cache writes, nor the tier, nor where the model ran. */
function lastUsage({ cache_creation: _split, service_tier: _tier, inference_geo: _geo, speed: _speed, ...rest }: Json) {
  return rest;
}

function data(value: Json): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function named(type: string, fields: Json): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

/** The request of a client of a wire. */
export function questionOf(wire: WireId, { model, stream }: { model: string; stream: boolean }) {
  const messages = [{ role: 'user', content: 'Is it?' }];
  switch (wire) {
    case 'openai-chat':
      return { path: '/v1/chat/completions', body: { model, messages, stream } };
    case 'openai-responses':
      return { path: '/v1/responses', body: { model, input: 'Is it?', stream, store: false } };
    case 'anthropic-messages':
      return { path: '/v1/messages', body: { model, messages, stream, max_tokens: 100 } };
    case 'google-generate': {
      const method = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
      return {
        path: `/v1beta/models/${model}:${method}`,
        body: { contents: [{ role: 'user', parts: [{ text: 'Is it?' }] }] },
      };
    }
  }
}
