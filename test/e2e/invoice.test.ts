import { afterAll, beforeAll, expect, test } from 'bun:test';
import { z } from 'zod';
import { goldenCatalogue, goldenServers } from '../contract/golden/catalogue.ts';
import { questionOf, replyOf } from '../contract/golden/wires.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import type { WireId } from '../hostile/fixtures/index.ts';
import { createRandom } from '../hostile/random.ts';
import { vendorsAt } from '../vendors.ts';

// A day of mixed traffic. The providers keep their own books, by their own arithmetic; at midnight the ledger has to agree
// with them to the nano-dollar, row by row and in every sum.

const DAY = Date.parse('2026-11-15T00:00:00Z');
const DAY_MS = 86_400_000;
const REQUESTS = 240;
const SEED = 7;

const MODELS: Record<WireId, string> = {
  'openai-chat': 'openai/gold-chat',
  'openai-responses': 'openai/gold-responses',
  'anthropic-messages': 'anthropic/gold-claude',
  'google-generate': 'google/gold-gemini',
};
const WIRES: WireId[] = ['openai-chat', 'openai-responses', 'anthropic-messages', 'google-generate'];

/** What one reply is billed by. */
interface Consumption {
  fresh: number;
  read: number;
  written: number;
  output: number;
}

/** Nano-dollars a token, as the fixture's price lists have them, and how the wire puts the counts. */
const BOOKS: Record<WireId, { prices: Consumption; usage: (of: Consumption) => Record<string, unknown> }> = {
  'openai-chat': {
    prices: { fresh: 2_500, read: 250, written: 3_125, output: 15_000 },
    usage: ({ fresh, read, written, output }) => ({
      prompt_tokens: fresh + read + written,
      completion_tokens: output,
      total_tokens: fresh + read + written + output,
      prompt_tokens_details: { cached_tokens: read, cache_write_tokens: written },
    }),
  },
  'openai-responses': {
    prices: { fresh: 2_500, read: 250, written: 3_125, output: 15_000 },
    usage: ({ fresh, read, written, output }) => ({
      input_tokens: fresh + read + written,
      input_tokens_details: { cached_tokens: read, cache_write_tokens: written },
      output_tokens: output,
      total_tokens: fresh + read + written + output,
    }),
  },
  'anthropic-messages': {
    prices: { fresh: 3_000, read: 300, written: 3_750, output: 15_000 },
    usage: ({ fresh, read, written, output }) => ({
      input_tokens: fresh,
      cache_read_input_tokens: read,
      cache_creation_input_tokens: written,
      output_tokens: output,
    }),
  },
  'google-generate': {
    // Google bills no writes; what was to be written is fresh.
    prices: { fresh: 300, read: 30, written: 300, output: 2_500 },
    usage: ({ fresh, read, written, output }) => ({
      promptTokenCount: fresh + read + written,
      cachedContentTokenCount: read,
      candidatesTokenCount: Math.ceil(output / 2),
      thoughtsTokenCount: output - Math.ceil(output / 2),
    }),
  },
};

const random = createRandom(SEED);
const upTo = (most: number) => 1 + random.below(most);
let gateway: TestGateway;
let provider: ReturnType<typeof startProvider>;
let at = DAY;
let invoice = 0n;
let isOverloaded = false;

/** Knows each vendor's wire by its path, answers as asked, and writes a line of its books for each answer. */
function startProvider() {
  return Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const text = await request.text();
      if (text.includes('complain')) return Response.json({ error: { message: 'no' } }, { status: 400 });
      const isFallback = text.includes('"paid"');
      if (isOverloaded && !isFallback) return Response.json({ error: { message: 'busy' } }, { status: 503 });
      const wire = wireOf(pathname);
      const of = { fresh: upTo(20_000), read: upTo(50_000), written: upTo(9_000), output: upTo(4_000) };
      const { prices, usage } = BOOKS[wire];
      // The server that stands in has prices of its own, and none for writes.
      const by = isFallback ? { fresh: 600, read: 60, written: 600, output: 1_700 } : prices;
      invoice += BigInt(of.fresh * by.fresh + of.read * by.read + of.written * by.written + of.output * by.output);
      const isStream = pathname.includes('stream') || text.includes('"stream":true');
      return replyOf({ name: '', wire, model: '', usage: usage(of), costs: null }, isStream);
    },
  });
}

