import { expect, test } from 'bun:test';
import { Secret } from '../lib/secret.ts';
import { createConnections } from './connections.ts';
import { type CallOutcome, createProviderHealth } from './health.ts';
import { createOpenAi } from './openai/index.ts';
import { createRoom, shareLeft } from './room.ts';

const AT = 1_000_000;
const NEED = { promptTokens: 100, outputTokens: 50 };
const left = (told: Omit<Parameters<typeof shareLeft>[0], 'at'>, now = AT) => shareLeft({ at: AT, ...told }, NEED, now);
const allowance = (limit: number, remaining: number, resetAt: number | null = AT + 60_000) => ({
  ...{ limit, remaining, resetAt },
});

test('the scarcest limit is what is left', () => {
  expect(left({ requests: allowance(100, 90), tokens: allowance(10_000, 400) })).toBe(0.04);
  expect(left({ inputTokens: allowance(1_000, 900), outputTokens: allowance(1_000, 200) })).toBe(0.2);
  expect(left({})).toBeNull();
});

test('nothing is left for a request that does not fit, but one larger than the limit is not held against it', () => {
  expect(left({ tokens: allowance(10_000, 149) })).toBe(0);
  expect(left({ requests: allowance(10, 0) })).toBe(0);
  expect(left({ tokens: allowance(100, 100) })).toBe(1);
});

test('limits fill evenly until they are whole again', () => {
  const told = { requests: allowance(100, 0, AT + 10_000) };
  expect([left(told), left(told, AT + 5_000), left(told, AT + 60_000)]).toEqual([0, 0.5, 1]);
  expect(left({ requests: allowance(100, 0, null) }, AT + 30_000)).toBe(0.5);
  expect(left({ requests: allowance(100, 0, AT - 5_000) }, AT + 1)).toBe(1);
});

test('a thousand keys are remembered, and the one not used for longest is forgotten', () => {
  const room = createRoom();
  const told = { at: AT };
  for (let key = 0; key <= 1_000; key++) room.note(`k${key}`, 'm', told);
  expect([room.find('k0', 'm'), room.find('k1', 'm'), room.find('k1', 'n')]).toEqual([null, told, null]);
});

test('a provider has the room of its best key for that model, and none when all of its keys rest', () => {
  const health = createProviderHealth(() => AT);
  const connections = createConnections({
    providers: () => [createOpenAi()],
    keysOf: () => ['a', 'b'].map((id) => ({ id, apiKey: new Secret(id), weight: 1 })),
    ...{ isResting: health.isResting, roomOf: health.roomOf, now: () => AT },
    simulator: { mode: 'off', url: () => '' },
  });
  const tell = (keyId: string, remaining: number, more: Partial<CallOutcome> = {}) =>
    health.note({
      ...{ providerId: 'openai', modelId: 'm', keyId, isSimulated: false, status: 200, headersMs: 1, durationMs: 1 },
      headers: new Headers({
        'x-ratelimit-limit-requests': '100',
        'x-ratelimit-remaining-requests': String(remaining),
      }),
      ...{ errorCode: null, ...more },
    });
  const room = (id = 'm') => connections.room({ provider: 'openai', id }, 100, 50);
  expect(room()).toBeNull();
  tell('a', 2);
  expect(room()).toBeNull();
  tell('b', 30);
  expect([room(), room('other')]).toEqual([0.3, null]);
  tell('b', 0, { status: 429, errorCode: 'provider_rate_limited' });
  expect(room()).toBe(0.02);
  tell('a', 0, { status: 429, errorCode: 'provider_rate_limited' });
  expect(room()).toBe(0);
});
