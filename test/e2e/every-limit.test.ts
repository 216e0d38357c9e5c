import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createApp } from '../../src/app.ts';
import type { LimitSet } from '../../src/db/limit-set.ts';
import { findUser, insertUser } from '../../src/db/queries/users.ts';
import { requests } from '../../src/db/schema.ts';
import type { Ask, LimitedKey } from '../../src/pipeline/limits/index.ts';
import { startGateway, type TestGateway } from '../gateway.ts';

// Every route a gateway key opens × every limit, on the key and on its owner. Routes are read from the app itself, so one
// without a row here fails.

/** Doors that take no gateway key. */
const OTHER_DOORS = /^\/(health|ready|api|setup|sign-in|sign-out|dashboard|preferences|invite|reset|assets|favicon|$)/;
const CHAT_MODEL = 'gpt-6-luna';
const VECTOR_MODEL = 'text-embedding-3-small';

let gateway: TestGateway;
let count = 0;
beforeAll(async () => {
  gateway = await startGateway({
    env: { SIMULATOR: 'on' },
    files: {
      'providers.json': JSON.stringify({
        providers: [{ id: 'local', baseUrl: 'http://127.0.0.1:9/v1', models: [{ id: 'mystery' }] }],
      }),
    },
  });
});
afterAll(() => gateway.stop());

type LimitName =
  | 'requests'
  | 'concurrent'
  | 'tokens'
  | 'daily'
  | 'monthly'
  | 'maxRequest'
  | 'unpriced'
  | 'models'
  | 'strategies';

/** A limit that is used up, and what a request has to ask for to meet it. */
interface Case {
  set: LimitSet;
  /** What goes before, on behalf of the same key. */
  use?: (key: LimitedKey) => unknown;
  model?: string;
  strategy?: string;
}

const held: Ask = { model: 'x/y', tokens: 1, costNanoUsd: 0, mostNanoUsd: 0, isSimulated: false };
const limits = () => gateway.services.stages.limits;
const CASES: Record<LimitName, Case> = {
  requests: { set: { requestsPerMinute: 1 }, use: (key) => limits().admit(key) },
  concurrent: { set: { concurrentRequests: 1 }, use: (key) => limits().enter(key) },
  tokens: { set: { tokensPerMinute: 1 }, use: (key) => limits().enter(key).reserve(held) },
  daily: { set: { dailyBudgetNanoUsd: 0 } },
  monthly: { set: { monthlyBudgetNanoUsd: 0 } },
  maxRequest: { set: { maxRequestNanoUsd: 0 } },
  unpriced: { set: { dailyBudgetNanoUsd: 1_000_000_000 }, model: 'mystery' },
  models: { set: { allowedModels: ['claude-haiku-4-5'] } },
  strategies: { set: { allowedStrategies: ['cost'] }, model: 'auto', strategy: 'quality' },
};

/** What a route answers when each limit is used up; 200 = the limit is none of its business. */
type Answers = Record<LimitName, number>;
const CHAT: Answers = {
  ...{ requests: 429, concurrent: 429, tokens: 429 },
  ...{ daily: 402, monthly: 402, maxRequest: 402, unpriced: 402, models: 403, strategies: 403 },
};
/** Nobody chooses an embedding model for the client. */
const EMBEDDING: Answers = { ...CHAT, strategies: 400 };
/** Costs nothing and uses no tokens, but calls a provider. */
const COUNT: Answers = {
  ...{ requests: 429, concurrent: 429, tokens: 200, daily: 200, monthly: 200, maxRequest: 200, unpriced: 200 },
  ...{ models: 403, strategies: 200 },
};
/** Answered from memory: even who has used up everything may look, as often as they may ask. */
const LOOK: Answers = {
  ...{ requests: 429, concurrent: 200, tokens: 200, daily: 200, monthly: 200, maxRequest: 200, unpriced: 200 },
  ...{ models: 200, strategies: 200 },
};

interface Row {
  name: string;
  /** As the app lists it. */
  route: string;
  answers: Answers;
  path: (model: string) => string;
  body?: (model: string, prompt: string) => object;
  /** Takes the id of a request of this key in place of a prompt. */
  isAboutRequest?: boolean;
  /** Instead of the chat model. */
  model?: string;
  hasStreams?: boolean;
}

