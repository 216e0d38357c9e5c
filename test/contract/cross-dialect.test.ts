import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startGateway, type TestGateway } from '../gateway.ts';
import { vendorsAt } from '../vendors.ts';
import { type Recording, readRecordings } from './recordings.ts';
import { startReplayServer } from './replay-server.ts';
import { type Wire, witness } from './witness.ts';

const WIRES: Record<string, Wire> = {
  'openai-chat': 'openai-chat',
  'openai-responses': 'openai-responses',
  'anthropic-messages': 'anthropic-messages',
  'gemini-generate': 'google-generate',
  'gemini-stream': 'google-generate',
};

/** One model served through each dialect, for the client to ask for; what answers is the recording. */
const MODELS: Record<Wire, string> = {
  'openai-chat': 'local/chat',
  'openai-responses': 'openai/gpt-5.3-codex',
  'anthropic-messages': 'anthropic/claude-haiku-4-5',
  'google-generate': 'google/gemini-3.5-flash-lite',
};

const recordings = readRecordings(Object.keys(WIRES)).filter(
  ({ request, response }) => request.method === 'POST' && response.raw === undefined,
);
const wireOf = ({ dialect }: Recording): Wire => WIRES[dialect] ?? 'openai-chat';
const replyOf = ({ response }: Recording): string => response.stream ?? JSON.stringify(response.body);
const readText = (wire: Wire, reply: string): string => witness(wire, reply).text;
const hasText = (recording: Recording): boolean =>
  recording.response.status < 300 &&
  !/^event: error|^data: \{"error"|^\{\s*"error"/m.test(replyOf(recording)) &&
  readText(wireOf(recording), replyOf(recording)) !== '';

let gateway: TestGateway;
let upstream: ReturnType<typeof startReplayServer>;
beforeAll(async () => {
  upstream = startReplayServer();
  const { url } = upstream;
  gateway = await startGateway({
    env: {
      ...vendorsAt(url, url),
      REQUESTS_PER_MINUTE: '0',
      CACHE_TTL_SECONDS: '0',
    },
    files: {
      'providers.json': JSON.stringify({
        providers: [{ id: 'local', baseUrl: `${url}/v1`, models: [{ id: 'chat', free: true }] }],
      }),
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

function ask(client: Wire, model: string, stream: boolean) {
  const turn = [{ role: 'user', content: 'hello' }];
  const calls = {
    'openai-chat': ['/v1/chat/completions', { model, messages: turn, stream }],
    'openai-responses': ['/v1/responses', { model, input: 'hello', stream }],
    'anthropic-messages': ['/v1/messages', { model, messages: turn, stream, max_tokens: 1000 }],
    'google-generate': [
      `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] },
    ],
  } as const;
  const [path, body] = calls[client];
  return fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}` },
    body: JSON.stringify(body),
  });
}

const clients = Object.keys(MODELS) as Wire[];

describe.each(clients)('a client of %s', (client) => {
  const foreign = recordings.filter((recording) => wireOf(recording) !== client);

  test.each(foreign.filter(hasText).map((recording) => [recording.id, recording] as const))(
    'reads the text of %s',
    async (_, recording) => {
      const provider = wireOf(recording);
      upstream.play(recording.response);
      const response = await ask(client, MODELS[provider], recording.response.stream !== undefined);
      const reply = await response.text();
      expect([response.status, readText(client, reply)]).toEqual([200, readText(provider, replyOf(recording))]);
    },
  );

  test.each(
    foreign.filter(({ response }) => response.status >= 400).map((recording) => [recording.id, recording] as const),
  )('gets %s as an error of its own shape', async (_, recording) => {
    upstream.play(recording.response);
    const response = await ask(client, MODELS[wireOf(recording)], false);
    expect(response.status).toBeGreaterThanOrEqual(400);
    const shapes = {
      'openai-chat': { error: { message: expect.any(String), type: expect.any(String) } },
      'openai-responses': { error: { message: expect.any(String), type: expect.any(String) } },
      'anthropic-messages': { type: 'error', error: { type: expect.any(String), message: expect.any(String) } },
      'google-generate': { error: { code: response.status, status: expect.any(String), message: expect.any(String) } },
    };
    expect(await response.json()).toMatchObject(shapes[client]);
  });
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
