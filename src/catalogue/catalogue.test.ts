import { afterEach, beforeEach, expect, test } from 'bun:test';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRegistryFile } from '../../registry/load.ts';
import { findPriceRow } from '../../registry/price.ts';
import { saveRegistry } from '../../registry/save.ts';
import { anthropicPage } from '../../registry/test-pages.ts';
import { createFixture, LINES, scaled } from './fixture.ts';

const DAY_MS = 86_400_000;
let world: Awaited<ReturnType<typeof createFixture>>;
beforeEach(async () => {
  world = await createFixture();
});
afterEach(() => world.remove());

const priceOf = (id: string, at = world.state.now, catalogue = world.catalogue) => {
  const model = catalogue.registry().find(id, at);
  return model && findPriceRow(model, { promptTokens: 1, at })?.rates.input;
};
const says = (lines: typeof LINES) => {
  world.state.page = anthropicPage(lines).text;
};
const update = () => world.catalogue.update({ source: 'api' });
const changes = async () => (await world.catalogue.changelog()).changes;

test('an update is in use at once, and who asked before keeps what they had', async () => {
  const before = world.catalogue.registry();
  says(scaled('Claude Sonnet 5', 0.5));
  const { isChanged, outcomes } = await update();
  expect(isChanged).toBe(true);
  expect(outcomes.map(({ provider, status }) => [provider, status])).toEqual([
    ['openai', 'failed'],
    ['anthropic', 'updated'],
    ['google', 'failed'],
  ]);
  expect(priceOf('claude-sonnet-5')).toBe(1);
  const model = before.find('claude-sonnet-5');
  expect(model && findPriceRow(model, { promptTokens: 1, at: world.state.now })?.rates.input).toBe(2);
});

test('every change is a row with its prices, their ratio and the page they were read from', async () => {
  says(scaled('Claude Sonnet 5', 0.5));
  await update();
  const rows = (await changes()).filter(({ type }) => type === 'price_changed');
  expect(rows).toHaveLength(5);
  expect(rows.find(({ field }) => field === 'input')).toMatchObject({
    source: 'api',
    at: world.state.now,
    provider: 'anthropic',
    model: 'claude-sonnet-5',
    tier: 'standard',
    promptOver: 0,
    oldValue: 2,
    newValue: 1,
    ratio: 0.5,
    parser: 'anthropic/pipe-tables',
    url: expect.stringContaining('/pricing.md'),
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    fetchedAt: '2026-11-23T03:00:00.000Z',
  });
});

test('a page that is not believed is a row, changes nothing, and may be approved as a whole', async () => {
  says(LINES.map(([name, ...prices]) => [name, prices[0] * 1.5, prices[1], prices[2], prices[3], prices[4]]));
  await update();
  expect((await changes()).filter(({ type }) => type === 'run_rejected')[0]).toMatchObject({
    provider: 'anthropic',
    message: expect.stringContaining('changes the prices of 4 of 4 models'),
  });
  expect(priceOf('claude-opus-5')).toBe(5);
  expect(world.catalogue.status().last?.outcomes[1]?.status).toBe('failed');
  world.state.now += 60_000;
  await world.catalogue.update({ source: 'api', approveRuns: ['anthropic'] });
  expect(priceOf('claude-opus-5')).toBe(7.5);
});

test('a price that is not believed waits where the operator sees it, and is taken on their word', async () => {
  says(scaled('Claude Sonnet 5', 20));
  await update();
  expect(priceOf('claude-sonnet-5')).toBe(2);
  const { waiting } = world.catalogue.status();
  expect(waiting).toContainEqual(
    expect.objectContaining({
      provider: 'anthropic',
      model: 'claude-sonnet-5',
      verdict: 'quarantined',
      old: 2,
      new: 40,
    }),
  );
  world.state.now += 60_000;
  await world.catalogue.update({ source: 'api', approve: ['anthropic/claude-sonnet-5'] });
  expect(priceOf('claude-sonnet-5')).toBe(40);
  expect(world.catalogue.status().waiting).toEqual([]);
});

