import { beforeEach, expect, test } from 'bun:test';
import { toModel } from '../../registry/custom-model.ts';
import type { Model } from '../../registry/schema.ts';
import { recordEvents } from '../catalogue/index.ts';
import { Secret } from '../lib/secret.ts';
import { createTestDashboard } from './fixture.ts';

let dashboard: ReturnType<typeof createTestDashboard>;
beforeEach(() => {
  dashboard = createTestDashboard();
  dashboard.registry.models = [
    model({ id: 'cheap', prices: { input: 1, output: 2 }, quality: 20 }),
    model({ id: 'dear', prices: { input: 9, output: 30 }, quality: 90, can: { tools: true } }),
    model({ id: 'unknown' }),
    { ...model({ id: 'old' }), status: 'retired' },
  ];
});

function model(custom: Partial<Parameters<typeof toModel>[0]> & { id: string }): Model {
  return { ...toModel({ contextWindow: 1000, ...custom }, 'openai'), family: 'test' };
}

const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const shown = async (query: string) => {
  const { html } = await dashboard.browser.get(`/dashboard/models${query}`);
  return [...html.matchAll(/class="model" href="[^"]*\/([^"/]+)"/g)].map((match) => match[1]);
};

test('models are searched, filtered and sorted by the address alone, and what has no value is last', async () => {
  await dashboard.signIn('member');
  expect(await shown('')).toEqual(['cheap', 'dear', 'unknown']);
  expect(await shown('?status=all')).toEqual(['cheap', 'dear', 'old', 'unknown']);
  expect(await shown('?q=DEA')).toEqual(['dear']);
  expect(await shown('?ability=tools')).toEqual(['dear']);
  expect(await shown('?provider=google')).toEqual([]);
  expect(await shown('?sort=input&dir=descending')).toEqual(['dear', 'cheap', 'unknown']);
  expect(await shown('?sort=quality')).toEqual(['cheap', 'dear', 'unknown']);
  expect(words((await dashboard.browser.get('/dashboard/models?q=unknown')).html)).toContain('unpriced');
});

test('what everybody spent on a model is for those who may see all keys', async () => {
  for (const [role, sees] of [
    ['member', false],
    ['viewer', true],
  ] as const) {
    await dashboard.signIn(role);
    const { html } = await dashboard.browser.get('/dashboard/models/openai/cheap');
    expect([role, html.includes('Spent, 30 days')]).toEqual([role, sees]);
    expect(html).not.toContain('/override"');
  }
});

test('a model is pinned and given a price of our own by an admin, with mistakes told at the field', async () => {
  await dashboard.signIn('admin');
  const { browser, overrides, pinned } = dashboard;
  const path = '/dashboard/models/openai/cheap';
  expect((await browser.submit(`${path}/pin`, {})).headers.get('location')).toBe(`${path}?done=model-pinned`);
  expect([...pinned]).toEqual(['openai/cheap']);
  await browser.submit(`${path}/unpin`, {});
  expect([...pinned]).toEqual([]);

  const wrong = await browser.submit(`${path}/override`, { input: '1', output: 'much', note: 'deal' });
  expect(wrong.status).toBe(400);
  expect(wrong.html).toContain('value="deal"');
  expect(overrides.find('openai', 'cheap')).toBeNull();

  const set = await browser.submit(`${path}/override`, { input: '0,5', output: '1.5', quality: '77', note: 'deal' });
  expect(set.headers.get('location')).toBe(`${path}?done=model-overridden`);
  expect(overrides.find('openai', 'cheap')).toMatchObject({
    ...{ prices: { input: 0.5, output: 1.5 }, quality: 77, note: 'deal', from: '2030-01-01' },
  });
  await browser.submit(`${path}/override/clear`, {});
  expect(overrides.find('openai', 'cheap')).toBeNull();
});

test('nobody but an admin steers the catalogue, whatever they send', async () => {
  const paths = [
    ...['pin', 'unpin', 'override', 'override/clear'].map((what) => `/dashboard/models/openai/cheap/${what}`),
    ...['update', 'approve', 'reject/openai%2Fcheap', 'approve-run/openai'].map(
      (what) => `/dashboard/changelog/${what}`,
    ),
  ];
  for (const role of ['member', 'viewer'] as const) {
    await dashboard.signIn(role);
    for (const path of paths) {
      const { status } = await dashboard.browser.submit(path, { model: 'openai/small-model', input: '1', output: '1' });
      expect([role, path, status]).toEqual([role, path, 403]);
    }
  }
  expect(dashboard.started).toEqual([]);
  expect(dashboard.pinned.size).toBe(0);
  expect(dashboard.overrides.list()).toEqual([]);
});

test('the changelog tells what moved and by how much, page by page', async () => {
  await dashboard.signIn('viewer');
  const provenance = { url: 'https://prices.example/page', fetchedAt: '2029-12-31', sha256: 'ab', parser: 'p/table' };
  const move = { tier: 'standard', promptOver: 0, field: 'input', old: 2, new: 1, ratio: 0.5, from: null } as const;
  await recordEvents(
    dashboard.db,
    Array.from({ length: 60 }, (_, index) => ({
      ...({ type: 'price_changed', provider: 'openai', model: `m${index}`, provenance, ...move } as const),
    })),
    { source: 'job', at: 1 },
  );
  const first = await dashboard.browser.get('/dashboard/changelog');
  expect(words(first.html)).toContain(
    'price changed m59 standard · input $2.00 → $1.00 × 0.5 nightly job prices.example',
  );
  expect(first.html).toContain('href="https://prices.example/page"');
  const older = /rel="next" href="([^"]+)"/.exec(first.html)?.[1]?.replaceAll('&amp;', '&');
  const second = await dashboard.browser.get(`/${older}`);
  expect(words(second.html)).toContain('price changed m0 ');
  expect(words(second.html)).not.toContain('price changed m30 ');
  expect(second.html).toContain('rel="prev"');
  expect(words((await dashboard.browser.get('/dashboard/changelog?type=model_added')).html)).toContain('No events');
});

