import type { Model, PriceRow, Rates, RegistryFile } from '../../../registry/schema.ts';
import { createModel } from '../catalogue-for.ts';

// The price lists of the golden table, in dollars per million tokens as the vendors print them. The expected costs in the
// cases use the same prices in nano-dollars a token: $2.50 a million is 2_500 nano-dollars a token.

function row(rates: Rates, fields: Partial<PriceRow> = {}): PriceRow {
  return { tier: 'standard', promptOver: 0, from: null, until: null, region: 'global', rates, ...fields };
}

function model(provider: string, id: string, fields: Partial<Model>): Model {
  return { ...createModel(provider, id), ...fields };
}

/** Cache writes for half an hour and for twelve hours, at OpenAI. */
const halfAndTwelve = (half: number, twelve: number) => [
  { ttlSeconds: 1800, price: half },
  { ttlSeconds: 43_200, price: twelve },
];
/** Cache writes for five minutes and for an hour, at Anthropic. */
const fiveAndSixty = (five: number, sixty: number) => [
  { ttlSeconds: 300, price: five },
  { ttlSeconds: 3600, price: sixty },
];

const OPENAI: Partial<Model> = {
  prices: [
    row({
      input: 2.5,
      cacheRead: 0.25,
      cacheWrite: halfAndTwelve(3.125, 5),
      output: 15,
      audioInput: 40,
      audioOutput: 80,
    }),
    row({ input: 5, cacheRead: 0.5, cacheWrite: halfAndTwelve(6.25, 10), output: 22.5 }, { promptOver: 272_000 }),
    row({ input: 1.25, cacheRead: 0.125, output: 7.5 }, { tier: 'flex' }),
    // No published price for long prompts of this tier.
    row({}, { tier: 'flex', promptOver: 272_000 }),
    row({ input: 1.2, cacheRead: 0.12, output: 7.2 }, { tier: 'batch' }),
    row({ input: 5, cacheRead: 0.5, cacheWrite: halfAndTwelve(6.25, 10), output: 30 }, { tier: 'fast' }),
  ],
  toolPrices: { webSearch: { usd: 10, per: '1000 calls' }, fileSearch: { usd: 2.5, per: '1000 calls' } },
};

const MODELS: Model[] = [
  model('openai', 'gold-chat', { ...OPENAI, dialects: ['openai-chat'] }),
  model('openai', 'gold-responses', { ...OPENAI, dialects: ['openai-responses'] }),
  // From before cache writes had a price; it became cheaper on the first of November.
  model('openai', 'gold-old', {
    dialects: ['openai-chat'],
    prices: [
      row({ input: 0.1, cacheRead: 0.01, output: 0.8 }, { until: '2026-11-01' }),
      row({ input: 0.05, cacheRead: 0.005, output: 0.4 }, { from: '2026-11-01' }),
    ],
    toolPrices: {},
  }),
  // Half a nano-dollar a token.
  model('openai', 'gold-tiny', { dialects: ['openai-chat'], prices: [row({ input: 0.0005, output: 0.0015 })] }),
  model('openai', 'gold-unpriced', { dialects: ['openai-chat'], prices: [] }),
  model('openai', 'gold-embed', {
    prices: [row({ input: 0.02 })],
    modalities: { in: ['text'], out: ['embedding'] },
  }),
  model('anthropic', 'gold-claude', {
    prices: [
      row({ input: 3, cacheRead: 0.3, cacheWrite: fiveAndSixty(3.75, 6), output: 15 }),
      row({ input: 6, cacheRead: 0.6, cacheWrite: fiveAndSixty(7.5, 12), output: 22.5 }, { promptOver: 200_000 }),
      row({ input: 1.5, cacheRead: 0.15, cacheWrite: fiveAndSixty(1.875, 3), output: 7.5 }, { tier: 'batch' }),
      row({ input: 18, cacheRead: 1.8, cacheWrite: fiveAndSixty(22.5, 36), output: 90 }, { tier: 'fast' }),
    ],
    multipliers: { usInference: 1.1 },
    toolPrices: { webSearch: { usd: 10, per: '1000 searches' } },
  }),
  // Without a price for writes of an hour, and without one for searches.
  model('anthropic', 'gold-claude-old', {
    prices: [row({ input: 0.25, cacheRead: 0.03, cacheWrite: [{ ttlSeconds: 300, price: 0.3 }], output: 1.25 })],
  }),
  model('google', 'gold-gemini', {
    prices: [
      row({ input: 0.3, cacheRead: 0.03, audioInput: 1, audioCacheRead: 0.1, output: 2.5 }),
      row({ input: 0.6, cacheRead: 0.06, audioInput: 2, audioCacheRead: 0.2, output: 5 }, { promptOver: 200_000 }),
      row({ input: 0.15, cacheRead: 0.015, audioInput: 0.5, output: 1.25 }, { tier: 'batch' }),
      row({ input: 0.14, cacheRead: 0.014, audioInput: 0.45, output: 1.2 }, { tier: 'flex' }),
      row({ input: 0.54, cacheRead: 0.054, audioInput: 1.8, output: 4.5 }, { tier: 'fast' }),
    ],
    toolPrices: { webSearch: { usd: 14, per: '1000 queries' } },
  }),
  // One price for all kinds of input, and grounding by the prompt instead of by the query.
  model('google', 'gold-gemini-plain', {
    prices: [row({ input: 1.25, cacheRead: 0.125, output: 10 })],
    toolPrices: { webSearch: { usd: 35, per: '1000 grounded prompts' } },
  }),
  model('google', 'gold-gemini-embed', {
    prices: [row({ input: 0.2, audioInput: 6.5, imageInput: 0.45, videoInput: 12 })],
    modalities: { in: ['text', 'image', 'audio', 'video'], out: ['embedding'] },
  }),
];

/** As the text of `models.json`. */
export function goldenCatalogue(more: readonly Model[] = []): string {
  const file: RegistryFile = { schema: 1, generatedAt: '2100-01-01T00:00:00Z', models: [...MODELS, ...more] };
  return JSON.stringify(file);
}

/** A server of the operator's own, as the text of `providers.json`. */
export function goldenServers(url: string): string {
  const models = [
    { id: 'paid', prices: { input: 0.6, output: 1.7, cacheRead: 0.06 } },
    { id: 'uncached', prices: { input: 0.6, output: 1.7 } },
    { id: 'free', free: true },
    { id: 'unheard-of' },
  ];
  return JSON.stringify({ providers: [{ id: 'server', baseUrl: `${url}/v1`, models }] });
}
