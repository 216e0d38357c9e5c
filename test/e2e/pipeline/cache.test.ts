import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import { chatAnswer } from '../../upstream.ts';
import { startHouse } from './house.ts';

const { gateway, upstream, ask, prompt, askAnew, stop } = await startHouse();
afterAll(stop);
beforeEach(askAnew);

describe('the cache', () => {
  test('answers the same question again, without the provider and for nothing, also streamed and in another dialect', async () => {
    upstream.answers(() => chatAnswer('cached words'));
    const first = await ask({ body: { max_tokens: 50 } });
    const again = await ask({ body: { max_tokens: 50 } });
    expect(await again.text()).toBe(await first.text());
    expect(again.headers.get('x-gateway-cache')).toBe('hit');
    expect(again.headers.get('x-gateway-cost-usd')).toBe('0');
    expect(await gateway.lastRequest()).toMatchObject({ cache: 'hit', costNanoUsd: 0, cacheSavedNanoUsd: 150_000 });

    const streamed = await ask({ body: { max_tokens: 50, stream: true } });
    expect(streamed.headers.get('x-gateway-cache')).toBe('hit');
    expect(await streamed.text()).toMatch(/cached words[\s\S]*\[DONE\]/);

    const anthropic = await fetch(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': gateway.key, 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({ model: 'gpt-6-luna', max_tokens: 50, messages: [{ role: 'user', content: prompt() }] }),
    });
    expect(await anthropic.json()).toMatchObject({
      type: 'message',
      content: [{ type: 'text', text: 'cached words' }],
    });
    expect(anthropic.headers.get('x-gateway-cache')).toBe('hit');
    expect(upstream.received).toHaveLength(1);
  });

  test('is asked around with no-store, and afresh with no-cache', async () => {
    upstream.answers(() => chatAnswer('words'));
    await ask();
    expect((await ask({ headers: { 'cache-control': 'no-store' } })).headers.get('x-gateway-cache')).toBe('bypass');
    expect((await ask({ headers: { 'cache-control': 'no-cache' } })).headers.get('x-gateway-cache')).toBe('miss');
    expect(upstream.received).toHaveLength(3);
  });

  test('does not keep failures, and does not answer another key', async () => {
    upstream.answers(() => Response.json({ error: { message: 'busy' } }, { status: 503 }));
    expect((await ask()).status).toBe(503);
    upstream.answers(() => chatAnswer('words'));
    expect((await ask()).headers.get('x-gateway-cache')).toBe('miss');
    const { key } = await gateway.services.keys.create({ name: 'other', userId: null });
    expect((await ask({ headers: { authorization: `Bearer ${key}` } })).headers.get('x-gateway-cache')).toBe('miss');
  });
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