test('what every run says again is one row a week', async () => {
  says(scaled('Claude Sonnet 5', 20));
  const quarantined = async () => (await changes()).filter(({ type }) => type === 'price_quarantined').length;
  await update();
  const first = await quarantined();
  expect(first).toBeGreaterThan(0);
  world.state.now += DAY_MS;
  await update();
  expect(await quarantined()).toBe(first);
  world.state.now += 8 * DAY_MS;
  await update();
  expect(await quarantined()).toBe(2 * first);
});

test('a second update while one runs is refused, and its sources tell how far it is', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  world.state.gate = promise;
  const seen: string[] = [];
  const unsubscribe = world.catalogue.subscribe(({ sources }) => {
    seen.push(sources.find(({ source }) => source === 'anthropic/prices')?.state ?? '');
  });
  const { finished } = await world.catalogue.start({ source: 'api' });
  expect(world.catalogue.status()).toMatchObject({ isRunning: true, startedAt: world.state.now });
  await expect(world.catalogue.start({ source: 'api' })).rejects.toMatchObject({ code: 'conflict', status: 409 });
  resolve();
  await finished;
  unsubscribe();
  expect([...new Set(seen)]).toEqual(['waiting', 'reading', 'done']);
  expect(world.catalogue.status()).toMatchObject({ isRunning: false, startedAt: null });
  expect(world.catalogue.status().sources.find(({ source }) => source === 'openai/prices')?.state).toBe('failed');
});

test('an update of another process is in the way, too', async () => {
  await writeFile(join(world.dataDir, 'models.json.update.lock'), '1');
  await expect(world.catalogue.start({ source: 'api' })).rejects.toMatchObject({ code: 'conflict' });
});

test('a file that another process has written is taken over, a damaged one is not', async () => {
  await update();
  const path = join(world.dataDir, 'models.json');
  const file = parseRegistryFile(await readFile(path, 'utf8'), path);
  const models = file.models.map((model) => ({ ...model, name: `${model.name}, edited` }));
  await saveRegistry(path, { ...file, generatedAt: '2026-11-23T04:00:00.000Z', models });
  await utimes(path, new Date(world.state.now + 5000), new Date(world.state.now + 5000));
  await world.catalogue.follow();
  expect(world.catalogue.registry().find('claude-opus-5')?.name).toBe('Claude Opus 5, edited');

  await writeFile(path, '{"schema": 1, "models": [');
  await world.catalogue.follow();
  expect(world.catalogue.registry().find('claude-opus-5')?.name).toBe('Claude Opus 5, edited');
  expect(world.logged.join('\n')).toContain('is damaged');
});

test('a damaged file at the start gives way to the one before it, with a warning', async () => {
  await update();
  says(scaled('Claude Sonnet 5', 0.5));
  world.state.now += DAY_MS;
  await update();
  await writeFile(join(world.dataDir, 'models.json'), '{');
  const again = await world.open();
  expect(priceOf('claude-sonnet-5', world.state.now, again)).toBe(2);
  expect(world.logged).toContainEqual(
    expect.stringContaining('models.json.bak, the catalogue before it, is used instead'),
  );
  // The next update builds on what is in use.
  await again.update({ source: 'api' });
  expect(priceOf('claude-sonnet-5', world.state.now, again)).toBe(1);
});