const googleBody = (_: string, prompt: string) => ({ contents: [{ role: 'user', parts: [{ text: prompt }] }] });
const chatBody = (model: string, prompt: string) => ({ model, messages: [{ role: 'user', content: prompt }] });
const embedBody = (_: string, prompt: string) => ({ content: { parts: [{ text: prompt }] } });

function google(version: string): Row[] {
  const route = `POST /${version}/models/*`;
  const at = (method: string) => (model: string) => `/${version}/models/${model}:${method}`;
  const vectors = { route, answers: EMBEDDING, model: VECTOR_MODEL };
  return [
    { name: `${version} Google`, route, answers: CHAT, path: at('generateContent'), body: googleBody },
    { name: `${version} Google stream`, route, answers: CHAT, path: at('streamGenerateContent'), body: googleBody },
    {
      name: `${version} Google SSE`,
      route,
      answers: CHAT,
      path: at('streamGenerateContent?alt=sse'),
      body: googleBody,
    },
    { name: `${version} Google count`, route, answers: COUNT, path: at('countTokens'), body: googleBody },
    { name: `${version} Google vector`, ...vectors, path: at('embedContent'), body: embedBody },
    {
      ...{ name: `${version} Google vectors`, ...vectors, path: at('batchEmbedContents') },
      body: (model, prompt) => ({ requests: [{ model: `models/${model}`, ...embedBody(model, prompt) }] }),
    },
    { name: `${version} list`, route: `GET /${version}/models`, answers: LOOK, path: () => `/${version}/models` },
    {
      // A model that may not be used is not there.
      ...{ name: `${version} model`, route: `GET /${version}/models/*`, answers: { ...LOOK, models: 404 } },
      path: () => `/${version}/models/${CHAT_MODEL}`,
    },
  ];
}

const ROWS: Row[] = [
  {
    ...{ name: 'Chat Completions', route: 'POST /v1/chat/completions', answers: CHAT, hasStreams: true },
    ...{ path: () => '/v1/chat/completions', body: chatBody },
  },
  {
    ...{ name: 'Responses', route: 'POST /v1/responses', answers: CHAT, hasStreams: true, path: () => '/v1/responses' },
    body: (model, input) => ({ model, input }),
  },
  {
    ...{ name: 'Messages', route: 'POST /v1/messages', answers: CHAT, hasStreams: true, path: () => '/v1/messages' },
    body: (model, prompt) => ({ ...chatBody(model, prompt), max_tokens: 100 }),
  },
  ...google('v1'),
  ...google('v1beta'),
  {
    ...{ name: 'embeddings', route: 'POST /v1/embeddings', answers: EMBEDDING, model: VECTOR_MODEL },
    ...{ path: () => '/v1/embeddings', body: (model: string, input: string) => ({ model, input }) },
  },
  {
    ...{ name: 'Messages count', route: 'POST /v1/messages/count_tokens', answers: COUNT },
    ...{ path: () => '/v1/messages/count_tokens', body: chatBody },
  },
  {
    ...{ name: 'Responses count', route: 'POST /v1/responses/input_tokens', answers: COUNT },
    ...{ path: () => '/v1/responses/input_tokens', body: (model: string, input: string) => ({ model, input }) },
  },
  { name: 'dry run', route: 'POST /v1/route', answers: CHAT, path: () => '/v1/route', body: chatBody },
  {
    ...{
      name: 'feedback',
      route: 'POST /v1/feedback',
      answers: LOOK,
      path: () => '/v1/feedback',
      isAboutRequest: true,
    },
    body: (_, requestId) => ({ request_id: requestId, passed: true }),
  },
  { name: 'usage', route: 'GET /v1/usage', answers: LOOK, path: () => '/v1/usage' },
  { name: 'key usage', route: 'GET /v1/key/usage', answers: LOOK, path: () => '/v1/key/usage' },
];

