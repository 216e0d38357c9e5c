import { expect, test } from 'bun:test';
import type { ChatEvent } from '../../chat/event.ts';
import { NO_USAGE } from '../../chat/usage.ts';
import { GatewayError } from '../../errors.ts';
import { cheap, dear, decision, model, open } from './fixture.ts';

const text = (characters: number): ChatEvent => ({ type: 'text-delta', choice: 0, text: 'x'.repeat(characters) });
const finish: ChatEvent = { type: 'finish', usage: { ...NO_USAGE, input: 100, cacheRead: 1000, output: 50 } };

test('a finished reply is priced by class, and against the baseline', () => {
  const { entry, row } = open();
  entry.answers({ model: cheap, providerId: 'acme', isSimulated: false });
  for (const event of [text(10), finish]) entry.see(event);
  entry.close('ok', 200);
  // 100 × 1000 + 1000 × 100 + 50 × 4000 nano-dollars.
  expect(row()).toMatchObject({ costNanoUsd: 400_000, baselineNanoUsd: 4_000_000, savedNanoUsd: 3_600_000 });
  expect(row()).toMatchObject({ inputTokens: 100, cacheReadTokens: 1000, outputTokens: 50, isUsageEstimated: false });
  expect(row()).toMatchObject({
    outcome: 'ok',
    model: 'cheap',
    provider: 'acme',
    confidence: 90,
    cacheSavedNanoUsd: null,
  });
});

test('the price rows that a request names are stored with it, under the same id each time', () => {
  const [first, second] = [open(), open()];
  for (const { entry } of [first, second]) {
    entry.answers({ model: cheap, providerId: 'acme', isSimulated: false });
    entry.see(finish);
    entry.close('ok', 200);
  }
  const { request, prices } = first.written[0] ?? {};
  expect(prices).toEqual([
    { id: request?.priceId ?? '', provider: 'acme', model: 'cheap', row: cheap.prices[0] },
    { id: request?.baselinePriceId ?? '', provider: 'acme', model: 'dear', row: dear.prices[0] },
  ]);
  expect(second.written[0]?.prices).toEqual(prices ?? []);
  expect(request?.priceId).not.toBe(request?.baselinePriceId ?? null);
});

test('the decision and how far each stage had got are kept beside the row', () => {
  const { entry, written, laps } = open();
  laps.push({ stage: 'route', endedUs: 90 });
  entry.close('ok', 200);
  laps.push({ stage: 'too late', endedUs: 100 });
  expect(written[0]?.details).toMatchObject({
    requestId: 'r1',
    decision,
    laps: [
      { stage: 'auth', endedUs: 12 },
      { stage: 'route', endedUs: 90 },
    ],
  });
});

test('the first end that is told is the one that is written, and the only one', () => {
  const { entry, written } = open();
  entry.close('aborted', 499);
  entry.close('ok', 200);
  entry.see(finish);
  entry.close('error', 500);
  expect(written.map(({ request }) => request.outcome)).toEqual(['aborted']);
});

test('a reply that was left is estimated from what was seen, and flagged', () => {
  const { entry, row } = open();
  entry.answers({ model: cheap, providerId: 'acme', isSimulated: false });
  entry.see(text(41));
  entry.close('aborted', 499);
  expect(row()).toMatchObject({ inputTokens: 120, outputTokens: 11, isUsageEstimated: true });
  expect(row()?.costNanoUsd).toBe(120 * 1000 + 11 * 4000);
});

test('counts the provider told before somebody left are kept', () => {
  const { entry, row } = open();
  entry.answers({ model: cheap, providerId: 'acme', isSimulated: false });
  entry.see({ type: 'usage', usage: { ...NO_USAGE, input: 7, cacheRead: 3, output: 1 } });
  entry.see(text(40));
  entry.close('aborted', 499);
  expect(row()).toMatchObject({ inputTokens: 7, cacheReadTokens: 3, outputTokens: 10, isUsageEstimated: true });
});

test('a reply of a server that never counts is estimated, too', () => {
  const { entry, row } = open();
  entry.answers({ model: cheap, providerId: 'acme', isSimulated: false });
  for (const event of [text(40), { type: 'finish' as const, usage: NO_USAGE }]) entry.see(event);
  entry.close('ok', 200);
  expect(row()).toMatchObject({ inputTokens: 120, outputTokens: 10, isUsageEstimated: true });
});

