import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startGateway, type TestGateway } from '../gateway.ts';
import { catalogueFor } from './catalogue-for.ts';
import { REFUSED } from './conformance.ts';
import { type Recording, readRecordings } from './recordings.ts';
import { startReplayServer } from './replay-server.ts';
import { sendRecorded } from './send-recorded.ts';

/** Chat recordings whose request is known, by the prefix of their names. */
const recordings = readRecordings([
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini-generate',
  'gemini-stream',
]).filter(({ request, response }) => request.method === 'POST' && request.body !== null && response.raw === undefined);
const PROVIDER_KEY = 'sk-provider-canary-0123456789';

let gateway: TestGateway;
let upstream: ReturnType<typeof startReplayServer>;
beforeAll(async () => {
  upstream = startReplayServer();
  gateway = await startGateway({
    env: {
      OPENAI_API_KEY: PROVIDER_KEY,
      ANTHROPIC_API_KEY: PROVIDER_KEY,
      GEMINI_API_KEY: PROVIDER_KEY,
      OPENAI_BASE_URL: upstream.url,
      ANTHROPIC_BASE_URL: upstream.url,
      GEMINI_BASE_URL: upstream.url,
      REQUESTS_PER_MINUTE: '0',
    },
    files: { 'models.json': await catalogueFor(recordings) },
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

const named = (list: Recording[]) => list.map((recording) => [recording.id, recording] as const);
const succeeded = recordings.filter(({ id, response }) => response.status < 300 && !REFUSED[id]);
const failed = recordings.filter(({ response }) => response.status >= 400);

describe('between equal dialects', () => {
  test.each(named(succeeded))('%s reaches the provider and the client as it was', async (_, recording) => {
    upstream.play(recording.response);
    const response = await sendRecorded(gateway, recording);
    const text = await response.text();

    const { stream_options: _sent, ...sent } = upstream.received()?.body ?? {};
    const { stream_options: _given, ...given } = recording.request.body ?? {};
    expect(sent).toEqual(given);
    expect(JSON.stringify(upstream.received()?.headers)).not.toContain(gateway.key);

    if (endsInError(recording)) return;
    expect(response.status).toBe(200);
    if (recording.response.stream === undefined)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(recording.response.body)));
    else expect(text).toBe(expectedStream(recording));
    expect(await gateway.lastRequest()).toMatchObject({
      outcome: 'ok',
      status: 200,
      isUsageEstimated: !/"(prompt_tokens|input_tokens|promptTokenCount)":\s*[1-9]/.test(text),
    });
  });

  test.each(named(failed))('%s fails with the right status and shape, and shows no key', async (_, recording) => {
    upstream.play(recording.response);
    const response = await sendRecorded(gateway, recording);
    const text = await response.text();
    expect(response.status).toBeGreaterThanOrEqual(400);
    // Their 401 speaks of our key, so the client gets a 502 of ours instead.
    expect([401, 403]).not.toContain(response.status);
    expect(text).not.toContain(PROVIDER_KEY);
    expect(JSON.parse(text)).toMatchObject({ error: { message: expect.any(String) } });
    expect(await gateway.lastRequest()).toMatchObject({ status: response.status, costNanoUsd: 0 });
  });

  test('nothing was logged as a bug', () => {
    expect(gateway.logged.errors).toEqual([]);
  });
});

function endsInError({ tags, response }: Recording): boolean {
  return (
    tags.some((tag) => /mid-stream|error-in-stream|stream-error/.test(tag)) ||
    /^event: error/m.test(response.stream ?? '') ||
    /^(data: )?\{\s*"error"/m.test(response.stream ?? '')
  );
}

/** OpenAI's usage chunk is for those who asked; we ask for it always. */
function expectedStream({ dialect, request, response }: Recording): string {
  const stream = response.stream ?? '';
  if (dialect !== 'openai-chat' || JSON.stringify(request.body).includes('"include_usage":true')) return stream;
  return stream
    .split(/(?<=\n\n)/)
    .filter((frame) => !(/"choices":\s*\[\]/.test(frame) && /"usage":\s*\{/.test(frame)))
    .join('');
}
