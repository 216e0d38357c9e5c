import { afterAll, beforeAll, expect, test } from 'bun:test';
import { GoogleGenAI } from '@google/genai';
import type { ChatEvent } from '../../chat/event.ts';
import { collect } from '../../chat/reply.ts';
import { NO_USAGE } from '../../chat/usage.ts';
import { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { createArrayFraming, googleGenerate } from './index.ts';

// Google's own client is the judge of what we write, and the source of what we read.

const events: ChatEvent[] = [
  { type: 'start', id: 'r-1', model: 'm' },
  { type: 'reasoning-delta', choice: 0, text: 'Hm.' },
  { type: 'reasoning-end', choice: 0 },
  { type: 'text-delta', choice: 0, text: 'It ' },
  { type: 'text-delta', choice: 0, text: 'snows.' },
  { type: 'tool-call-start', choice: 0, call: 0, id: 'c1', name: 'weather' },
  { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '{"city":' },
  { type: 'tool-call-delta', choice: 0, call: 0, argumentsText: '"Oslo"}' },
  { type: 'tool-call-end', choice: 0, call: 0 },
  { type: 'stop', choice: 0, reason: 'tool-calls' },
  { type: 'finish', usage: { ...NO_USAGE, input: 3, cacheRead: 2, output: 9, reasoning: 4 } },
];

let upcoming = events;
let received: JsonObject = {};
let server: ReturnType<typeof Bun.serve>;

beforeAll(() => {
  server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer });
});
afterAll(() => server.stop(true));

async function answer(http: Request): Promise<Response> {
  const body: unknown = await http.json();
  received = isJsonObject(body) ? body : {};
  const [, model, action] = /models\/([^:]+):(\w+)/.exec(http.url) ?? [];
  const stream = action === 'streamGenerateContent';
  const request = googleGenerate.parseRequest(body, { model, stream });
  const context = { request, requestId: 'q-1', model: request.model, createdAt: 0 };
  const failure = upcoming.find((event) => event.type === 'error');
  if (failure && !stream) {
    const error = googleGenerate.renderError(failure.error, 'q-1');
    return Response.json(error.body, { status: error.status });
  }
  if (!stream) return Response.json(googleGenerate.renderReply(collect(upcoming), context));
  const renderer = googleGenerate.createStreamRenderer(context);
  const frames = upcoming.map((event) => renderer.render(event)).join('');
  return new Response(frames, { headers: { 'content-type': 'text/event-stream' } });
}

function client() {
  return new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: `http://127.0.0.1:${server.port}` } });
}

const ask = {
  model: 'gemini-test',
  contents: 'Weather?',
  config: { temperature: 0, systemInstruction: 'Be brief.', thinkingConfig: { includeThoughts: true } },
};

test('the official client reads a whole reply', async () => {
  upcoming = events;
  const response = await client().models.generateContent(ask);
  expect(googleGenerate.parseRequest(received, { model: 'm' })).toMatchObject({
    system: [{ text: 'Be brief.' }],
    messages: [{ role: 'user', content: [{ text: 'Weather?' }] }],
    temperature: 0,
    reasoning: { includeThoughts: true },
  });
  expect(response.text).toBe('It snows.');
  expect(response.functionCalls).toEqual([{ id: 'c1', name: 'weather', args: { city: 'Oslo' } }]);
  expect(response.candidates?.[0]).toMatchObject({ finishReason: 'STOP', content: { role: 'model' } });
  expect(response.usageMetadata).toMatchObject({
    promptTokenCount: 5,
    cachedContentTokenCount: 2,
    candidatesTokenCount: 5,
    thoughtsTokenCount: 4,
    totalTokenCount: 14,
  });
  expect(response).toMatchObject({ responseId: 'r-1', modelVersion: 'gemini-test' });
});

test('the official chat helper keeps a streamed turn in its history, and sends it back to us', async () => {
  upcoming = events;
  const chat = client().chats.create({ model: ask.model, config: ask.config });
  let text = '';
  let thoughts = '';
  for await (const part of await chat.sendMessageStream({ message: 'Weather?' })) {
    text += part.text ?? '';
    for (const { thought, text: words } of part.candidates?.[0]?.content?.parts ?? []) if (thought) thoughts += words;
  }
  expect({ text, thoughts }).toEqual({ text: 'It snows.', thoughts: 'Hm.' });
  const functionResponse = { id: 'c1', name: 'weather', response: { output: 'cold' } };
  await chat.sendMessage({ message: [{ functionResponse }] });
  const { messages } = googleGenerate.parseRequest(received, { model: 'm' });
  expect(messages.map(({ role }) => role)).toEqual(['user', ...Array(messages.length - 2).fill('assistant'), 'user']);
  const said = messages.flatMap(({ content }): { type: string }[] => content);
  expect(said.find(({ type }) => type === 'tool-call')).toMatchObject({ id: 'c1', argumentsText: '{"city":"Oslo"}' });
  expect(said.at(-1)).toMatchObject({ type: 'tool-result', callId: 'c1', content: [{ text: 'cold' }] });
});

test('the official client throws what we report, at once and in the middle of a stream', async () => {
  upcoming = [...events.slice(0, 4), { type: 'error', error: new GatewayError('provider_overloaded', 'Busy.') }];
  await expect(client().models.generateContent(ask)).rejects.toMatchObject({ status: 503 });
  let text = '';
  const reading = async () => {
    for await (const part of await client().models.generateContentStream(ask)) text += part.text ?? '';
  };
  await expect(reading()).rejects.toMatchObject({ status: 503 });
  expect(text).toContain('It ');
});

test('a rendered stream becomes the array of a client that did not ask for SSE', () => {
  const request = googleGenerate.parseRequest({ contents: [{ parts: [{ text: 'x' }] }] }, { model: 'm', stream: true });
  const renderer = googleGenerate.createStreamRenderer({ request, requestId: 'q', model: 'm', createdAt: 0 });
  const framing = createArrayFraming();
  const text = events.map((event) => framing.fromFrames(renderer.render(event))).join('') + framing.end();
  const reply = collect(googleGenerate.parseReply(JSON.parse(text)));
  expect(reply.choices[0]).toMatchObject({
    reason: 'tool-calls',
    content: [{ text: 'It snows.' }, { name: 'weather' }],
  });
  expect(text).toStartWith('[{');
  expect(text).toEndWith('}\n]');
});