/** A new key of a new person; the limits are the key's or its owner's. */
async function keyWith(set: LimitSet, holder: 'key' | 'user') {
  const id = `user ${count++}`;
  const person = { id, email: `${id}@example.com`, name: id, role: 'member' as const, passwordHash: 'none' };
  await insertUser(gateway.services.db, { ...person, sessionVersion: 1, createdAt: 0, disabledAt: null });
  const admin = { id: 'x', email: '', name: '', role: 'admin' as const };
  if (holder === 'user') await gateway.services.userLimits.change(admin, id, set);
  expect((await findUser(gateway.services.db, id))?.limits).toEqual(holder === 'user' ? set : {});
  const own = { name: 'program', userId: id, limits: holder === 'key' ? set : {} };
  return await gateway.services.keys.create(own);
}

/** A request of before in the name of this key, copied from one of the gateway's first key. */
async function askedBy(keyId: string): Promise<string> {
  const headers = { authorization: `Bearer ${gateway.key}` };
  const body = JSON.stringify(chatBody(CHAT_MODEL, `question ${count++}`));
  await (await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body })).text();
  const any = await gateway.lastRequest();
  if (!any) throw new Error('The request is not in the ledger.');
  const id = Bun.randomUUIDv7();
  await gateway.services.db.insert(requests).values({ ...any, id, keyId, userId: null });
  return id;
}

interface Meeting {
  row: Row;
  limit: LimitName | null;
  holder: 'key' | 'user';
  stream: boolean;
}

async function meet({ row, limit, holder, stream }: Meeting): Promise<Response> {
  const { set, use, model, strategy }: Case = limit ? CASES[limit] : { set: {} };
  const { key, row: made } = await keyWith(set, holder);
  await use?.(made);
  const about = row.isAboutRequest ? await askedBy(made.id) : `question ${count++}`;
  const asked = model ?? row.model ?? CHAT_MODEL;
  const headers: Record<string, string> = { authorization: `Bearer ${key}` };
  if (strategy !== undefined) headers['x-gateway-strategy'] = strategy;
  const body = row.body && { ...row.body(asked, about), ...(stream && { stream: true }) };
  return await fetch(gateway.url + row.path(asked), {
    method: body ? 'POST' : 'GET',
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
}

test('every route that a gateway key opens has a row', () => {
  const routes = createApp(gateway.services).routes.map(({ method, path }) => `${method} ${path}`);
  const keyed = routes.filter((route) => !OTHER_DOORS.test(route.split(' ')[1] ?? ''));
  expect([...new Set(keyed)].sort()).toEqual([...new Set(ROWS.map(({ route }) => route))].sort());
});

const LIMITS = Object.keys(CASES) as LimitName[];
const kinds = ROWS.flatMap((row) => (row.hasStreams ? [false, true] : [false]).map((stream) => ({ row, stream })));

describe.each(kinds.map((kind) => [`${kind.row.name}${kind.stream ? ' stream' : ''}`, kind] as const))(
  '%s',
  (_, kind) => {
    test('answers where nothing is limited', async () => {
      const response = await meet({ ...kind, limit: null, holder: 'key' });
      const text = await response.text();
      expect([response.status, response.status === 200 ? '' : text]).toEqual([200, '']);
    });

    test.each(LIMITS)('%s', async (limit) => {
      for (const holder of ['key', 'user'] as const) {
        const response = await meet({ ...kind, limit, holder });
        const text = await response.text();
        expect([limit, holder, response.status, text.slice(0, 300)]).toEqual([
          ...[limit, holder, kind.row.answers[limit]],
          expect.stringMatching(response.status === 200 ? /./ : /"message":/),
        ]);
        if (response.status === 429) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
        if (response.status === 402) expect(response.headers.get('retry-after')).toBeNull();
      }
    });
  },
);

test('whoever is refused has cost nothing: no provider was called', async () => {
  const refused = (await gateway.allRequests()).filter(({ status }) => [402, 403, 429].includes(status));
  expect(refused.length).toBeGreaterThan(100);
  for (const row of refused) expect(row).toMatchObject({ outcome: 'refused', attemptCount: 0, costNanoUsd: 0 });
  expect(gateway.logged.errors).toEqual([]);
});