test('a model without a price is unpriced, which is not nothing', () => {
  const { entry, row } = open();
  entry.answers({ model: model('mystery', null), providerId: 'acme', isSimulated: false });
  entry.see(finish);
  expect(entry.settle().costNanoUsd).toBeNull();
  entry.close('ok', 200);
  expect(row()).toMatchObject({ costNanoUsd: null, savedNanoUsd: null, priceId: null, baselineNanoUsd: 4_000_000 });
});

test('a cache hit costs nothing and says what it saved', () => {
  const { entry, row } = open();
  entry.cached('hit');
  entry.answers({ model: cheap, providerId: 'acme', isSimulated: false });
  entry.see(finish);
  entry.close('ok', 200);
  expect(row()).toMatchObject({ cache: 'hit', costNanoUsd: 0, cacheSavedNanoUsd: 400_000, savedNanoUsd: 4_000_000 });
});

test('a request that was refused costs nothing and says why', () => {
  const { entry, row } = open();
  const error = new GatewayError('rate_limited', 'too many');
  entry.close('refused', 429, error);
  expect(row()).toMatchObject({
    outcome: 'refused',
    status: 429,
    errorCode: 'rate_limited',
    costNanoUsd: 0,
    model: null,
  });
});

test('somebody who may have worked for nothing is booked with the prompt, and flagged', () => {
  const attempt = {
    providerId: 'acme',
    isSimulated: false,
    startedAt: 0,
    headersMs: null,
    durationMs: 5,
    status: null,
  };
  const { entry, written, row } = open();
  entry.attempts({ ...attempt, model: cheap, error: new GatewayError('provider_timeout', 'silent') });
  entry.close('error', 504);
  expect(row()).toMatchObject({ model: 'cheap', inputTokens: 120, costNanoUsd: 120_000, isUsageEstimated: true });
  expect(written[0]?.attempts).toMatchObject([{ inputTokens: 120, costNanoUsd: 120_000 }]);
});

test('what a lost attempt may cost is added to what the answer costs', () => {
  const attempt = { providerId: 'acme', isSimulated: false, startedAt: 0, headersMs: null, durationMs: 5 };
  const { entry, written, row } = open();
  entry.attempts({ ...attempt, model: dear, status: null, error: new GatewayError('provider_timeout', 'silent') });
  entry.attempts({ ...attempt, model: cheap, status: 200, error: null });
  entry.answers({ model: cheap, providerId: 'acme', isSimulated: false });
  entry.see(finish);
  entry.close('ok', 200);
  expect(row()?.costNanoUsd).toBe(400_000 + 120 * 10_000);
  expect(written[0]?.attempts.map(({ costNanoUsd }) => costNanoUsd)).toEqual([1_200_000, 400_000]);
});

test('counts that cannot be true are not believed', () => {
  const { entry, row } = open();
  entry.answers({ model: cheap, providerId: 'acme', isSimulated: false });
  entry.see(text(40));
  for (const output of [Number.MAX_SAFE_INTEGER, -5, 1.5, Number.NaN]) {
    entry.see({ type: 'finish', usage: { ...NO_USAGE, input: 10, output } });
  }
  entry.close('ok', 200);
  expect(row()).toMatchObject({ inputTokens: 120, outputTokens: 10, isUsageEstimated: true });
});

test('names from outside are cut before they are kept', () => {
  const { entry, row } = open();
  entry.asks('m'.repeat(20_000_000), false);
  entry.see({ type: 'start', id: '', model: 'r'.repeat(1000) });
  entry.close('refused', 404);
  expect([row()?.requestedModel.length, row()?.reportedModel?.length]).toEqual([200, 200]);
});

test('every attempt has a row, and only the one that answered costs', () => {
  const { entry, written } = open();
  const attempt = { providerId: 'acme', isSimulated: false, startedAt: 0, headersMs: 3, durationMs: 5 };
  const error = new GatewayError('provider_overloaded', 'busy');
  entry.attempts({ ...attempt, model: dear, status: 503, error });
  entry.attempts({ ...attempt, model: cheap, status: 200, error: null });
  entry.answers({ model: cheap, providerId: 'acme', isSimulated: false });
  entry.see(finish);
  entry.close('ok', 200);
  expect(written[0]?.request.attemptCount).toBe(2);
  expect(written[0]?.attempts).toMatchObject([
    { position: 0, model: 'dear', status: 503, errorCode: 'provider_overloaded', costNanoUsd: 0, outputTokens: 0 },
    { position: 1, model: 'cheap', status: 200, errorCode: null, costNanoUsd: 400_000, inputTokens: 1100 },
  ]);
});
