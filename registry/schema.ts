import { z } from 'zod';

/** US dollars per 1,000,000 tokens, unless the field says otherwise. */
const Usd = z.number().nonnegative();
/** A day in UTC, `2026-11-23`. */
const Day = z.iso.date('must be a day such as 2026-11-23');
/** Yes, no, or nobody told. */
const Known = z.boolean().nullable();
/** `embedding` is a vector: what puts out nothing else cannot be talked to. */
const Modality = z.enum(['text', 'image', 'audio', 'video', 'pdf', 'embedding']);

/**
 * Prices of the token classes. A class without a price here cannot be priced: its requests are `unpriced`. Two exceptions:
 * a row without `audioInput` charges audio at `input`, and a row without `cacheWrite` charges cache writes at `input`.
 */
export const Rates = z.strictObject({
  input: Usd.optional(),
  output: Usd.optional(),
  cacheRead: Usd.optional(),
  /** One price for each time to live the provider offers, in seconds: 300, 1800, 3600, 43200. */
  cacheWrite: z.array(z.strictObject({ ttlSeconds: z.int().positive(), price: Usd })).optional(),
  /** Per 1,000,000 tokens and hour. */
  cacheStorageHour: Usd.optional(),
  audioInput: Usd.optional(),
  audioOutput: Usd.optional(),
  audioCacheRead: Usd.optional(),
  imageInput: Usd.optional(),
  imageOutput: Usd.optional(),
  videoInput: Usd.optional(),
});

export const SERVICE_TIERS = ['standard', 'batch', 'flex', 'fast', 'ultrafast'] as const;

/** One price list of a model: of one service tier, one prompt-size band, one period and one region. */
export const PriceRow = z.strictObject({
  /** OpenAI and Google say `priority` for `fast`. A row with empty `rates` says that this tier has no published price here. */
  tier: z.enum(SERVICE_TIERS),
  /** Applies to prompts of *more* tokens than this, cached ones included, and then to the whole request. */
  promptOver: z.int().nonnegative().default(0),
  from: Day.nullable().default(null),
  /** The first day it no longer holds. */
  until: Day.nullable().default(null),
  region: z.string().default('global'),
  rates: Rates,
  note: z.string().optional(),
});

export const Model = z.strictObject({
  /** The provider's exact id. Nothing is ever matched by a prefix of it. */
  id: z.string().min(1),
  provider: z.string().min(1),
  name: z.string().min(1),
  family: z.string().min(1),
  aliases: z.array(
    z.strictObject({ id: z.string().min(1), kind: z.enum(['snapshot', 'alias', 'latest', 'redirect']) }),
  ),
  status: z.enum(['active', 'preview', 'limited', 'legacy', 'deprecated', 'retired', 'redirected']),
  released: Day.nullable(),
  deprecatedOn: Day.nullable(),
  /** `exact: false` = "not sooner than". */
  retires: z.strictObject({ on: Day, exact: z.boolean() }).nullable(),
  replacement: z.string().nullable(),
  /** The model that answers, and is billed, instead of this one from the day of `retires` on. */
  redirectsTo: z.string().nullable(),
  /** In tokens. */
  context: z.strictObject({
    window: z.int().positive(),
    maxInput: z.int().positive().nullable(),
    maxOutput: z.int().positive().nullable(),
  }),
  modalities: z.strictObject({ in: z.array(Modality), out: z.array(Modality) }),
  /** The wire formats it can be called in, where they are not all of its provider's. */
  dialects: z.array(z.string()).optional(),
  can: z.strictObject({
    tools: Known,
    parallelTools: Known,
    structuredOutput: Known,
    vision: Known,
    pdf: Known,
    streaming: Known,
    caching: Known,
    batch: Known,
    webSearch: Known,
  }),
  reasoning: z.strictObject({ supported: z.boolean(), required: z.boolean(), efforts: z.array(z.string()) }),
  knowledgeCutoff: z.string().nullable(),
  /** `factor`: tokens for the same text, against the provider's previous tokenizer. */
  tokenizer: z.strictObject({ id: z.string(), factor: z.number().positive() }).nullable(),
  multipliers: z.record(z.string(), z.number().positive()),
  minCacheTokens: z.int().nonnegative().nullable(),
  prices: z.array(PriceRow),
  toolPrices: z.record(z.string(), z.strictObject({ usd: Usd, per: z.string() })),
  /**
   * Scores by kind of task: `overall`, `code`, `math`, `reasoning`, `knowledge`, `agentic`. 0 to 100, comparable within one
   * kind. No score is better than a guess: a model without `overall` is last for the strategy `quality`.
   */
  quality: z.record(
    z.string(),
    z.strictObject({ score: z.number().min(0).max(100), at: Day, source: z.string(), variant: z.string().nullable() }),
  ),
  provenance: z.strictObject({
    url: z.string(),
    fetchedAt: z.string(),
    sha256: z.string().nullable(),
    parser: z.string(),
    confirmedBy: z.array(z.string()),
    pinned: z.boolean(),
  }),
});

export const RegistryFile = z.strictObject({
  schema: z.literal(1),
  generatedAt: z.iso.datetime(),
  models: z.array(Model),
});

export type Rates = z.infer<typeof Rates>;
export type PriceRow = z.infer<typeof PriceRow>;
export type Model = z.infer<typeof Model>;
export type RegistryFile = z.infer<typeof RegistryFile>;
export type ServiceTier = (typeof SERVICE_TIERS)[number];