test('what is announced takes effect at midnight, UTC, without any page, and is written down once', async () => {
  const file = parseRegistryFile(await readFile(world.shippedPath, 'utf8'), 'shipped.json');
  const models = file.models.map((model) => {
    if (model.id === 'claude-haiku-4-5') {
      const retires = { on: '2026-12-01', exact: true };
      return { ...model, retires, redirectsTo: 'claude-sonnet-5', status: 'deprecated' as const };
    }
    if (model.id !== 'claude-opus-5') return model;
    const [row] = model.prices;
    if (!row) throw new Error('it has a price');
    const promoted = { ...row, until: '2026-12-01' };
    const after = { ...row, from: '2026-12-01', rates: { ...row.rates, input: 10 } };
    return { ...model, prices: [promoted, after] };
  });
  await writeFile(world.shippedPath, JSON.stringify({ ...file, models }));
  world.state.page = null;
  world.state.now = Date.parse('2026-11-30T23:59:59.999Z');
  const catalogue = await world.open();
  await catalogue.follow();
  expect(priceOf('claude-opus-5', world.state.now, catalogue)).toBe(5);
  const before = catalogue.registry();
  expect(before.listActive().map(({ id }) => id)).toContain('claude-haiku-4-5');

  world.state.now = Date.parse('2026-12-01T00:00:00Z');
  await catalogue.follow();
  await catalogue.follow();
  expect(priceOf('claude-opus-5', world.state.now, catalogue)).toBe(10);
  expect(catalogue.registry()).not.toBe(before);
  expect(
    catalogue
      .registry()
      .listActive()
      .map(({ id }) => id),
  ).not.toContain('claude-haiku-4-5');
  expect(catalogue.registry().find('claude-haiku-4-5')?.id).toBe('claude-sonnet-5');
  const rows = (await catalogue.changelog()).changes.filter(({ source }) => source === 'calendar');
  expect(rows.map(({ type, model, newValue }) => [type, model, newValue]).sort()).toEqual([
    ['model_redirected', 'claude-haiku-4-5', 'claude-sonnet-5'],
    ['promo_ended', 'claude-opus-5', 10],
  ]);
  // The update of that night finds the same, and does not say it again.
  says(scaled('Claude Opus 5', 2));
  world.state.now += 3 * 3_600_000;
  await catalogue.update({ source: 'job' });
  const all = (await catalogue.changelog()).changes;
  expect(all.filter(({ type }) => type === 'model_redirected' || type === 'promo_ended')).toHaveLength(2);
});

test('pinned models are kept as they are until they are unpinned', async () => {
  await world.catalogue.pin(['claude-sonnet-5']);
  expect(world.catalogue.status().pinned).toEqual(['anthropic/claude-sonnet-5']);
  says(scaled('Claude Sonnet 5', 0.5));
  await update();
  expect(priceOf('claude-sonnet-5')).toBe(2);
  await world.catalogue.unpin(['anthropic/claude-sonnet-5']);
  world.state.now += DAY_MS;
  await update();
  expect(priceOf('claude-sonnet-5')).toBe(1);
  await expect(world.catalogue.pin(['claude-9'])).rejects.toMatchObject({ code: 'not_found' });
});

test('the age of the prices is ok, then a warning, then an error, and each is logged once', async () => {
  const level = () => world.catalogue.freshness().find(({ provider }) => provider === 'anthropic')?.level;
  expect(level()).toBe('never');
  await update();
  expect(level()).toBe('ok');
  const follow = async (ms: number) => {
    world.state.now += ms;
    await world.catalogue.follow();
    await world.catalogue.follow();
    return level();
  };
  const about = () => world.logged.filter((line) => line.includes('last read'));
  expect(await follow(2 * DAY_MS - 1)).toBe('ok');
  expect(about()).toEqual([]);
  expect(await follow(1)).toBe('warn');
  expect(about()).toEqual([
    'warning: The prices of anthropic were last read 48 hours ago. GET /api/registry says why.',
  ]);
  expect(await follow(5 * DAY_MS)).toBe('error');
  expect(about().slice(1)).toEqual([
    'error: The prices of anthropic were last read 168 hours ago. GET /api/registry says why.',
  ]);
  await update();
  expect(level()).toBe('ok');
});

test('the last result is remembered over a restart', async () => {
  await update();
  expect((await world.open()).status().last).toMatchObject({
    source: 'api',
    isChanged: expect.any(Boolean),
    error: null,
  });
});

test('a stop breaks an update off and leaves everything as it was', async () => {
  world.state.gate = new Promise(() => {});
  const { finished } = await world.catalogue.start({ source: 'job' });
  await world.catalogue.stop();
  expect((await finished).outcomes.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
  expect(priceOf('claude-sonnet-5')).toBe(2);
});

test('the changelog is read page by page, by model and by kind', async () => {
  says(scaled('Claude Sonnet 5', 0.5));
  await update();
  const first = await world.catalogue.changelog({ limit: 2, model: 'claude-sonnet-5', type: 'price_changed' });
  expect(first.changes).toHaveLength(2);
  const rest = await world.catalogue.changelog({
    limit: 10,
    model: 'claude-sonnet-5',
    type: 'price_changed',
    ...(first.next && { before: first.next }),
  });
  expect([rest.changes.length, rest.next]).toEqual([3, null]);
  expect((await world.catalogue.changelog({ provider: 'nobody' })).changes).toEqual([]);
});
