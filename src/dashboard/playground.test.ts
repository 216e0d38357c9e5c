import { beforeEach, expect, test } from 'bun:test';
import { createTestDashboard, HOSTILE } from './fixture.ts';

let dashboard: ReturnType<typeof createTestDashboard>;
beforeEach(() => {
  dashboard = createTestDashboard();
});

const PATH = '/dashboard/playground';
const STREAM = `${PATH}/stream`;
const DAY_MS = 86_400_000;

/** Somebody of a role with a key of their own. */
async function personWithKey(role: 'admin' | 'member') {
  const account = await dashboard.signIn(role);
  const { row } = await dashboard.keys.create({ name: `key of ${role}`, userId: account.id });
  return { account, keyId: row.id };
}

test('a viewer can neither see the playground nor ask anything there', async () => {
  await dashboard.signIn('viewer');
  const { browser } = dashboard;
  expect((await browser.get(PATH)).status).toBe(403);
  for (const path of [PATH, STREAM]) expect((await browser.submit(path, { prompt: 'hello' })).status).toBe(403);
  expect(dashboard.asked).toEqual([]);
});

test('without the token of the session, or from another site, nothing is asked', async () => {
  const { keyId } = await personWithKey('member');
  const fields = { key: keyId, prompt: 'hello', model: 'auto', model1: 'auto' };
  for (const path of [PATH, STREAM]) {
    expect((await dashboard.browser.post(path, fields)).status).toBe(403);
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    expect((await dashboard.browser.post(path, fields, elsewhere)).status).toBe(403);
  }
  dashboard.browser.cookie = '';
  expect((await dashboard.browser.post(STREAM, fields)).status).toBe(302);
  expect(dashboard.asked).toEqual([]);
});

test('the token may come in a header, as the script sends it', async () => {
  const { keyId } = await personWithKey('member');
  const { html } = await dashboard.browser.get(PATH);
  const token = /name="form-token" value="(\w+)"/.exec(html)?.[1] ?? '';
  const answer = await dashboard.browser.post(
    STREAM,
    { key: keyId, prompt: 'hello', model: 'auto:cost', temperature: '0.5', maxTokens: '20', fresh: 'on' },
    { 'form-token': token },
  );
  expect(answer.headers.get('content-type')).toStartWith('text/event-stream');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(dashboard.asked).toEqual([
    { keyId, model: 'auto:cost', system: '', prompt: 'hello', temperature: 0.5, maxTokens: 20, isFresh: true },
  ]);
});

test('members ask with their own keys alone, admins with any; never with one that is revoked, expired or made up', async () => {
  const admin = await personWithKey('admin');
  const member = await personWithKey('member');
  const { keys, clock, browser } = dashboard;
  const own = { userId: member.account.id };
  const revoked = await keys.create({ name: 'revoked', ...own });
  await keys.revoke(member.account, revoked.row.id);
  const short = await keys.create({ name: 'short', ...own, expiresAt: clock.ms + 1 });
  clock.ms += 1;

  const ask = async (keyId: string) => {
    const stream = await browser.submit(STREAM, { key: keyId, prompt: 'hello', model: 'auto' });
    const page = await browser.submit(PATH, { key: keyId, prompt: 'hello', model1: 'auto' });
    expect(stream.html.includes('Choose one of the keys')).toBe(page.status === 403);
    return page.status;
  };
  expect(await ask(member.keyId)).toBe(200);
  for (const id of [admin.keyId, revoked.row.id, short.row.id, '', 'made-up', 'constructor']) {
    expect([id, await ask(id)]).toEqual([id, 403]);
  }
  const { html } = await browser.get(PATH);
  expect(html).toContain('key of member');
  for (const name of ['key of admin', '>revoked (', '>short (']) expect(html).not.toContain(name);

  browser.cookie = `gateway_session=${await dashboard.sessions.start(admin.account.id)}`;
  expect(await ask(member.keyId)).toBe(200);
  expect(await ask(revoked.row.id)).toBe(403);
  expect(dashboard.asked.map(({ keyId }) => keyId)).toEqual(Array(4).fill(member.keyId));
});

test.each([
  ['no prompt', { prompt: ' ' }, 'Type a prompt first.', 'Escribe primero una pregunta.'],
  ['a wild temperature', { temperature: '9' }, 'number from 0 to 2', 'Es un número de 0 a 2.'],
  ['a half token', { maxTokens: '1.5' }, 'whole number from 1', 'Es un número entero de 1'],
  ['no number', { maxTokens: 'NaN' }, 'whole number from 1', 'Es un número entero de 1'],
])('%s is explained beside what was typed, in both languages', async (_, fields, english, spanish) => {
  const { keyId } = await personWithKey('member');
  const form = { key: keyId, prompt: 'why?', model1: 'auto', system: 'be brief', ...fields };
  const refused = await dashboard.browser.submit(PATH, form);
  expect(refused.status).toBe(400);
  expect(refused.html).toContain(english);
  expect(refused.html).toContain('be brief');
  dashboard.browser.cookie += '; gateway_language=es';
  expect((await dashboard.browser.submit(PATH, form)).html).toContain(spanish);
  expect(dashboard.asked).toEqual([]);
});

test('without a script the answers come with the page, and the prompt stays', async () => {
  const { keyId } = await personWithKey('member');
  const form = { key: keyId, prompt: 'why?', model1: 'auto', model3: 'openai/small-model' };
  const { html } = await dashboard.browser.submit(PATH, form);
  expect(html).toContain('auto says: why?');
  expect(html).toContain('openai/small-model says: why?');
  expect(html).toContain('why?</textarea>');
  expect(dashboard.asked).toHaveLength(2);
});

test('hostile text stays text: in the prompt, the answer, a name, and by the megabyte', async () => {
  const account = await dashboard.signIn('admin', HOSTILE);
  const { row } = await dashboard.keys.create({ name: HOSTILE, userId: account.id });
  const prompt = `${HOSTILE}\u202e \u2028 🤷🏽‍♀️ ${'y'.repeat(1_000_000)}`;
  const form = { key: row.id, prompt, model: HOSTILE, model1: HOSTILE, system: HOSTILE };
  const { html } = await dashboard.browser.submit(PATH, form);
  expect(html.length).toBeGreaterThan(2_000_000);
  expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)');
  expect(html).not.toContain('<script>');
  expect(html).not.toContain('<img');

  const stream = (await dashboard.browser.submit(STREAM, form)).html;
  expect(stream).toMatch(/^event: delta\ndata: [^\n]*\n\nevent: done\ndata: [^\n]*\n\n$/);
  const data: unknown = JSON.parse(/data: (.*)/s.exec(stream.split('\n\n')[0] ?? '')?.[1] ?? '');
  expect(data).toEqual([{ kind: 'text', text: `${HOSTILE} says: ${prompt}` }][0]);
});

test('a key that ends while the page is open is not asked with any more', async () => {
  const account = await dashboard.signIn('member');
  const { row } = await dashboard.keys.create({
    ...{ name: 'week', userId: account.id, expiresAt: dashboard.clock.ms + DAY_MS / 24 },
  });
  expect((await dashboard.browser.get(PATH)).html).toContain('week (');
  dashboard.clock.ms += DAY_MS / 24;
  expect((await dashboard.browser.submit(PATH, { key: row.id, prompt: 'x', model1: 'auto' })).status).toBe(403);
});
