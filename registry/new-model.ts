import type { PageProvenance } from './events.ts';
import type { Model } from './schema.ts';

/** A price page does not say how much a model takes. Every model of the last years takes this, and most take more. */
const ASSUMED_WINDOW = 128_000;

/**
 * The entry of a model that appeared on a price page: what it costs is known, what it can do is not. It is `limited`, which
 * keeps it from being chosen automatically until somebody has filled in the rest; whoever asks for it by name gets it, priced.
 */
export function newModel({
  id,
  name,
  provider,
  provenance,
}: {
  id: string;
  name: string;
  provider: string;
  provenance: PageProvenance;
}): Model {
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
    provenance: { ...provenance, confirmedBy: [], pinned: false },
  };
}
