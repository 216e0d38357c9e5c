import { afterAll, beforeAll, expect, test } from 'bun:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { RoutePolicy } from '../../src/chat/route-policy.ts';
import { startGateway, type TestGateway } from '../gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { SIMULATOR: 'on', CACHE_TTL_SECONDS: '0' } });
});
afterAll(() => gateway.stop());

const keyWith = (policy: object) =>
  gateway.services.keys.create({ name: 'experimenter', userId: null, policy: RoutePolicy.parse(policy) });

async function ask(key: string, messages: { role: string; content: string }[]) {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'auto', max_tokens: 20, messages }),
  });
  expect(response.status).toBe(200);
  await response.text();
  return response.headers.get('x-gateway-model') ?? '';
}

test('a canary of 5 % gets about 5 % of conversations, whole ones, and the table tells what it did', async () => {
  const { key, row } = await keyWith({
    strategy: 'cost',
    deniedModels: ['claude-haiku-5-5'],
    experiment: { name: 'canary', arms: [{ name: 'new', percent: 5, allowedModels: ['gpt-6-sol'] }] },
  });
  const conversations = 400;
  let canaries = 0;
  for (let index = 0; index < conversations; index++) {
    const first = { role: 'user', content: `Conversation ${index}: name a river.` };
    const model = await ask(key, [first]);
    const isCanary = model === 'gpt-6-sol';
    if (isCanary) canaries++;
    // A tenth of them go on, and stay where they were.
    if (!isCanary && index % 10 !== 0) continue;
    const more = [first, { role: 'assistant', content: 'The Loire.' }, { role: 'user', content: 'Another one.' }];
    expect((await ask(key, more)) === 'gpt-6-sol').toBe(isCanary);
  }
  expect(canaries).toBeGreaterThan(conversations * 0.02);
  expect(canaries).toBeLessThan(conversations * 0.08);
  const { arms } = await gateway.services.experiments.results(row.id, 1);
  expect(arms.map(({ arm, requests, simulated, errors }) => [arm, requests === simulated, errors])).toEqual([
    ['canary/new', true, 0],
    ['canary/rest', true, 0],
  ]);
  expect(arms[0]).toMatchObject({ requests: 2 * canaries, costPerRequestNanoUsd: null });
  expect(arms[0]?.simulatedPerRequestNanoUsd).toBeGreaterThan(arms[1]?.simulatedPerRequestNanoUsd ?? 0);
  expect(arms[1]?.p95Ms).not.toBeNull();
}, 60_000);

test('rules and experiments read what official SDKs say of the caller in the body; a header wins', async () => {
  const { key } = await keyWith({
    strategy: 'cost',
    rules: [{ name: 'ads', when: { metadata: { Team: 'ads' } }, allowedModels: ['gpt-6-sol'] }],
    experiment: {
      name: 'people',
      stickyBy: 'user_id',
      arms: [
        { name: 'a', percent: 50 },
        { name: 'b', percent: 50 },
      ],
    },
  });
  const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: key, maxRetries: 0 });
  const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: key, maxRetries: 0 });
  const messages = [{ role: 'user', content: 'hello' }] as const;
  const row = async () => {
    const last = await gateway.lastRequest();
    return { model: last?.model, arm: last?.arm };
  };

  await openai.chat.completions.create({ model: 'auto', messages: [...messages], metadata: { team: 'ads' } });
  expect((await row()).model).toBe('gpt-6-sol');
  await openai.responses.create({ model: 'auto', input: 'hello', metadata: { team: 'ads' } });
  expect((await row()).model).toBe('gpt-6-sol');
  const headers = { 'x-gateway-metadata-team': 'search' };
  await openai.chat.completions.create(
    { model: 'auto', messages: [...messages], metadata: { team: 'ads' } },
    { headers },
  );
  expect((await row()).model).not.toBe('gpt-6-sol');

  const arms = new Set<string | null | undefined>();
  for (let person = 0; person < 12; person++) {
    const metadata = { user_id: `person ${person}` };
    const seen = new Set<string | null | undefined>();
    for (const content of ['hello', 'goodbye']) {
      await anthropic.messages.create({
        model: 'auto',
        max_tokens: 20,
        messages: [{ role: 'user', content }],
        metadata,
      });
      seen.add((await row()).arm);
    }
    expect(seen.size).toBe(1);
    for (const arm of seen) arms.add(arm);
  }
  expect(arms).toEqual(new Set(['people/a', 'people/b']));
}, 60_000);
