import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { goldenCatalogue } from '../contract/golden/catalogue.ts';
import { questionOf, replyOf } from '../contract/golden/wires.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import type { WireId } from '../hostile/fixtures/index.ts';
import { CHAT_END, chatFrame, eventStream, startUpstream } from '../upstream.ts';
import { vendorsAt } from '../vendors.ts';

// Counts in a stream: asked for where they have to be, hidden from who did not ask, there from the start where a wire has them
// there, and estimated where nobody tells.

let gateway: TestGateway;
let upstream: ReturnType<typeof startUpstream>;
let asked = 0;

beforeAll(async () => {
  upstream = startUpstream();
  gateway = await startGateway({
    env: vendorsAt(upstream.url),
    files: { 'models.json': goldenCatalogue() },
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

async function stream(client: WireId, model: string, fields: object = {}): Promise<string> {
  const { path, body } = questionOf(client, { model, stream: true });
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}` },
    body: JSON.stringify({ ...body, ...fields }).replaceAll('Is it?', `Is it number ${asked++}?`),
  });
  expect(response.status).toBe(200);
  return await response.text();
}

const chat = [chatFrame({ role: 'assistant', content: '' }), chatFrame({ content: 'Yes.' })];
const uncounted = [
  ...chat,
  chatFrame({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  'data: [DONE]\n\n',
];
const OTHERS: WireId[] = ['openai-responses', 'anthropic-messages', 'google-generate'];

describe('a Chat stream', () => {
  test.each([
    ['nothing', {}],
    ['no counts', { stream_options: { include_usage: false } }],
    ['something else', { stream_options: { include_obfuscation: false } }],
  ])('is asked for its counts when the client asked for %s, who does not see them', async (_, fields) => {
    upstream.answers(() => eventStream({ frames: [...chat, CHAT_END] }));
    const text = await stream('openai-chat', 'openai/gold-chat', fields);
    expect(upstream.received[0]?.body.stream_options).toMatchObject({ include_usage: true });
    expect(text).not.toMatch(/"usage"|"choices":\[\]/);
    expect(text).toEndWith('data: [DONE]\n\n');
    expect(await gateway.lastRequest()).toMatchObject({
      costNanoUsd: 1_000 * 2_500 + 100 * 15_000,
      isUsageEstimated: false,
    });
  });

  test('shows its counts to a client who asked for them, as they came', async () => {
    upstream.answers(() => eventStream({ frames: [...chat, CHAT_END] }));
    const text = await stream('openai-chat', 'openai/gold-chat', { stream_options: { include_usage: true } });
    expect(text).toBe([...chat, CHAT_END].join(''));
  });

  test.each(OTHERS)('is asked for its counts for a client of %s, too', async (client) => {
    upstream.answers(() => eventStream({ frames: [...chat, CHAT_END] }));
    const text = await stream(client, 'openai/gold-chat');
    expect(upstream.received[0]?.body.stream_options).toEqual({ include_usage: true });
    expect(text).toMatch(/(input_tokens|promptTokenCount)":1000\b/);
  });

  test.each(['openai-chat', ...OTHERS] as const)(
    'that does not count is estimated for a client of %s, flagged, and no smaller than what was said',
    async (client) => {
      upstream.answers(() => eventStream({ frames: uncounted }));
      await stream(client, 'openai/gold-chat');
      const row = await gateway.lastRequest();
      expect(row).toMatchObject({ isUsageEstimated: true, outcome: 'ok', outputTokens: 1 });
      expect(row?.inputTokens).toBeGreaterThan(0);
      expect(row?.costNanoUsd).toBe((row?.inputTokens ?? 0) * 2_500 + 1 * 15_000);
      expect(await gateway.allAttempts()).toContainEqual(
        expect.objectContaining({ requestId: row?.id, isUsageEstimated: true, costNanoUsd: row?.costNanoUsd }),
      );
    },
  );
});

describe('the start of a Messages stream', () => {
  const started = (text: string) => {
    const frame = /data: (\{.*"message_start".*\})/.exec(text)?.[1] ?? '{}';
    return JSON.parse(frame).message.usage as Record<string, number>;
  };

  test("has the provider's own count of the prompt where that was told by then", async () => {
    const usage = { promptTokenCount: 345, cachedContentTokenCount: 230, candidatesTokenCount: 37 };
    const golden = { name: '', wire: 'google-generate', model: '', usage, costs: null } as const;
    upstream.answers(() => replyOf(golden, true));
    const text = await stream('anthropic-messages', 'google/gold-gemini');
    expect(started(text)).toMatchObject({ input_tokens: 115, cache_read_input_tokens: 230 });
  });

  test('has our estimate of it otherwise, which the end corrects', async () => {
    upstream.answers(() => eventStream({ frames: [...chat, CHAT_END] }));
    const text = await stream('anthropic-messages', 'openai/gold-chat', {
      system: 'Weigh every word of this. '.repeat(200),
    });
    expect(started(text).input_tokens).toBeGreaterThan(500);
    expect(text).toMatch(/"message_delta".*"input_tokens":1000/);
    expect(await gateway.lastRequest()).toMatchObject({ inputTokens: 1_000, isUsageEstimated: false });
  });
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