function wireOf(path: string): WireId {
  if (path.includes('/responses')) return 'openai-responses';
  if (path.includes('/messages')) return 'anthropic-messages';
  return path.includes('/models/') ? 'google-generate' : 'openai-chat';
}

beforeAll(async () => {
  provider = startProvider();
  const url = `http://127.0.0.1:${provider.port}`;
  gateway = await startGateway({
    env: {
      ...vendorsAt(url),
      REQUESTS_PER_MINUTE: '0',
      CACHE_TTL_SECONDS: '86400',
    },
    files: { 'models.json': goldenCatalogue(), 'providers.json': goldenServers(url) },
    now: () => at,
  });
});
afterAll(async () => {
  await gateway.stop();
  provider.stop(true);
});

async function askAs(key: string, number: number): Promise<void> {
  const [client, wire] = [random.pick(WIRES), random.pick(WIRES)];
  const { path, body } = questionOf(client, { model: MODELS[wire], stream: random.chance(0.5) });
  // Some ask what has been asked before, and some what cannot be answered.
  const prompt = random.chance(0.2) ? 'the same' : `question ${number}${random.chance(0.05) ? ' complain' : ''}`;
  isOverloaded = random.chance(0.15);
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'x-gateway-fallbacks': 'paid' },
    body: JSON.stringify(body).replaceAll('Is it?', prompt),
  });
  await response.text();
}

const Totals = z.object({
  requests: z.number(),
  cache_hits: z.number(),
  cost_usd: z.string(),
  prompt_tokens: z.number(),
  output_tokens: z.number(),
});
const Report = z.object({ today: Totals, by_model: z.array(Totals) });

/** Decimal dollars, exactly. */
function nano(usd: string): bigint {
  const [whole = '0', fraction = ''] = usd.split('.');
  return BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}

const sumOf = (costs: readonly (number | null)[]) => costs.reduce((sum, cost) => sum + BigInt(cost ?? 0), 0n);

test('the ledger, its calls and every sum of it agree with the books of the providers', async () => {
  const second = await gateway.services.keys.create({ name: 'second key', userId: null });
  const keys = [gateway.key, second.key];
  for (let number = 0; number < REQUESTS; number++) {
    at = DAY + Math.floor((number * DAY_MS) / REQUESTS);
    await askAs(random.pick(keys), number);
  }
  at = DAY + DAY_MS - 1;

  const rows = await gateway.allRequests();
  expect(rows).toHaveLength(REQUESTS);
  expect(sumOf(rows.map(({ costNanoUsd }) => costNanoUsd))).toBe(invoice);
  expect(sumOf((await gateway.allAttempts()).map(({ costNanoUsd }) => costNanoUsd))).toBe(invoice);

  // The day had some of everything, or agreement would say little.
  const kinds = Object.groupBy(rows, ({ cache, outcome, attemptCount }) => `${outcome} ${cache} ${attemptCount}`);
  expect(Object.keys(kinds).sort()).toEqual(['ok hit 0', 'ok miss 1', 'ok miss 2', 'refused miss 1']);
  expect(rows.some(({ isUsageEstimated, costNanoUsd }) => isUsageEstimated || costNanoUsd === null)).toBe(false);

  let told = 0n;
  for (const key of keys) {
    const response = await fetch(`${gateway.url}/v1/usage`, { headers: { authorization: `Bearer ${key}` } });
    const report = Report.parse(await response.json());
    const { id } = (await gateway.services.stages.auth.authenticate(key)) ?? { id: '' };
    const own = rows.filter(({ keyId }) => keyId === id);
    const prompt = own.map((row) => row.inputTokens + row.cacheReadTokens + row.cacheWriteShortTokens);
    expect({ ...report.today, cost_usd: nano(report.today.cost_usd) }).toEqual({
      requests: own.length,
      cache_hits: own.filter(({ cache }) => cache === 'hit').length,
      cost_usd: sumOf(own.map(({ costNanoUsd }) => costNanoUsd)),
      prompt_tokens: Number(sumOf(prompt)),
      output_tokens: Number(sumOf(own.map(({ outputTokens }) => outputTokens))),
    });
    expect(report.by_model.reduce((sum, { cost_usd }) => sum + nano(cost_usd), 0n)).toBe(nano(report.today.cost_usd));
    told += nano(report.today.cost_usd);
  }
  expect(told).toBe(invoice);
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
