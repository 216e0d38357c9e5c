import { afterAll, beforeAll, expect, test } from 'bun:test';
import { parseHTML } from 'linkedom';
import { startGateway, type TestGateway } from '../gateway.ts';
import { DOORS, VISITED_PAGES } from './page-list.ts';

/** Words that hardly any English sentence does without, and that are no words of Spanish. */
const ENGLISH =
  /(?<!\p{L})(the|of|and|to|is|are|was|were|with|for|by|that|this|it|its|not|be|been|or|from|which|than|has|have|will|can|cannot|there|when|what|who|why|your|you|all|any|none|new|key|keys|cost|request|requests|model|models|unknown|failed|other|today|day|days|hour|price|prices|balanced|quality|speed)(?!\p{L})/iu;
/** What stands in the page as data: code, names that people gave, quotes in a language that is told. */
const DATA = 'script, style, svg, code, pre, textarea, [lang="en"], .model';
const SPOKEN = ['title', 'aria-label', 'placeholder', 'alt', 'data-waiting', 'data-done'];
/** Names that the test gave, and vendors' own. */
const NAMES =
  /LLM Gateway|English|Ada \((admin|member|viewer)\)|clave-\w+|test key|none, low,[\w, ]+|\{.*\}|"[^"]*"|Chat completions|gpt[\w.:-]*|auto:\w+|claude[\w.-]*|gemini[\w.-]*|\b[\w.]+@example\.com\b|https?:\S+|[\w.-]+\.(json|key|md)\b|by-hand[\w-]*|[\w-]+@[\d-]+|«[^»]*»/gi;

let gateway: TestGateway;
let cookie: string;
let ids: string[] = [];
let keyId: string;

beforeAll(async () => {
  gateway = await startGateway();
  const { services, person } = gateway;
  const userId = await person('admin');
  const account = { id: userId, email: 'admin@example.com', name: 'Ada', role: 'admin' } as const;
  cookie = `${services.sessionCookie.name}=${await services.sessions.start(userId)}; gateway_language=es`;
  const { row } = await services.keys.mint(account, {
    name: 'clave-uno',
    limits: { requestsPerMinute: 60, monthlyBudgetNanoUsd: 5e9, allowedStrategies: ['cost', 'quality'] },
    policy: { rules: [{ name: 'r', when: { kinds: ['code'] }, minComplexity: 'complex' }] },
  });
  keyId = row.id;
  await services.keys.change(account, keyId, { name: 'clave-dos', strategy: 'cost', limits: { tokensPerMinute: 9 } });
  const models = ['auto', 'auto', 'auto:cost', 'auto:quality', 'auto:speed', 'auto:balanced', 'gpt-6-luna', 'gpt-nope'];
  for (const [index, model] of models.entries()) await ask(model, index < 2 ? 'hola' : `hola ${index}`);
  await ask('auto', '[simulate: status=529] hola', { 'x-gateway-min-quality': '60' });
  ids = (await gateway.allRequests()).map(({ id }) => id);
}, 30_000);
afterAll(() => gateway.stop());

async function ask(model: string, content: string, headers: Record<string, string> = {}): Promise<void> {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content }] });
  const authorization = `Bearer ${gateway.key}`;
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    ...{ method: 'POST', headers: { ...headers, authorization }, body },
  });
  await response.text();
}

/** The sentences of a page that hold an English word. */
function remnants(html: string): string[] {
  const { document } = parseHTML(html);
  expect(document.documentElement.lang).toBe('es');
  for (const data of document.querySelectorAll(DATA))
    if (!SPOKEN.some((name) => data.hasAttribute(name))) data.remove();
  const said: string[] = [];
  for (const element of document.querySelectorAll('*')) {
    for (const name of SPOKEN) said.push(element.getAttribute(name) ?? '');
    const texts = [...element.childNodes].filter(({ nodeType }) => nodeType === 3);
    said.push(texts.map(({ textContent }) => textContent).join(''));
  }
  const sentences = said.map((text) => text.replaceAll(NAMES, ' ').replace(/\s+/g, ' ').trim());
  return [...new Set(sentences.filter((text) => ENGLISH.test(text)))];
}

