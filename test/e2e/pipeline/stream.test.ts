import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import { CHAT_END, chatFrame, eventStream } from '../../upstream.ts';
import { hello, startHouse } from './house.ts';

const { gateway, upstream, ask, askAnew, stop } = await startHouse();
afterAll(stop);
beforeEach(askAnew);

describe('a stream', () => {
  test('goes through frame by frame, without the usage nobody asked for', async () => {
    upstream.answers(() => eventStream({ frames: [': keep-alive\n\n', ...hello, CHAT_END] }));
    const text = await (await ask({ body: { stream: true } })).text();
    expect(text).toStartWith(': keep-alive\n\n');
    expect(text).toEndWith('data: [DONE]\n\n');
    expect(text).not.toContain('"usage"');
    expect(upstream.received[0]?.body.stream_options).toEqual({ include_usage: true });
    expect(await gateway.lastRequest()).toMatchObject({ costNanoUsd: 150_000, isUsageEstimated: false, outcome: 'ok' });
  });

  test('is held back until its first content, so that an early failure moves on unseen', async () => {
    upstream.answers((_, body) =>
      body.model === 'gpt-6-luna'
        ? eventStream({
            frames: [
              chatFrame({ role: 'assistant', content: '' }),
              'data: {"error":{"message":"overloaded","code":503}}\n\n',
            ],
          })
        : eventStream({ frames: [...hello, CHAT_END] }),
    );
    const response = await ask({ body: { stream: true }, headers: { 'x-gateway-fallbacks': 'qwen' } });
    expect(response.headers.get('x-gateway-model')).toBe('qwen');
    expect(await response.text()).not.toContain('overloaded');
  });

  test.each(['close', 'silence'] as const)(
    'that ends by %s after its first content ends in an error',
    async (ending) => {
      upstream.answers(() => eventStream({ frames: hello, ending }));
      const response = await ask({ body: { stream: true } });
      const text = await response.text();
      expect(text).toContain('hel');
      expect(text).toMatch(/data: \{"error":/);
      expect(await gateway.lastRequest()).toMatchObject({ outcome: 'error', isUsageEstimated: true, status: 200 });
    },
  );

  test('whose connection breaks ends in an error, too', async () => {
    const text = await (await ask({ body: { model: 'torn', stream: true } })).text();
    expect(text).toContain('hel');
    expect(text).toMatch(/data: \{"error":/);
    expect(await gateway.lastRequest()).toMatchObject({ outcome: 'error', errorCode: 'provider_garbled', status: 200 });
  });

  test('lets the provider go as soon as the client leaves, and settles from what was seen', async () => {
    const { promise: released, resolve } = Promise.withResolvers<number>();
    upstream.answers(() =>
      eventStream({ frames: hello, ending: 'silence', onCancel: () => resolve(performance.now()) }),
    );
    const leaving = new AbortController();
    const response = await ask({ body: { stream: true }, signal: leaving.signal });
    const reader = response.body!.getReader();
    await reader.read();
    const leftAt = performance.now();
    leaving.abort();
    expect((await released) - leftAt).toBeLessThan(100);
    await Bun.sleep(20);
    const row = await gateway.lastRequest();
    expect(row).toMatchObject({ outcome: 'aborted', status: 499, isUsageEstimated: true, outputTokens: 2 });
    expect(row?.costNanoUsd).toBeGreaterThan(0);
  });

  test('that is left before its first byte is settled, too', async () => {
    const arrived = Promise.withResolvers<void>();
    upstream.answers(() => {
      arrived.resolve();
      return new Promise<Response>(() => {});
    });
    const leaving = new AbortController();
    const before = (await gateway.allRequests()).length;
    const response = ask({ body: { stream: true }, signal: leaving.signal }).catch(() => null);
    await arrived.promise;
    leaving.abort();
    await response;
    await Bun.sleep(30);
    expect((await gateway.allRequests()).length).toBe(before + 1);
    expect(await gateway.lastRequest()).toMatchObject({ outcome: 'aborted', status: 499 });
  });
});

test('a provider that takes longer than a slow client can read is not blamed for it', async () => {
  const frames = Array.from({ length: 40 }, (_, i) => chatFrame({ content: `${i}`.padEnd(400_000, 'x') }));
  upstream.answers(() => eventStream({ frames: [...hello, ...frames, CHAT_END] }));
  const response = await ask({ body: { stream: true } });
  const reader = response.body!.getReader();
  await reader.read();
  await Bun.sleep(1500);
  let text = '';
  const decoder = new TextDecoder();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) text += decoder.decode(chunk.value);
  expect(text).toEndWith('data: [DONE]\n\n');
  expect(await gateway.lastRequest()).toMatchObject({ outcome: 'ok', isUsageEstimated: false });
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
