import { beforeEach, expect, test } from 'bun:test';
import { NO_USAGE, type UsageExtras } from '../chat/usage.ts';
import { insertLedgerRows } from '../db/queries/ledger.ts';
import { pruneDetails } from '../db/queries/prune.ts';
import { GatewayError } from '../errors.ts';
import { cheap, dear, decision, key, model } from '../pipeline/ledger/fixture.ts';
import { createLedger, type LedgerRows } from '../pipeline/ledger/index.ts';
import { createTestDashboard, HOSTILE } from './fixture.ts';

let dashboard: ReturnType<typeof createTestDashboard>;
beforeEach(() => {
  dashboard = createTestDashboard();
});

const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
/** The nth id, in the order of time. */
const idOf = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

interface Seed {
  userId?: string;
  keyId?: string;
  at?: number;
  asked?: string;
  answered?: string;
  message?: string;
  extras?: UsageExtras;
  headers?: Record<string, string>;
}

/** Requests of a person, one a second, the last a minute ago: a failed call, then an answer. */
async function seed(count: number, { userId = 'member', keyId = 'k1', at, ...more }: Seed = {}): Promise<void> {
  const rows: LedgerRows[] = [];
  for (let n = 0; n < count; n++) {
    const now = () => (at ?? dashboard.clock.ms - 60_000) - (count - n) * 1000;
    const ledger = createLedger({ write: (written) => rows.push(written), now, baseline: () => dear });
    const entry = ledger.open({
      ...{ id: idOf(n), key: { ...key, id: keyId, userId }, endpoint: '/v1/chat/completions', dialect: 'openai-chat' },
      ...{ headers: more.headers ?? { 'user-agent': 'curl' }, laps: [{ stage: 'auth', endedUs: 120 }] },
    });
    entry.asks(more.asked ?? 'auto', false);
    entry.cached(n % 2 === 0 ? 'miss' : 'hit');
    const answered = more.answered === undefined ? cheap : model(more.answered, null);
    const candidates = [{ model: answered.id, provider: 'acme', rank: 1, reason: more.message ?? 'The best of 2.' }];
    entry.decides({ ...decision, ...{ candidates, dropped: { 'Too dear.': ['acme/dear'] } } });
    const call = { providerId: 'acme', isSimulated: false, startedAt: now(), headersMs: 5, durationMs: 10 };
    const error = new GatewayError('provider_overloaded', more.message ?? 'Try again.');
    entry.attempts({ ...call, model: dear, status: 503, error });
    entry.attempts({ ...call, model: answered, status: 200, error: null });
    entry.answers({ model: answered, providerId: 'acme', isSimulated: false });
    entry.see({ type: 'finish', usage: { ...NO_USAGE, input: 1200, output: 34, extras: more.extras } });
    entry.close('ok', 200);
  }
  await insertLedgerRows(dashboard.db, rows);
}

const rowsOf = (html: string) => [...html.matchAll(/<tr id="request-([^"]+)"/g)].map((match) => match[1]);

test('the list goes back page by page and forth again, each request once', async () => {
  await dashboard.signIn('admin');
  await seed(120);
  const seen: (string | undefined)[] = [];
  let path = 'dashboard/requests?cache=';
  let newer = '';
  for (;;) {
    const { html } = await dashboard.browser.get(`/${path}`);
    seen.push(...rowsOf(html));
    const older = /rel="next" href="([^"]+)"/.exec(html)?.[1];
    newer = /rel="prev" href="([^"]+)"/.exec(html)?.[1] ?? '';
    if (!older) break;
    path = older.replaceAll('&amp;', '&');
  }
  expect(seen).toEqual(Array.from({ length: 120 }, (_, n) => idOf(119 - n)));
  const back = await dashboard.browser.get(`/${newer.replaceAll('&amp;', '&')}`);
  expect(rowsOf(back.html)).toEqual(Array.from({ length: 50 }, (_, n) => idOf(69 - n)));
});

test('a filter is in the address, shown as a chip that takes it away, and wrong ones are explained', async () => {
  await dashboard.signIn('viewer');
  await seed(10);
  const { html } = await dashboard.browser.get('/dashboard/requests?cache=hit&range=24h');
  expect(rowsOf(html)).toHaveLength(5);
  expect(words(html)).toContain('Time Last 24 hours × Remove this filter Cache hit × Remove this filter');
  expect(html).toContain('href="dashboard/requests?range=24h"');
  expect(html).toContain('href="dashboard/requests/export?range=24h&amp;cache=hit&amp;format=csv"');
  const none = await dashboard.browser.get('/dashboard/requests?provider=nobody');
  expect(words(none.html)).toContain('No request matches');
  const wrong = await dashboard.browser.get('/dashboard/requests?status=abc');
  expect([wrong.status, words(wrong.html).includes('`status` is a number')]).toEqual([400, true]);
});

test('without a time the list is of the last week, and a whole id is found however old it is', async () => {
  await dashboard.signIn('admin');
  await seed(1, { at: dashboard.clock.ms - 30 * 86_400_000 });
  expect(rowsOf((await dashboard.browser.get('/dashboard/requests')).html)).toEqual([]);
  expect(rowsOf((await dashboard.browser.get('/dashboard/requests?range=all')).html)).toEqual([idOf(0)]);
  expect(rowsOf((await dashboard.browser.get(`/dashboard/requests?id=${idOf(0)}`)).html)).toEqual([idOf(0)]);
});

