import type { Model } from './schema.ts';

/** Every model of the last years takes this, and most take more. */
const ASSUMED_WINDOW = 128_000;

/** The entry of a model of which nothing is known but where it is asked for; who knows more says it over this. */
export function unknownModel({ id, provider, name }: Pick<Model, 'id' | 'provider' | 'name'>): Model {
  return {
    id,
    provider,
    name,
    family: id,
    aliases: [],
    status: 'limited',
    released: null,
    deprecatedOn: null,
    retires: null,
    replacement: null,
    redirectsTo: null,
    context: { window: ASSUMED_WINDOW, maxInput: null, maxOutput: null },
    modalities: { in: ['text'], out: ['text'] },
    can: {
      tools: null,
      parallelTools: null,
      structuredOutput: null,
      vision: null,
      pdf: null,
      streaming: null,
      caching: null,
      batch: null,
      webSearch: null,
    },
    reasoning: { supported: false, required: false, efforts: [] },
    knowledgeCutoff: null,
    tokenizer: null,
    multipliers: {},
    minCacheTokens: null,
    prices: [],
    toolPrices: {},
    quality: {},
    provenance: { url: '', fetchedAt: '', sha256: null, parser: 'none', confirmedBy: [], pinned: false },
  };
}
