import { expect, test } from 'bun:test';
import type { Model } from '../../../registry/schema.ts';
import type { ChatEvent } from '../../chat/event.ts';
import { NO_USAGE } from '../../chat/usage.ts';
import type { GatewayKey } from '../../db/schema.ts';
import { GatewayError } from '../../errors.ts';
import { createLedger, type LedgerRows } from './index.ts';
import { createLedgerWriter } from './writer.ts';

const key: GatewayKey = {
  id: 'k1',
  userId: 'u1',
  name: 'my program',
  hash: 'h',
  prefix: 'gw-abc',
  strategy: null,
  fallbackModels: [],
  limits: {},
  createdAt: 0,
  expiresAt: null,
  revokedAt: null,
};

const model = (id: string, rates: Model['prices'][number]['rates'] | null): Model => ({
  id,
  provider: 'acme',
  name: id,
  family: 'test',
  aliases: [],
  status: 'active',
  released: null,
  deprecatedOn: null,
  retires: null,
  replacement: null,
  redirectsTo: null,
  context: { window: 1000, maxInput: null, maxOutput: null },
  modalities: { in: ['text'], out: ['text'] },
  can: {
    tools: null,
    parallelTools: null,
    structuredOutput: null,
    vision: null,
    pdf: null,
    streaming: null,
    caching: null,
    batch: null,
    webSearch: null,
  },
  reasoning: { supported: false, required: false, efforts: [] },
  knowledgeCutoff: null,
  tokenizer: null,
  multipliers: {},
  minCacheTokens: null,
  prices: rates ? [{ tier: 'standard', promptOver: 0, from: null, until: null, region: 'global', rates }] : [],
  toolPrices: {},
  quality: {},
  provenance: { url: '', fetchedAt: '', sha256: null, parser: 'test', confirmedBy: [], pinned: false },
});

const cheap = model('cheap', { input: 1, output: 4, cacheRead: 0.1 });
const dear = model('dear', { input: 10, output: 40, cacheRead: 1 });
const decision = {
  strategy: 'cost',
  complexity: 'simple' as const,
  confidence: 0.9,
  promptTokens: 120,
  reason: 'because',
};

function open(now: () => number = () => 1_764_000_000_000) {
  const written: LedgerRows[] = [];
  const ledger = createLedger({ write: (rows) => written.push(rows), now, baseline: () => dear });
  const entry = ledger.open({ id: 'r1', key, endpoint: '/v1/chat/completions', dialect: 'openai-chat' });
  entry.asks('auto', true);
  entry.cached('miss');
  entry.decides(decision);
  return { entry, written, row: () => written[0]?.request };
}

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
  expect(row()).toMatchObject({ costNanoUsd: null, savedNanoUsd: null, priceRow: null, baselineNanoUsd: 4_000_000 });
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

test('rows are stored in batches, and kept and tried again when that fails', async () => {
  const stored: string[] = [];
  const errors: string[] = [];
  let isDown = true;
  const writer = createLedgerWriter({
    insert: async (rows) => {
      if (isDown) throw new Error('disk full');
      stored.push(...rows.map(({ request }) => request.id));
    },
    logError: (message) => errors.push(message),
  });
  const { entry, written } = open();
  entry.close('ok', 200);
  writer.write(written[0]!);
  await writer.flush();
  expect([stored, errors.length, writer.queueDepth()]).toEqual([[], 1, 1]);
  isDown = false;
  await writer.flush();
  expect([stored, writer.queueDepth()]).toEqual([['r1'], 0]);
});

test('a row that cannot be stored does not hold up the others', async () => {
  const stored: string[] = [];
  const errors: string[] = [];
  const writer = createLedgerWriter({
    insert: async (rows) => {
      if (rows.some(({ request }) => request.id === 'bad')) throw new Error('constraint');
      stored.push(...rows.map(({ request }) => request.id));
    },
    logError: (message) => errors.push(message),
  });
  const { entry, written } = open();
  entry.close('ok', 200);
  const [row] = written;
  for (const id of ['a', 'bad', 'c']) writer.write({ ...row!, request: { ...row!.request, id } });
  await writer.flush();
  expect([stored, writer.queueDepth(), errors.length]).toEqual([['a', 'c'], 0, 1]);
});
