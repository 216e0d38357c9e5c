import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import { chatAnswer } from '../../upstream.ts';
import { PROVIDER_KEY, startHouse } from './house.ts';

const { gateway, upstream, ask, askAnew, stop } = await startHouse();
afterAll(stop);
beforeEach(askAnew);

describe('when a provider fails', () => {
  const failFor = (model: string) => (_: Request, body: Record<string, unknown>) =>
    body.model === model
      ? Response.json({ error: { message: 'overloaded' } }, { status: 503 })
      : chatAnswer(`from ${body.model}`);

  test('an explicit model stays the only one that may answer', async () => {
    upstream.answers(failFor('gpt-6-luna'));
    expect((await ask()).status).toBe(503);
    expect(upstream.received).toHaveLength(1);
    expect(await gateway.lastRequest()).toMatchObject({
      outcome: 'error',
      errorCode: 'provider_overloaded',
      costNanoUsd: 0,
    });
  });

  test('a fallback the request names takes over, and both attempts are on record', async () => {
    upstream.answers(failFor('gpt-6-luna'));
    const response = await ask({ headers: { 'x-gateway-fallbacks': 'qwen' } });
    expect(response.headers.get('x-gateway-model')).toBe('qwen');
    expect(await response.text()).toContain('from qwen');
    const row = await gateway.lastRequest();
    expect(row).toMatchObject({ outcome: 'ok', attemptCount: 2, model: 'qwen' });
    const attempts = (await gateway.allAttempts()).filter(({ requestId }) => requestId === row?.id);
    expect(attempts.map(({ model, status }) => [model, status])).toEqual([
      ['gpt-6-luna', 503],
      ['qwen', 200],
    ]);
  });

  test('a fallback that cannot be asked does not hide what went wrong', async () => {
    upstream.answers(failFor('gpt-6-luna'));
    const { status } = await ask({ headers: { 'x-gateway-fallbacks': 'claude-haiku-4-5' } });
    expect(status).toBe(503);
  });

  test('a silent provider is booked with the prompt it may bill, and flagged', async () => {
    upstream.answers(() => new Promise<Response>(() => {}));
    expect((await ask()).status).toBe(504);
    const row = await gateway.lastRequest();
    expect(row).toMatchObject({ model: 'gpt-6-luna', isUsageEstimated: true, errorCode: 'provider_timeout' });
    expect(row?.costNanoUsd).toBeGreaterThan(0);
    expect(row?.overheadUs).toBeLessThan(500_000);
  });

  test('so does a fallback the key names', async () => {
    upstream.answers(failFor('gpt-6-luna'));
    const { key } = await gateway.services.keys.create({ name: 'safe', userId: null, fallbackModels: ['qwen'] });
    const response = await ask({ headers: { authorization: `Bearer ${key}` } });
    expect(response.headers.get('x-gateway-model')).toBe('qwen');
  });

  test('auto moves on to its next candidate by itself', async () => {
    let refused = '';
    upstream.answers((_, body) => {
      refused ||= String(body.model);
      return failFor(refused)(_, body);
    });
    const response = await ask({ body: { model: 'auto' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-model')).not.toBe(refused);
  });

  test('a complaint about the request is passed on in its own words, and nobody else is asked', async () => {
    const error = {
      message: "Invalid value for 'temperature'",
      type: 'invalid_request_error',
      param: 'temperature',
      code: null,
    };
    upstream.answers(() => Response.json({ error }, { status: 400 }));
    const response = await ask({ headers: { 'x-gateway-fallbacks': 'qwen' } });
    expect([response.status, await response.json()]).toEqual([400, { error }]);
    expect(upstream.received).toHaveLength(1);
  });

  test('a refusal of our own key never reaches the client in the words of the provider', async () => {
    upstream.answers(() =>
      Response.json({ error: { message: `Incorrect API key provided: ${PROVIDER_KEY}` } }, { status: 401 }),
    );
    const response = await ask();
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain('canary');
    const stored = JSON.stringify([await gateway.allRequests(), await gateway.allAttempts()]);
    expect(stored).not.toContain('canary');
  });

  test.each([
    ['something that is no JSON', () => new Response('<html>oops</html>'), 502],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'http://127.0.0.1:1/' } }), 502],
    ['nothing at all', () => new Response(''), 502],
    ['silence', () => new Promise<Response>(() => {}), 504],
  ])('%s is an error of the gateway type, not a crash', async (_, answer, status) => {
    upstream.answers(answer);
    const response = await ask();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
  });
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