async function visit(path: string, init: RequestInit = {}): Promise<string[]> {
  const headers = { cookie, 'accept-language': 'es', 'sec-fetch-site': 'same-origin' };
  return remnants(
    await (await fetch(gateway.url + path, { ...init, headers: { ...headers, ...init.headers } })).text(),
  );
}

test.each(VISITED_PAGES.map((page) => [page.name, page] as const))('%s speaks Spanish', async (_, page) => {
  expect(await visit(await page.path(gateway))).toEqual([]);
});

test.each(DOORS.map((page) => [page.name, page] as const))('%s speaks Spanish at the door', async (_, page) => {
  const html = await (
    await fetch(gateway.url + (await page.path(gateway)), { headers: { 'accept-language': 'es' } })
  ).text();
  expect(remnants(html)).toEqual([]);
});

test('every kind of request tells its reasons in Spanish', async () => {
  expect(ids.length).toBeGreaterThan(8);
  for (const id of ids) expect([id, await visit(`/dashboard/requests/${id}`)]).toEqual([id, []]);
});

const FORMS: [path: string, fields: Record<string, string>][] = [
  ['/dashboard/keys', { name: '' }],
  ['/dashboard/keys', { name: 'x', requestsPerMinute: '-1' }],
  ['/dashboard/keys', { name: 'x', tokensPerMinute: '1.5' }],
  ['/dashboard/keys', { name: 'x', dailyBudgetNanoUsd: 'mucho' }],
  ['/dashboard/keys', { name: 'x', allowedModels: 'gpt-nope' }],
  ['/dashboard/keys', { name: 'x', tolerance: '50' }],
  ['/dashboard/keys', { name: 'x', 'min-code': 'complex', deniedModels: 'gpt-nope' }],
  ['/dashboard/users', { role: 'x' }],
  ['/dashboard/users', { role: 'member', email: 'x' }],
  ['/dashboard/account/name', { name: 'x'.repeat(200) }],
  ['/dashboard/settings', { baselineModel: 'gpt-nope' }],
  ['/dashboard/settings', { requestDays: '-1' }],
  ['/dashboard/providers', { provider: 'openai', key: '' }],
  ['/dashboard/providers/new', { id: 'A b', baseUrl: 'x' }],
  ['/dashboard/routing/replay', { strategy: 'cost', tolerance: '50' }],
  ['/dashboard/routing/replay', { json: '{"strategy":"x"}' }],
  ['/dashboard/routing/try', { prompt: '' }],
  ['/dashboard/playground', { prompt: '' }],
];

test.each(FORMS)('a refusal by the form %s %j is told in Spanish', async (path, fields) => {
  const { formToken } = await token();
  const body = new URLSearchParams({ ...fields, 'form-token': formToken }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(await visit(path, { method: 'POST', body, headers })).toEqual([]);
});

test('a dry run and a policy are explained in Spanish', async () => {
  const { formToken } = await token();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const post = (path: string, fields: Record<string, string>) =>
    visit(path, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ ...fields, 'form-token': formToken }).toString(),
    });
  for (const model of ['auto:cost', 'auto:quality', 'auto:speed', 'auto:balanced']) {
    const said = await post('/dashboard/routing/try', { key: keyId, model, prompt: 'Escribe una función en Python.' });
    expect([model, said]).toEqual([model, []]);
  }
  expect(await post(`/dashboard/keys/${keyId}/policy/json`, { policyJson: '{"rules":[{"when":{}}],"x":1}' })).toEqual(
    [],
  );
});

async function token(): Promise<{ formToken: string }> {
  const html = await (await fetch(`${gateway.url}/dashboard/keys`, { headers: { cookie } })).text();
  return { formToken: /name="form-token" value="(\w+)"/.exec(html)?.[1] ?? '' };
}
