import { expect, test } from 'bun:test';
import { compareWithFeeds, confirmedBy, FEEDS, readFeeds } from './feeds.ts';
import { toOffers } from './offers.ts';
import type { Fetch } from './pages.ts';
import { readRun } from './read-run.ts';
import { anthropic } from './scrapers/anthropic.ts';
import { anthropicPage, catalogueOf, newState, type PriceLine } from './test-pages.ts';
import type { UpdateMemory } from './update-memory.ts';

const LINES: PriceLine[] = [
  ['Claude Opus 5', 5, 6.25, 10, 0.5, 25],
  ['Claude Sonnet 5', 2, 2.5, 4, 0.2, 10],
];
const START = Date.parse('2026-11-23T03:00:00Z');
const HOUR = 3_600_000;
const memory: UpdateMemory = { schema: 1, providers: {}, disagreements: {} };

const LITELLM = {
  sample_spec: { litellm_provider: 'one of …' },
  'claude-opus-5': { litellm_provider: 'anthropic', input_cost_per_token: 5e-6, output_cost_per_token: 2.5e-5 },
  'claude-sonnet-5': {
    litellm_provider: 'anthropic',
    input_cost_per_token: 3e-6,
    output_cost_per_token: 1.5e-5,
    input_cost_per_token_batches: 1.5e-6,
    output_cost_per_token_batches: 7.5e-6,
  },
  'bedrock/claude-opus-5': { litellm_provider: 'bedrock', input_cost_per_token: 9, output_cost_per_token: 9 },
};
const MODELS_DEV = {
  anthropic: {
    models: { 'claude-opus-5': { cost: { input: 5, output: 25 } }, 'claude-sonnet-5': { name: 'no price' } },
  },
  reseller: { models: { 'claude-opus-5': { cost: { input: 1, output: 1 } } } },
};
const network: Fetch = async (url) => Response.json(url.includes('models.dev') ? MODELS_DEV : LITELLM);

test('both feeds are read in dollars per million tokens, each vendor by its own entries only', async () => {
  const [litellm, modelsDev] = await readFeeds(FEEDS, network);
  expect(litellm).toMatchObject({ feed: 'litellm' });
  expect([...(litellm?.prices ?? [])]).toEqual([
    ['anthropic/claude-opus-5', [{ tier: 'standard', input: 5, output: 25 }]],
    [
      'anthropic/claude-sonnet-5',
      [
        { tier: 'standard', input: 3, output: 15 },
        { tier: 'batch', input: 1.5, output: 7.5 },
      ],
    ],
  ]);
  expect([...(modelsDev?.prices ?? [])]).toEqual([
    ['anthropic/claude-opus-5', [{ tier: 'standard', input: 5, output: 25 }]],
  ]);
});

test.each<[string, Fetch]>([
  ['nobody answers', () => Promise.reject(new TypeError('nobody is there'))],
  ['the answer is an error', async () => new Response('no', { status: 500 })],
  ['the answer is no JSON', async () => new Response('<html>')],
  ['the answer is something else', async () => Response.json([1, 2])],
])('a feed is as good as none when %s', async (_, fetch) => {
  expect(await readFeeds(FEEDS, fetch)).toEqual([]);
});

test('agreement is noted once; disagreement is told once, after three days, and changes nothing', async () => {
  const feeds = await readFeeds(FEEDS, network);
  let state = { file: catalogueOf(LINES), memory };
  const told: [number, string][] = [];
  for (const hours of [0, 24, 48, 71.9, 72, 96]) {
    const { events, ...next } = compareWithFeeds({ ...state, feeds, now: new Date(START + hours * HOUR) });
    for (const event of events) told.push([hours, `${event.type} ${'new' in event ? event.new : ''}`]);
    state = next;
  }
  expect(told).toEqual([[72, 'feed_disagrees 3']]);
  const [opus, sonnet] = state.file.models;
  expect(opus?.provenance.confirmedBy).toEqual(['litellm@2026-11-23', 'models.dev@2026-11-23']);
  expect(sonnet?.provenance.confirmedBy).toEqual([]);
  expect(sonnet?.prices).toEqual(catalogueOf(LINES).models[1]?.prices ?? []);
});

test('a disagreement that ends begins anew the next time', async () => {
  const feeds = await readFeeds(FEEDS, network);
  const first = compareWithFeeds({ file: catalogueOf(LINES), memory, feeds, now: new Date(START) });
  expect(Object.keys(first.memory.disagreements)).toEqual(['litellm|anthropic/claude-sonnet-5']);
  const dearer = catalogueOf([['Claude Sonnet 5', 3, 3.75, 6, 0.3, 15]]);
  expect(compareWithFeeds({ ...first, file: dearer, feeds, now: new Date(START) }).memory.disagreements).toEqual({});
});

test('a price that would be held is taken at once when a feed has it', async () => {
  const feeds = await readFeeds(FEEDS, network);
  const file = catalogueOf([
    ['Claude Opus 5', 5, 6.25, 10, 0.5, 25],
    ['Claude Sonnet 5', 0.5, 0.625, 1, 0.05, 2.5],
    ['Claude Haiku 4.5', 1, 1.25, 2, 0.1, 5],
    ['Claude Sonnet 4.5', 3, 3.75, 6, 0.3, 15],
  ]);
  const page = anthropicPage([
    ['Claude Opus 5', 5, 6.25, 10, 0.5, 25],
    ['Claude Sonnet 5', 3, 3.75, 6, 0.3, 15],
    ['Claude Haiku 4.5', 1, 1.25, 2, 0.1, 5],
    ['Claude Sonnet 4.5', 3, 3.75, 6, 0.3, 15],
  ]);
  const types = (confirms: Parameters<typeof readRun>[2]['confirms']) => {
    const run = readRun(page, anthropic, { ...newState(), file, ...(confirms && { confirms }) });
    return run.type === 'taken' ? [...new Set(run.events.map(({ type }) => type))] : run.reasons;
  };
  expect(types(undefined)).toEqual(['price_held']);
  expect(types((offer) => confirmedBy(offer, { provider: 'anthropic', day: '2026-11-23', feeds }))).toEqual([
    'price_changed',
  ]);
  const [offer] = toOffers(anthropic.parse(page.text, 'pipe-tables').rows, []);
  expect(
    offer && confirmedBy({ ...offer, promptOver: 200_000 }, { provider: 'anthropic', day: '2026-11-23', feeds }),
  ).toBe(false);
});