test('a request tells its stages, its calls, its decision and what was paid with which price', async () => {
  await dashboard.signIn('viewer');
  await seed(1);
  const { html } = await dashboard.browser.get(`/dashboard/requests/${idOf(0)}`);
  const text = words(html);
  expect(text).toContain('key 120 µs acme · dear The provider is overloaded. 10 ms');
  expect(text).toContain('The best of 2.');
  expect(text).toContain('1 models were not tried Too dear. acme/dear');
  expect(text).toContain('input 1,200 output 34');
  expect(text).toContain('Cost $0.00134 Baseline, dear $0.0134');
  expect(text).toContain('acme · cheap · dollars for a million tokens input $1.00 output $4.00 cache read $0.10');
  expect(text).toContain('user-agent curl');
  expect(text).toContain('Not kept.');
  expect(html).not.toContain(' style=');
});

test('what is billed besides tokens is told beside them, and nothing of it where there is none', async () => {
  await dashboard.signIn('admin');
  await seed(1, { extras: { imageInput: 258, calls: { webSearch: 3 }, multiplier: 'usInference' } });
  const { html } = await dashboard.browser.get(`/dashboard/requests/${idOf(0)}`);
  expect(words(html)).toContain('Billed besides');
  for (const part of ['of the input, images 258', 'calls of web search 3', 'all tokens at the rate of usInference'])
    expect(words(html)).toContain(part);
  expect(words(html)).not.toContain('of the input, video');

  dashboard = createTestDashboard();
  await dashboard.signIn('admin');
  await seed(1);
  expect((await dashboard.browser.get(`/dashboard/requests/${idOf(0)}`)).html).not.toContain('Billed besides');
});

test('details that were pruned are said to be gone', async () => {
  await dashboard.signIn('admin');
  await seed(1);
  await pruneDetails(dashboard.db, dashboard.clock.ms, 10);
  const { status, html } = await dashboard.browser.get(`/dashboard/requests/${idOf(0)}`);
  expect([status, words(html).split('are gone.').length - 1]).toEqual([200, 3]);
});

test('members see their own requests, in lists, files and pages, and of others not even that they are there', async () => {
  await dashboard.signIn('member');
  await seed(3, { userId: 'somebody else' });
  const paths = [
    '/dashboard/requests',
    `/dashboard/requests?id=${idOf(0)}`,
    '/dashboard/requests?user=somebody%20else',
  ];
  for (const path of paths) expect(rowsOf((await dashboard.browser.get(path)).html)).toEqual([]);
  const other = await dashboard.browser.get(`/dashboard/requests/${idOf(0)}`);
  const nobody = await dashboard.browser.get('/dashboard/requests/no-such-id');
  expect([other.status, nobody.status]).toEqual([404, 404]);
  expect(words(other.html)).toBe(words(nobody.html));
  expect((await dashboard.browser.get('/dashboard/requests/export?format=csv')).html.split('\r\n')).toHaveLength(2);

  dashboard.browser.cookie = '';
  await dashboard.signIn('viewer');
  expect(rowsOf((await dashboard.browser.get('/dashboard/requests')).html)).toHaveLength(3);
  expect(JSON.parse((await dashboard.browser.get('/dashboard/requests/export?format=json')).html)).toHaveLength(3);
  dashboard.browser.cookie = '';
  for (const path of [
    ...paths,
    `/dashboard/requests/${idOf(0)}`,
    '/dashboard/requests/export',
    '/dashboard/overview/chart.json',
  ]) {
    const answer = await dashboard.browser.get(path);
    expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 302, '/sign-in']);
  }
});

const WAYS_TO_RUN = [
  HOSTILE,
  `"onload="alert(1)" 'onclick='x' \`></pre></td><svg/onload=x>`,
  '\u202Eevil\u202C שלום 👩‍👩‍👧‍👦\u0000',
  '<b id="x">'.repeat(100_000),
];

test.each(WAYS_TO_RUN)('hostile text changes nothing but the text: %#', async (text) => {
  const shapeOf = (html: string) => [html.split('<').length, html.split('"').length];
  const see = async (given: string) => {
    dashboard = createTestDashboard();
    const admin = await dashboard.signIn('admin');
    const { row } = await dashboard.keys.mint(admin, { name: given.slice(0, 90) || 'x' });
    const headers = { 'user-agent': given };
    await seed(1, { keyId: row.id, asked: `${given}?`, answered: given, message: given, headers });
    const query = new URLSearchParams({ model: given.slice(0, 90), id: given.slice(0, 90) });
    const paths = ['/dashboard/requests', `/dashboard/requests/${idOf(0)}`, `/dashboard/requests?${query}`];
    return await Promise.all(paths.map((path) => dashboard.browser.get(path)));
  };
  const calm = await see('calm');
  const hostile = await see(text);
  expect(hostile.map(({ status }) => status)).toEqual([200, 200, 200]);
  for (const [index, { html }] of hostile.entries()) {
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<svg/');
    // The list without a match has other tags than the one with one.
    if (index < 2) expect(shapeOf(html)).toEqual(shapeOf(calm[index]?.html ?? ''));
  }
});
