import { afterAll, beforeEach, expect, test } from 'bun:test';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRegistry } from './load.ts';
import type { Fetch } from './pages.ts';
import { CatalogueLocked } from './save.ts';
import { anthropicPage, emptyCatalogue, type PriceLine } from './test-pages.ts';
import { pinModels, type UpdateOptions, updateRegistry } from './update.ts';

const LINES: PriceLine[] = [
  ['Claude Opus 5', 5, 6.25, 10, 0.5, 25],
  ['Claude Sonnet 5', 2, 2.5, 4, 0.2, 10],
  ['Claude Haiku 4.5', 1, 1.25, 2, 0.1, 5],
  ['Claude Sonnet 4.5', 3, 3.75, 6, 0.3, 15],
];
const folders: string[] = [];
let folder: string;
let path: string;
let asked: { url: string; headers: Headers }[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'update-'));
  folders.push(folder);
  path = join(folder, 'models.json');
  asked = [];
  await writeFile(join(folder, 'shipped.json'), JSON.stringify(emptyCatalogue()));
});
afterAll(() => Promise.all(folders.map((one) => rm(one, { recursive: true, force: true }))));

/** The network: one answer for each URL that has one, and nobody there for the others. */
const network =
  (answers: Record<string, () => Response>): Fetch =>
  async (url, init) => {
    asked.push({ url, headers: new Headers(init.headers) });
    const answer = Object.entries(answers).find(([part]) => url.includes(part))?.[1];
    if (!answer) throw new TypeError('nobody is there');
    return answer();
  };
const run = (answers: Record<string, () => Response>, options: Partial<UpdateOptions> = {}) =>
  updateRegistry({
    path,
    shippedPath: join(folder, 'shipped.json'),
    mode: 'write',
    fetch: network(answers),
    now: () => new Date('2026-11-23T03:00:00Z'),
    ...options,
  });
const claude = (lines = LINES) => new Response(anthropicPage(lines).text, { headers: { etag: '"1"' } });

test('one provider that answers is brought up to date, whatever becomes of the others', async () => {
  const { outcomes, isChanged } = await run({
    'about-claude/pricing': claude,
    'openai.com': () => new Response('no', { status: 503 }),
  });
  expect(outcomes.map(({ provider, status }) => [provider, status])).toEqual([
    ['openai', 'failed'],
    ['anthropic', 'updated'],
    ['google', 'failed'],
  ]);
  expect(outcomes[0]?.message).toContain('answered with 503');
  expect(outcomes[2]?.message).toContain('nobody is there');
  expect(isChanged).toBe(true);
  expect((await loadRegistry(path)).models).toHaveLength(4);
});

test('without a network everything is as it was, and there is no file that was not there', async () => {
  const { outcomes, isChanged, events } = await run({});
  expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
  expect([isChanged, events]).toEqual([false, []]);
  expect(await Bun.file(path).exists()).toBe(false);
});

test('the second source is read when the first one is not believed, and both are told about', async () => {
  const { outcomes, events } = await run({
    'claude.com/docs/en/about-claude/pricing.md': () => new Response('<script>_cf_chl_opt</script>'),
  });
  expect(asked.filter(({ url }) => url.includes('about-claude/pricing')).map(({ url }) => url.endsWith('.md'))).toEqual(
    [true, false],
  );
  expect(outcomes[1]?.message).toContain('browser check');
  expect(events).toMatchObject([
    { type: 'run_rejected', provider: 'anthropic', provenance: { url: expect.stringContaining('.md') } },
  ]);
});

test('a page that has not changed is asked for on condition, and costs nothing', async () => {
  await run({ 'about-claude/pricing': claude });
  const text = await readFile(path, 'utf8');
  const { outcomes, isChanged } = await run({ 'about-claude/pricing': () => new Response(null, { status: 304 }) });
  expect(
    asked.at(-3)?.headers.get('if-none-match') ?? asked.find(({ headers }) => headers.has('if-none-match'))?.url,
  ).toBeTruthy();
  expect(outcomes[1]?.status).toBe('unchanged');
  expect(isChanged).toBe(false);
  expect(await readFile(path, 'utf8')).toBe(text);
});

test('a page without end is not read to its end', async () => {
  const endless = () =>
    new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1_000_000)) }));
  expect((await run({ 'about-claude/pricing': endless })).outcomes[1]?.message).toContain('larger than 3 MB');
});

test('a dry run finds everything and writes nothing', async () => {
  const { isChanged, events } = await run({ 'about-claude/pricing': claude }, { mode: 'print' });
  expect([isChanged, events.length]).toEqual([true, 4]);
  expect(await Bun.file(path).exists()).toBe(false);
});

test('saved pages are read in the order of their days', async () => {
  const pages = join(folder, 'pages', 'anthropic');
  await mkdir(pages, { recursive: true });
  const cheaper = LINES.map(
    (line): PriceLine => (line[0] === 'Claude Sonnet 5' ? [line[0], 1, 2.5, 4, 0.2, 10] : line),
  );
  await writeFile(join(pages, '2026-11-20_pricing.md'), anthropicPage(cheaper).text);
  await writeFile(join(pages, '2026-11-10_pricing.md'), anthropicPage(LINES).text);
  const { outcomes, events } = await run({}, { folder: join(folder, 'pages') });
  expect(asked).toEqual([]);
  expect(outcomes.map(({ message }) => message)[1]).toBe('2 of 2 saved pages were read.');
  expect(events.filter(({ type }) => type === 'price_changed')).toMatchObject([
    { old: 2, new: 1, provenance: { fetchedAt: '2026-11-20T00:00:00.000Z' } },
  ]);
});

test('pinned models are left alone; names that are not there are told', async () => {
  await run({ 'about-claude/pricing': claude });
  const at = { path, shippedPath: join(folder, 'shipped.json') };
  expect(await pinModels(at, ['anthropic/claude-sonnet-5', 'gpt-0'])).toEqual(['gpt-0']);
  const dearer = LINES.map((line): PriceLine => (line[0] === 'Claude Sonnet 5' ? [line[0], 4, 5, 8, 0.4, 20] : line));
  const { events } = await run({ 'about-claude/pricing': () => claude(dearer) });
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['price_pinned']));
});

test('two updates do not run at once', async () => {
  await writeFile(`${path}.update.lock`, '1');
  await expect(run({ 'about-claude/pricing': claude })).rejects.toBeInstanceOf(CatalogueLocked);
});
