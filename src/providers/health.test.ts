import { expect, test } from 'bun:test';
import { readHeadroom } from './headroom.ts';
import { type CallOutcome, createProviderHealth } from './health.ts';

function watch() {
  const clock = { ms: 1000 };
  const health = createProviderHealth(() => clock.ms);
  const told: CallOutcome = {
    ...{ providerId: 'p', keyId: 'k', isSimulated: false, status: 200, headers: null },
    ...{ headersMs: 100, durationMs: 300, errorCode: null },
  };
  const note = (change: Partial<CallOutcome> = {}) => health.note({ ...told, ...change });
  return { clock, health, note };
}

test('a provider is up, degraded by failures now and then, and down after three in a row', () => {
  const { health, note } = watch();
  expect(health.of('p').state).toBe('idle');
  for (let call = 0; call < 20; call++) note();
  expect(health.of('p')).toMatchObject({ state: 'up', failureRate: 0, p50Ms: 100, firstContentMs: 300 });
  note({ errorCode: 'provider_failed', status: 500 });
  note({ errorCode: 'provider_failed', status: 500 });
  expect(health.of('p')).toMatchObject({ state: 'degraded', lastError: 'provider_failed', lastErrorAt: 1000 });
  note({ errorCode: 'provider_timeout', status: null });
  expect(health.of('p').state).toBe('down');
  note();
  expect(health.of('p').state).toBe('degraded');
});

test('what the client did, or asked for wrongly, is not held against the provider', () => {
  const { health, note } = watch();
  for (const errorCode of ['client_closed', 'provider_rejected', 'provider_rejected', 'unsupported'])
    note({ errorCode });
  expect(health.of('p')).toMatchObject({ failureRate: 0, calls: 2, lastError: null });
});

test('percentiles are of the latest calls that went well', () => {
  const { health, note } = watch();
  for (let ms = 1; ms <= 200; ms++) note({ headersMs: ms });
  expect(health.of('p')).toMatchObject({ p50Ms: 151, p95Ms: 196 });
});

test('a refused key rests for minutes, a limited one for as long as the provider says, and a reply ends it', () => {
  const { clock, health, note } = watch();
  note({ keyId: 'bad', errorCode: 'provider_auth', status: 401 });
  note({ keyId: 'busy', errorCode: 'provider_rate_limited', status: 429, retryAfterSeconds: 7 });
  expect(health.ofKey('bad')).toMatchObject({ reason: 'auth', restsUntil: 301_000 });
  expect(health.ofKey('busy')).toMatchObject({ reason: 'rate', restsUntil: 8000 });
  clock.ms = 8000;
  expect([health.isResting('bad'), health.isResting('busy')]).toEqual([true, false]);
  note({ keyId: 'bad' });
  expect(health.isResting('bad')).toBe(false);
});

test('headroom is read from the headers of both spellings, and stays until the next that tell it', () => {
  const { health, note } = watch();
  const headers = new Headers({
    ...{ 'x-ratelimit-limit-requests': '500', 'x-ratelimit-remaining-requests': '499' },
    ...{ 'x-ratelimit-reset-requests': '6m0.5s', 'x-ratelimit-limit-tokens': '9', 'x-ratelimit-remaining-tokens': 'x' },
  });
  note({ headers });
  note({ headers: new Headers() });
  expect(health.ofKey('k').headroom).toEqual({ at: 1000, requests: { limit: 500, remaining: 499, resetAt: 361_500 } });
  const other = new Headers({
    ...{ 'anthropic-ratelimit-input-tokens-limit': '40', 'anthropic-ratelimit-input-tokens-remaining': '10' },
    'anthropic-ratelimit-input-tokens-reset': '2030-01-01T00:00:00Z',
  });
  expect(readHeadroom(other, 5)).toEqual({
    at: 5,
    inputTokens: { limit: 40, remaining: 10, resetAt: Date.UTC(2030, 0, 1) },
  });
  expect(readHeadroom(new Headers({ server: 'x' }), 5)).toBeNull();
});
