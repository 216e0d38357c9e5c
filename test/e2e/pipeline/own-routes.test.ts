import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import { z } from 'zod';
import { chatAnswer } from '../../upstream.ts';
import { startHouse } from './house.ts';

const { gateway, upstream, ask, askAnew, stop } = await startHouse();
afterAll(stop);
beforeEach(askAnew);

const Considered = z.object({
  provider: z.string(),
  isKept: z.boolean(),
  reason: z.string(),
  rank: z.number().nullable(),
  expectedCostNanoUsd: z.number().nullable(),
});
const Decision = z.object({ requestedModel: z.string(), reason: z.string(), candidates: z.array(Considered) });

describe("the gateway's own routes", () => {
  const post = (path: string, body: unknown) =>
    fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}` },
      body: JSON.stringify(body),
    });

  test('a dry run decides and sends nothing', async () => {
    upstream.answers(() => chatAnswer('never'));
    const before = (await gateway.allRequests()).length;
    const decision = Decision.parse(
      await (await post('/v1/route', { messages: [{ role: 'user', content: 'Why?' }] })).json(),
    );
    expect(decision).toMatchObject({ requestedModel: 'auto', reason: expect.any(String) });
    const kept = decision.candidates.filter((one) => one.isKept);
    const dropped = decision.candidates.filter((one) => !one.isKept);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept[0]).toMatchObject({
      expectedCostNanoUsd: expect.any(Number),
      reason: expect.any(String),
      rank: expect.any(Number),
    });
    expect(dropped.every((one) => one.reason.length > 0)).toBe(true);
    expect(dropped.some((one) => one.provider === 'anthropic')).toBe(true);
    expect(upstream.received).toHaveLength(0);
    expect((await gateway.allRequests()).length).toBe(before);
  });

  test('a dry run reads the instructions of an Anthropic body without its headers', async () => {
    const system = 'Weigh every word of this. '.repeat(200);
    const decision = await (await post('/v1/route', { system, messages: [{ role: 'user', content: 'hi' }] })).json();
    expect(z.object({ promptTokens: z.number() }).parse(decision).promptTokens).toBeGreaterThan(1000);
  });

  test('a dry run takes the other dialects and an explicit model, too', async () => {
    const google = await (
      await post('/v1/route', { contents: [{ parts: [{ text: 'Why?' }] }], model: 'gpt-6-luna' })
    ).json();
    expect(google).toMatchObject({ requestedModel: 'gpt-6-luna', isExplicit: true });
    expect((await post('/v1/route', { messages: [] })).status).toBe(400);
    expect((await post('/v1/route', [])).status).toBe(400);
  });

  test('the caller sees its own spend and nobody else does', async () => {
    const { key } = await gateway.services.keys.create({ name: 'payer', userId: null });
    upstream.answers(() => chatAnswer('words'));
    const usage = async () => (await fetch(`${gateway.url}/v1/usage`, { headers: { 'x-api-key': key } })).json();
    expect(await usage()).toMatchObject({ key: { name: 'payer' }, today: { requests: 0, cost_usd: '0' } });
    await (await ask({ headers: { authorization: `Bearer ${key}` } })).text();
    expect(await usage()).toMatchObject({
      today: { requests: 1, cost_usd: '0.00015', simulated_cost_usd: '0', prompt_tokens: 1000, output_tokens: 100 },
      by_model: [{ provider: 'openai', model: 'gpt-6-luna', requests: 1 }],
    });
    const { key: other } = await gateway.services.keys.create({ name: 'other payer', userId: null });
    const theirs = await fetch(`${gateway.url}/v1/usage`, { headers: { 'x-api-key': other } });
    expect(await theirs.json()).toMatchObject({ today: { requests: 0 }, this_month: { requests: 0 }, by_model: [] });
  });

  test('health and readiness need no key', async () => {
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
    expect(await (await fetch(`${gateway.url}/ready`)).json()).toEqual({ status: 'ready' });
  });
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
