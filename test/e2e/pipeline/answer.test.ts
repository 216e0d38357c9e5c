import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import { findRequestDetails, listPriceRows } from '../../../src/db/queries/ledger.ts';
import { startGateway } from '../../gateway.ts';
import { chatAnswer } from '../../upstream.ts';
import { PROVIDER_KEY, startHouse } from './house.ts';

const { gateway, upstream, ask, askAnew, stop } = await startHouse();
afterAll(stop);
beforeEach(askAnew);

describe('an answer', () => {
  test('comes back as the provider wrote it, priced to the nano-dollar', async () => {
    upstream.answers(() => chatAnswer('hello', { unknown_field: { kept: true } }));
    const response = await ask({ body: { unheard_of: [1, 2] } });
    expect(await response.json()).toMatchObject({ unknown_field: { kept: true }, model: 'gpt-6-luna-2026-09-22' });
    expect(upstream.received[0]).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${PROVIDER_KEY}` },
      body: { model: 'gpt-6-luna', unheard_of: [1, 2] },
    });
    // 1000 × $0.10 and 100 × $0.50 a million.
    expect(response.headers.get('x-gateway-cost-usd')).toBe('0.00015');
    expect(await gateway.lastRequest()).toMatchObject({
      costNanoUsd: 150_000,
      baselineModel: 'gpt-6-astra',
      baselineNanoUsd: 15_000_000,
      savedNanoUsd: 14_850_000,
      reportedModel: 'gpt-6-luna-2026-09-22',
      isSimulated: false,
      cache: 'miss',
    });
    expect(response.headers.has('x-gateway-simulated')).toBe(false);
    const { priceId } = (await gateway.lastRequest()) ?? {};
    expect(await listPriceRows(gateway.services.db, [priceId ?? ''])).toMatchObject([
      { provider: 'openai', model: 'gpt-6-luna', row: { tier: 'standard', rates: { input: 0.1, output: 0.5 } } },
    ]);
  });

  test('of a model that the gateway chose never fails for a field which nobody could know it refuses', async () => {
    upstream.answers(() => chatAnswer('hello'));
    const fields = { temperature: 0.2, stop: ['x'], max_tokens: 5, user: 'u' };
    const chosen = await ask({ body: { model: 'auto:quality', ...fields } });
    expect(chosen.headers.get('x-gateway-dropped')).toBe('temperature, stop');
    expect(upstream.received[0]?.body).toMatchObject({ user: 'u', max_completion_tokens: 5 });
    for (const field of ['temperature', 'stop', 'max_tokens'])
      expect(upstream.received[0]?.body).not.toHaveProperty(field);

    // Who names a model hears of the vendor itself what it does not take.
    const named = await ask({ body: { model: 'openai/gpt-6-luna', ...fields } });
    expect(named.headers.has('x-gateway-dropped')).toBe(false);
    expect(upstream.received[1]?.body).toMatchObject(fields);
  });

  test('from a provider by configuration is free or unpriced as it was configured', async () => {
    upstream.answers(() => chatAnswer('hello'));
    const free = await ask({ body: { model: 'local/qwen' } });
    expect(upstream.received[0]).toMatchObject({ path: '/local/v1/chat/completions', body: { model: 'qwen' } });
    expect([free.headers.get('x-gateway-provider'), free.headers.get('x-gateway-cost-usd')]).toEqual(['local', '0']);
    const odd = await ask({ body: { model: 'odd' } });
    expect(odd.headers.get('x-gateway-cost-usd')).toBe('unpriced');
    expect(await gateway.lastRequest()).toMatchObject({ model: 'odd', costNanoUsd: null });
  });

  test('to auto names the model it came from and keeps the reason', async () => {
    upstream.answers(() => chatAnswer('hello'));
    const response = await ask({ body: { model: 'auto:cost' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-strategy')).toBe('cost');
    const row = await gateway.lastRequest();
    expect(row).toMatchObject({
      requestedModel: 'auto:cost',
      strategy: 'cost',
      model: response.headers.get('x-gateway-model'),
    });
    const details = await findRequestDetails(gateway.services.db, row?.id ?? '');
    expect(details?.decision).toMatchObject({ why: { code: expect.any(String) } });
    const stages = ['auth', 'read', 'cache', 'classify', 'route', 'first-content'];
    expect(details?.laps.map(({ stage }) => stage)).toEqual(stages);
    expect(details?.headers).toMatchObject({ 'user-agent': expect.any(String) });
    expect(JSON.stringify(details)).not.toContain(gateway.key);
    expect(upstream.received[0]?.body.model).toBe(row?.model);
  });
});

test("a client's own version and beta headers reach a provider of the same dialect, and its key does not", async () => {
  const anthropic = await startGateway({ env: { ANTHROPIC_API_KEY: PROVIDER_KEY, ANTHROPIC_BASE_URL: upstream.url } });
  upstream.answers(() =>
    Response.json({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 1 },
    }),
  );
  const headers = {
    'x-api-key': anthropic.key,
    'anthropic-version': '2026-10-21',
    'anthropic-beta': 'context-1m',
    'x-other': 'no',
  };
  const body = JSON.stringify({
    model: 'claude-haiku-4-5',
    max_tokens: 5,
    messages: [{ role: 'user', content: 'hi' }],
  });
  expect((await fetch(`${anthropic.url}/v1/messages?beta=true`, { method: 'POST', headers, body })).status).toBe(200);
  expect(upstream.received[0]).toMatchObject({
    path: '/v1/messages',
    headers: { 'x-api-key': PROVIDER_KEY, 'anthropic-version': '2026-10-21', 'anthropic-beta': 'context-1m' },
  });
  expect(upstream.received[0]?.headers).not.toHaveProperty('x-other');
  await anthropic.stop();
});

describe('a request that leans on what a provider keeps', () => {
  const respond = (fields: Record<string, unknown>) =>
    fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}` },
      body: JSON.stringify({ input: 'go on', ...fields }),
    });

  test('goes to a provider of its own dialect only, and is refused by name elsewhere', async () => {
    upstream.answers(() =>
      Response.json({ id: 'resp_2', object: 'response', status: 'completed', model: 'm', output: [] }),
    );
    await respond({ model: 'gpt-6-luna', previous_response_id: 'resp_1' });
    expect(upstream.received[0]).toMatchObject({ path: '/v1/responses', body: { previous_response_id: 'resp_1' } });
    const elsewhere = await respond({ model: 'qwen', previous_response_id: 'resp_1' });
    expect([elsewhere.status, await elsewhere.text()]).toEqual([400, expect.stringContaining('previous_response_id')]);
    expect(upstream.received).toHaveLength(1);
  });

  test('is not taken when the answer is to be fetched later, because its cost would never be seen', async () => {
    const later = await respond({ model: 'gpt-6-luna', background: true });
    expect([later.status, await later.json()]).toMatchObject([400, { error: { param: 'background' } }]);
  });
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
