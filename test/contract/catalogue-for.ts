import type { Model, RegistryFile } from '../../registry/schema.ts';
import type { Recording } from './recordings.ts';

const PROVIDERS = [
  ['openai-', 'openai'],
  ['anthropic-', 'anthropic'],
  ['gemini-', 'google'],
] as const;

/** A catalogue, as a file's text, in which every model of the recordings is known, priced and able to do everything. */
export async function catalogueFor(recordings: readonly Recording[]): Promise<string> {
  const models = new Map<string, Model>();
  for (const recording of recordings) {
    const provider = providerOf(recording);
    const id = askedModel(recording);
    if (provider && id) models.set(`${provider}/${id}`, createModel(provider, id));
  }
  const file: RegistryFile = { schema: 1, generatedAt: '2100-01-01T00:00:00Z', models: [...models.values()] };
  return JSON.stringify(file);
}

export function providerOf({ dialect }: Recording): string | undefined {
  return PROVIDERS.find(([prefix]) => dialect.startsWith(prefix))?.[1];
}

export function askedModel({ request }: Recording): string {
  const inPath = /models\/([^:]+):/.exec(request.path)?.[1];
  return inPath === undefined ? String(request.body?.model ?? '') : decodeURIComponent(inPath);
}

export function createModel(provider: string, id: string): Model {
  return {
    id,
    provider,
    name: id,
    family: 'recorded',
    aliases: [],
    status: 'active',
    released: null,
    deprecatedOn: null,
    retires: null,
    replacement: null,
    redirectsTo: null,
    context: { window: 10_000_000, maxInput: null, maxOutput: 64_000 },
    modalities: { in: ['text', 'image', 'audio', 'video', 'pdf'], out: ['text'] },
    can: {
      tools: true,
      parallelTools: true,
      structuredOutput: true,
      vision: true,
      pdf: true,
      streaming: true,
      caching: true,
      batch: true,
      webSearch: true,
    },
    reasoning: { supported: true, required: false, efforts: ['low', 'medium', 'high'] },
    knowledgeCutoff: null,
    tokenizer: null,
    multipliers: {},
    minCacheTokens: null,
    prices: [
      {
        tier: 'standard',
        promptOver: 0,
        from: null,
        until: null,
        region: 'global',
        rates: {
          input: 1,
          output: 4,
          cacheRead: 0.1,
          cacheWrite: [{ ttlSeconds: 300, price: 1.25 }],
          audioInput: 2,
          audioOutput: 8,
        },
      },
    ],
    toolPrices: {},
    quality: { overall: { score: 50, at: '2026-11-01', source: 'made for a test', variant: null } },
    provenance: {
      url: 'https://example.com',
      fetchedAt: '2026-11-01',
      sha256: null,
      parser: 'test',
      confirmedBy: [],
      pinned: false,
    },
  };
}
