import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { recostLedger } from '../../src/jobs/recost-ledger.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import type { WireId } from '../hostile/fixtures/index.ts';
import { startUpstream } from '../upstream.ts';
import { vendorsAt } from '../vendors.ts';
import { MESSAGES } from './golden/anthropic-cases.ts';
import { goldenCatalogue, goldenServers } from './golden/catalogue.ts';
import type { Golden } from './golden/golden.ts';
import { GEMINI } from './golden/google-cases.ts';
import { CHAT, RESPONSES } from './golden/openai-cases.ts';
import { SERVERS } from './golden/server-cases.ts';
import { questionOf, replyOf } from './golden/wires.ts';

// The golden table: a usage as a vendor writes it, and its cost worked out by hand, exact to the nano-dollar.

const CASES = [...CHAT, ...RESPONSES, ...MESSAGES, ...GEMINI, ...SERVERS];
const WIRES: WireId[] = ['openai-chat', 'openai-responses', 'anthropic-messages', 'google-generate'];
const NOON = Date.parse('2026-11-15T12:00:00Z');

let gateway: TestGateway;
let upstream: ReturnType<typeof startUpstream>;
let at = NOON;

beforeAll(async () => {
  upstream = startUpstream();
  gateway = await startGateway({
    env: {
      ...vendorsAt(upstream.url),
      REQUESTS_PER_MINUTE: '0',
    },
    files: { 'models.json': goldenCatalogue(), 'providers.json': goldenServers(upstream.url) },
    now: () => at,
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

async function ask(path: string, body: object): Promise<Response> {
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  expect([response.status, text]).toEqual([200, expect.any(String)]);
  return response;
}

async function pay(golden: Golden, { client, stream }: { client: WireId; stream: boolean }) {
  upstream.answers(() => replyOf(golden, stream));
  const { path, body } = questionOf(client, { model: golden.model, stream });
  const response = await ask(path, body);
  return { response, row: await gateway.lastRequest() };
}

const named = (cases: readonly Golden[]) => cases.map((golden) => [golden.name, golden] as const);

test('the table has at least 60 rows, and no two of one name', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(60);
  expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
});

describe('costs to the nano-dollar', () => {
  test.each(named(CASES))('%s', async (_, golden) => {
    const expected = { costNanoUsd: golden.costs, isUsageEstimated: false, outcome: 'ok' };
    const whole = await pay(golden, { client: golden.wire, stream: false });
    expect(whole.row).toMatchObject({ ...expected, isStream: false });
    const told = whole.response.headers.get('x-gateway-cost-usd') ?? '';
    expect(golden.costs === null ? told : Math.round(Number(told) * 1e9)).toBe(golden.costs ?? 'unpriced');

    const streamed = await pay(golden, { client: golden.wire, stream: true });
    expect(streamed.row).toMatchObject({ ...expected, isStream: true });

    // Who asks in another dialect pays the same.
    const other = WIRES[(WIRES.indexOf(golden.wire) + 1) % WIRES.length] ?? 'openai-chat';
    for (const stream of [false, true]) {
      expect((await pay(golden, { client: other, stream })).row).toMatchObject({ ...expected, dialect: other });
    }
  });
});

describe('a price that changes', () => {
  const golden: Golden = {
    name: 'old',
    wire: 'openai-chat',
    model: 'openai/gold-old',
    usage: { prompt_tokens: 1_000, completion_tokens: 100, prompt_tokens_details: { cached_tokens: 400 } },
    costs: 0,
  };
  const before = 600 * 100 + 400 * 10 + 100 * 800;
  const after = 600 * 50 + 400 * 5 + 100 * 400;

  test.each([
    ['the day before', '2026-10-31T09:00:00Z', before],
    ['the last millisecond of it, in UTC', '2026-10-31T23:59:59.999Z', before],
    ['midnight in UTC', '2026-11-01T00:00:00Z', after],
    ['the same moment, as Los Angeles has it', '2026-10-31T17:00:00-07:00', after],
    ['the evening of that day in Tokyo', '2026-11-01T08:59:59.999+09:00', before],
    ['a month later', '2026-12-01T00:00:00Z', after],
  ])('is that of %s', async (_, time, costs) => {
    at = Date.parse(time);
    expect((await pay(golden, { client: 'openai-chat', stream: false })).row).toMatchObject({ costNanoUsd: costs });
    at = NOON;
  });
});

describe('vectors', () => {
  const embed = async (path: string, body: object, reply: object) => {
    upstream.answers(() => Response.json(reply));
    await ask(path, body);
    return await gateway.lastRequest();
  };
  const openai = (usage: object | undefined) =>
    embed(
      '/v1/embeddings',
      { model: 'openai/gold-embed', input: 'words' },
      { object: 'list', model: 'gold-embed', data: [{ object: 'embedding', index: 0, embedding: [0.1, 0.2] }], usage },
    );
  const google = (usageMetadata: object) =>
    embed(
      '/v1beta/models/google/gold-gemini-embed:embedContent',
      { content: { parts: [{ text: 'words' }] } },
      { embedding: { values: [0.1, 0.2] }, usageMetadata },
    );

  test("of OpenAI's cost their prompt", async () => {
    const row = await openai({ prompt_tokens: 1_234, total_tokens: 1_234 });
    expect(row).toMatchObject({ costNanoUsd: 1_234 * 20, isUsageEstimated: false });
  });

  test('of who does not count are estimated, and flagged', async () => {
    const row = await openai(undefined);
    expect(row).toMatchObject({ isUsageEstimated: true });
    expect(row?.costNanoUsd).toBeGreaterThan(0);
  });

  test("of Google's cost by kind of input", async () => {
    const promptTokenDetails = [
      { modality: 'TEXT', tokenCount: 3 },
      { modality: 'IMAGE', tokenCount: 258 },
      { modality: 'VIDEO', tokenCount: 70 },
      { modality: 'AUDIO', tokenCount: 32 },
    ];
    const row = await google({ promptTokenCount: 363, promptTokenDetails });
    expect(row).toMatchObject({ costNanoUsd: 3 * 200 + 258 * 450 + 70 * 12_000 + 32 * 6_500 });
  });
});

test('working the ledger out anew with the same prices changes none of it', async () => {
  await gateway.services.writer.flush();
  const { db, catalogue } = gateway.services;
  const registry = catalogue.registry();
  const result = await recostLedger({ db, registry, since: 0, mode: 'print', now: () => at });
  expect(result).toMatchObject({ changed: 0, unknown: 0 });
  expect(result.seen).toBeGreaterThan(4 * CASES.length);
});

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