test('held prices are approved or refused, pages believed, and an update begun', async () => {
  await dashboard.signIn('admin');
  const { browser, started, pinned } = dashboard;
  expect(words((await browser.get('/dashboard/changelog')).html)).toContain('$2.00 → $40.00 × 20');
  await browser.submit('/dashboard/changelog/update', {});
  await browser.submit('/dashboard/changelog/approve', { model: 'openai/small-model' });
  await browser.submit('/dashboard/changelog/approve-run/openai', {});
  expect(started).toEqual([
    { source: 'api' },
    { source: 'api', approve: ['openai/small-model'] },
    { source: 'api', approveRuns: ['openai'] },
  ]);
  expect((await browser.submit('/dashboard/changelog/approve', { model: 'openai/other' })).status).toBe(404);
  await browser.submit('/dashboard/changelog/reject/openai%2Fsmall-model', {});
  expect([...pinned]).toEqual(['openai/small-model']);
  expect(words((await browser.get('/dashboard/changelog')).html)).not.toContain('$40.00');
});

test('a server is added, changed and removed by its form, which shows mistakes with what was typed', async () => {
  await dashboard.signIn('admin');
  const { browser, ownServers, vault } = dashboard;
  const fields = {
    ...{ id: 'lab', label: 'Lab', baseUrl: 'http://10.0.0.7:8000/v1', key: 'sk-canary' },
    ...{ 'id-0': 'llama', 'context-0': '8192', 'input-0': '0,2', 'output-0': '0.6', 'tools-0': 'on', 'id-1': '' },
  };
  for (const [field, value] of [
    ['baseUrl', 'ftp://x'],
    ['baseUrl', 'http://u:p@x'],
    ['id', 'Not an id'],
    ['id-0', ''],
  ] as const) {
    const wrong = await browser.submit('/dashboard/providers/new', { ...fields, [field]: value });
    expect([field, wrong.status]).toEqual([field, 400]);
    expect(wrong.html).not.toContain('canary');
  }
  expect((await browser.submit('/dashboard/providers/new', { ...fields, id: 'google' })).status).toBe(400);
  expect((await browser.submit('/dashboard/providers/new', { ...fields, key: 'sk canary' })).status).toBe(400);
  expect(ownServers.list()).toEqual([]);

  const added = await browser.submit('/dashboard/providers/new', fields);
  expect(added.headers.get('location')).toBe('/dashboard/providers?done=server-saved');
  expect(ownServers.list()).toMatchObject([
    { id: 'lab', baseUrl: 'http://10.0.0.7:8000/v1', models: [{ id: 'llama', prices: { input: 0.2, output: 0.6 } }] },
  ]);
  expect(vault.keysOf('lab')).toHaveLength(1);
  expect((await browser.submit('/dashboard/providers/new', fields)).status).toBe(409);
  const form = await browser.get('/dashboard/providers/own/lab');
  expect(form.html).toContain('value="llama"');
  expect(form.html).not.toContain('canary');
  await browser.submit('/dashboard/providers/own/lab', { ...fields, label: 'Other', 'id-0': 'qwen' });
  expect(ownServers.list()).toMatchObject([{ id: 'lab', label: 'Other', models: [{ id: 'qwen' }] }]);
  await browser.submit('/dashboard/providers/own/lab/remove', {});
  expect(ownServers.list()).toEqual([]);
  expect(vault.keysOf('lab')).toEqual([]);
});

test('the weight of a key is changed, and what is no weight is refused', async () => {
  await dashboard.signIn('admin');
  const { browser, vault } = dashboard;
  const { id } = await vault.add({ provider: 'openai', name: 'a', key: new Secret('sk-a') });
  await browser.submit(`/dashboard/providers/keys/${id}/weight`, { weight: '5' });
  expect(vault.keysOf('openai')[0]?.weight).toBe(5);
  for (const weight of ['', '-1', '1.5', '101', 'x']) {
    expect((await browser.submit(`/dashboard/providers/keys/${id}/weight`, { weight })).status).toBe(400);
  }
  expect((await browser.submit('/dashboard/providers/keys/none/weight', { weight: '1' })).status).toBe(404);
  expect(vault.keysOf('openai')[0]?.weight).toBe(5);
});
